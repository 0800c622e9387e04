/** Whether a ticket is deleted in Zendesk, by its latest event: it may come before the conversation, or after. */
import type { Transaction } from "kysely";
import type { Database } from "#platform/db/schema";

export interface Deletion {
  /** `erased`: for good. Nothing of the ticket is kept or stored again. */
  readonly state: Database["qa_deletions"]["state"];
  readonly occurredAt: Date;
}

/** Undefined: no event about it came. The ticket must be locked. */
export async function readDeletion(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<Deletion | undefined> {
  const row = await trx
    .selectFrom("qa_deletions")
    .select(["state", "occurred_at"])
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .executeTakeFirst();
  return row && { state: row.state, occurredAt: row.occurred_at };
}
