/** Finds hidden conversations whose tickets were deleted for good without our hearing of it: no export says so. */
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import { createDeadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import type { RemoteCall } from "#platform/outbound/send";
import type { ReadRestorable } from "#remotes/zendesk/deleted-tickets";
import type { ZendeskReader } from "#remotes/zendesk/reader";
import type { SweepActions } from "./sweep-batch.ts";
import { noteFinding, reportOn } from "./sweep-store.ts";

export interface EraseGoneDeps {
  readonly db: Kysely<Database>;
  readonly readRestorable: ReadRestorable;
  readonly readTicket: ZendeskReader["ticket"];
  readonly now: () => Date;
}

interface Sweep {
  readonly account: string;
  readonly id: string;
  readonly dryRun: boolean;
}

/** What was deleted later may be missing from the list for other reasons. */
const SETTLED_MS = 75_000;
/** The list answers ten times in a minute. */
const BUDGET_MS = 5 * 60_000;
const AT_ONCE = 1_000;
const WHAT = "the conversation is hidden, the ticket is deleted for good";

/** A failure of Zendesk is reported, and no failure of the sweep: the next one looks again. */
export async function eraseGone(
  { db, readRestorable, readTicket, now }: EraseGoneDeps,
  actions: Pick<SweepActions, "recordDeletion">,
  { account, id, dryRun }: Sweep,
): Promise<void> {
  const settledAt = new Date(now().getTime() - SETTLED_MS);
  const hidden = await db
    .selectFrom("qa_conversations")
    .select("ticket_id")
    .where("account_id", "=", account)
    .where("deleted_at", "<", settledAt)
    // The oldest first: what can no longer be restored is among them.
    .orderBy("deleted_at")
    .orderBy("ticket_id")
    .limit(AT_ONCE)
    .execute();
  if (hidden.length === 0) return;
  const deadline = createDeadline(BUDGET_MS);
  const call: RemoteCall = { deadline, requestId: id, priority: "backfill" };
  try {
    const restorable = await readRestorable(call);
    for (const { ticket_id: ticketId } of hidden) {
      // It may have been restored meanwhile.
      if (restorable.has(ticketId) || (await readTicket(ticketId, call))) continue;
      const finding = { ticketId, kind: "extra", what: WHAT } as const;
      await noteFinding(db, account, id, { ...finding, repaired: false });
      if (dryRun) continue;
      const request = {
        ticket_id: ticketId,
        state: "erased",
        occurred_at: now().toISOString(),
      } as const;
      await actions.recordDeletion(`sweep:${ticketId}:erased`, request);
      await noteFinding(db, account, id, { ...finding, repaired: true });
    }
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith("ZENDESK_")) throw error;
    const message = `which deleted tickets are gone for good could not be read: ${error.message}`;
    await reportOn(db, account, id, { message, now: now() });
  } finally {
    deadline.clear();
  }
}
