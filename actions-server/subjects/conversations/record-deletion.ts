/** Follows a ticket that was deleted, restored or erased in Zendesk: hides, reads again or erases what is stored. */
import { sql, type Transaction } from "kysely";
import type { RecordDeletionReply, RecordDeletionRequest } from "#contract/actions/record-deletion";
import type { Database } from "#platform/db/schema";
import { storableText } from "#platform/db/storable";
import type { WriteContext } from "#platform/http/handlers";
import type { Work } from "#platform/idempotency/work";
import { eventOrder } from "./assignment-order.ts";
import type { CaptureJob } from "./capture-conversation.ts";
import { changedRow } from "./changed-row.ts";
import { readDeletion, type Deletion } from "./deletions.ts";
import { eraseMerges } from "./merge.ts";
import { readOccurredAt } from "./occurred-at.ts";
import { lockMerges, lockTicket } from "./ticket-lock.ts";

export type ForgetTicket = (
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
) => Promise<void>;

interface DeletionDeps {
  readonly enqueueCapture: (trx: Transaction<Database>, job: CaptureJob) => Promise<void>;
  /** Erases what other subjects keep of the ticket, once its conversation is gone. */
  readonly forgetTicket: ForgetTicket;
  readonly now: () => Date;
}

interface DeletionEvent extends Deletion {
  readonly account: string;
  readonly ticketId: string;
  readonly eventKey: string;
  readonly recordedAt: Date;
}

const STATES = { deleted: "deleted", restored: "present", erased: "erased" } as const;

/**
 * Takes effect with the record of its answer. The latest event counts; an erasure counts for good, however late it comes.
 * It erases everything that is stored of the ticket but the fact itself, which keeps the ticket away. A conversation that
 * is restored is read again by a job. Throws BAD_REQUEST as `readOccurredAt` does.
 */
export async function recordDeletion(
  { enqueueCapture, forgetTicket, now }: DeletionDeps,
  request: RecordDeletionRequest,
  {
    account,
    requestId,
    idempotencyKey,
  }: Pick<WriteContext, "account" | "requestId" | "idempotencyKey">,
): Promise<Work<RecordDeletionReply>> {
  const recordedAt = now();
  const event: DeletionEvent = {
    account,
    ticketId: String(request.ticket_id),
    state: STATES[request.state],
    eventKey: storableText(idempotencyKey),
    occurredAt: readOccurredAt(request.occurred_at, recordedAt),
    recordedAt,
  };
  const { ticketId, state } = event;
  return {
    answer: { outcome: "recorded", ticket_id: ticketId, state, current: true },
    // In a transaction of its own: an erasure waits until nobody changes a ticket or a merge of the account.
    commit: async (trx) => {
      await (state === "erased" ? lockMerges(trx, account) : lockTicket(trx, account, ticketId));
      const current = await insertLatest(trx, event);
      if (current && state === "erased") {
        await erase(trx, event);
        await forgetTicket(trx, account, ticketId);
      } else if (current && (await showOrHide(trx, event)) && state === "present") {
        await enqueueCapture(trx, { account, ticketId, requestId });
      }
      const known = current ? event : await readDeletion(trx, account, ticketId);
      return { outcome: "recorded", ticket_id: ticketId, state: known?.state ?? state, current };
    },
  };
}

/** False: the event changes nothing, because a later one, or the erasure, is known. The same event again is current. */
async function insertLatest(trx: Transaction<Database>, event: DeletionEvent): Promise<boolean> {
  const { rows } = await sql`
    insert into qa_deletions as known (account_id, ticket_id, state, event_key, event_order, occurred_at, recorded_at)
    values (${event.account}, ${event.ticketId}, ${event.state}, ${event.eventKey}, ${eventOrder(event.eventKey)},
      ${event.occurredAt}, ${event.recordedAt})
    on conflict (account_id, ticket_id) do update set
      state = excluded.state, event_key = excluded.event_key, event_order = excluded.event_order,
      occurred_at = excluded.occurred_at, recorded_at = excluded.recorded_at, row_xid = excluded.row_xid
    where excluded.state = 'erased' or (known.state <> 'erased'
      and (known.occurred_at, known.event_order) <= (excluded.occurred_at, excluded.event_order))
    returning 1`.execute(trx);
  return rows.length > 0;
}

/** Whether the conversation is stored. */
async function showOrHide(trx: Transaction<Database>, event: DeletionEvent): Promise<boolean> {
  const { rows } = await sql`
    select from qa_conversations where account_id = ${event.account} and ticket_id = ${event.ticketId}
  `.execute(trx);
  const deletedAt = event.state === "deleted" ? event.occurredAt : null;
  await trx
    .updateTable("qa_conversations")
    .set({ deleted_at: deletedAt, ...changedRow })
    .where("account_id", "=", event.account)
    .where("ticket_id", "=", event.ticketId)
    .where("deleted_at", "is distinct from", deletedAt)
    .execute();
  return rows.length > 0;
}

const TABLES = [
  "qa_messages",
  "qa_events",
  "qa_assignments",
  "qa_satisfaction",
  "qa_conversations",
] as const;

async function erase(
  trx: Transaction<Database>,
  { account, ticketId }: DeletionEvent,
): Promise<void> {
  for (const table of TABLES) {
    await trx
      .deleteFrom(table)
      .where("account_id", "=", account)
      .where("ticket_id", "=", ticketId)
      .execute();
  }
  await eraseMerges(trx, account, ticketId);
}
