/** Records who works on a ticket, and keeps the stored conversation's agent and group at the latest. */
import { sql, type Transaction } from "kysely";
import type {
  RecordAssignmentReply,
  RecordAssignmentRequest,
} from "../contract/record-assignment.ts";
import type { Database } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import type { WriteContext } from "../handlers.ts";
import type { Work } from "../idempotency/work.ts";
import { eventOrder } from "./assignment-order.ts";
import { storableText } from "../db/storable.ts";
import { lockTicket } from "./ticket-lock.ts";

type AssignmentContext = Pick<WriteContext, "account" | "idempotencyKey">;

/** Takes effect with the record of its answer. Throws BAD_REQUEST for a time that does not exist. */
export async function recordAssignment(
  { now }: { readonly now: () => Date },
  request: RecordAssignmentRequest,
  { account, idempotencyKey }: AssignmentContext,
): Promise<Work<RecordAssignmentReply>> {
  const ticketId = String(request.ticket_id);
  const occurredAt = new Date(request.occurred_at);
  if (Number.isNaN(occurredAt.getTime())) {
    throw new AppError("BAD_REQUEST", "body.occurred_at is no time that exists");
  }
  const row = {
    account_id: account,
    ticket_id: ticketId,
    event_key: storableText(idempotencyKey),
    event_order: eventOrder(storableText(idempotencyKey)),
    agent_id: toText(request.agent_id),
    group_id: toText(request.group_id),
    occurred_at: occurredAt,
    recorded_at: now(),
  };
  return {
    answer: { outcome: "recorded", ticket_id: ticketId, current: true },
    commit: async (trx) => {
      await lockTicket(trx, account, ticketId);
      // An event that comes again after its idempotency record expired is there already.
      await trx
        .insertInto("qa_assignments")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const latest = await latestEventKey(trx, account, ticketId);
      await followAssignments(trx, account, ticketId);
      return { outcome: "recorded", ticket_id: ticketId, current: latest === row.event_key };
    },
  };
}

function toText(id: string | number | null): string | null {
  return id === null ? null : String(id);
}

async function latestEventKey(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<string | undefined> {
  const row = await trx
    .selectFrom("qa_assignments")
    .select("event_key")
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .orderBy("occurred_at", "desc")
    .orderBy("event_order", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.event_key;
}

/**
 * Gives the stored conversation, if there is one, the latest assignment, unless the state that it was captured in is
 * newer. In the same second the assignment wins: the state may have been read before it, and if it was read after, the
 * event that tells so is still to come. The ticket must be locked.
 */
export async function followAssignments(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<void> {
  await sql`
    update qa_conversations as stored
    set assignee_id = latest.agent_id, group_id = latest.group_id
    from (
      select agent_id, group_id, occurred_at from qa_assignments
      where account_id = ${account} and ticket_id = ${ticketId}
      order by occurred_at desc, event_order desc limit 1
    ) as latest
    where stored.account_id = ${account} and stored.ticket_id = ${ticketId}
      and latest.occurred_at >= stored.source_generated_at
      and (stored.assignee_id, stored.group_id) is distinct from (latest.agent_id, latest.group_id)
  `.execute(trx);
}
