/** Records what a customer answered about a ticket; of one response the latest state counts. */
import type { Transaction } from "kysely";
import type {
  RecordSatisfactionReply,
  RecordSatisfactionRequest,
} from "#contract/actions/record-satisfaction";
import { prepare } from "#platform/db/prepared";
import type { Database } from "#platform/db/schema";
import { storableText } from "#platform/db/storable";
import type { WriteContext } from "#platform/http/handlers";
import type { Work } from "#platform/idempotency/work";
import { eventOrder } from "./assignment-order.ts";
import { readOccurredAt } from "./occurred-at.ts";
import { ticketBatch } from "./ticket-batch.ts";
import type { TicketRef } from "./ticket-lock.ts";

interface Response extends TicketRef {
  readonly row: Row;
}

interface Row {
  readonly account_id: string;
  readonly ticket_id: string;
  readonly response_id: string;
  readonly kind: RecordSatisfactionRequest["kind"];
  readonly score: string | null;
  readonly rating: number | null;
  readonly comment: string | null;
  readonly reason: string | null;
  readonly requester_id: string | null;
  readonly event_order: string;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
}

/** Whether the ticket is erased, and whether the given state is now the stored one: the same state again is. */
const keepLatest = prepare<{ erased: boolean; current: boolean }>(
  "satisfaction_keep_latest",
  `with given as (select * from jsonb_populate_record(null::qa_satisfaction, $1::jsonb)),
  gone as (
    select from qa_deletions as gone join given using (account_id, ticket_id) where gone.state = 'erased'
  ),
  kept as (
    insert into qa_satisfaction as known
    select * from given where not exists (select from gone)
    on conflict (account_id, ticket_id, response_id) do update set
      kind = excluded.kind, score = excluded.score, rating = excluded.rating, comment = excluded.comment,
      reason = excluded.reason, requester_id = excluded.requester_id, event_order = excluded.event_order,
      occurred_at = excluded.occurred_at, recorded_at = excluded.recorded_at
    where (known.occurred_at, known.event_order) <= (excluded.occurred_at, excluded.event_order)
    returning 1
  )
  select exists (select from gone) as erased, exists (select from kept) as current`,
);

// In the order of arrival, one by one: a statement cannot change a row twice, and a batch may hold a response twice.
const effect = ticketBatch(async (trx: Transaction<Database>, responses: readonly Response[]) => {
  const answers: RecordSatisfactionReply[] = [];
  for (const { ticketId, row } of responses) {
    const [found] = await keepLatest(trx, [JSON.stringify(row)]);
    const outcome = found?.erased === true ? "ticket_erased" : "recorded";
    answers.push({ outcome, ticket_id: ticketId, current: found?.current === true });
  }
  return answers;
});

/** Takes effect with the record of its answer. Throws BAD_REQUEST as `readOccurredAt` does. */
export async function recordSatisfaction(
  now: () => Date,
  request: RecordSatisfactionRequest,
  { account, idempotencyKey }: Pick<WriteContext, "account" | "idempotencyKey">,
): Promise<Work<RecordSatisfactionReply>> {
  const recordedAt = now();
  const ticketId = String(request.ticket_id);
  const { requester_id: requesterId = null } = request;
  const row: Row = {
    account_id: account,
    ticket_id: ticketId,
    response_id: storableText(request.response_id),
    kind: request.kind,
    score: toText(request.score),
    rating: request.rating ?? null,
    comment: toText(request.comment),
    reason: toText(request.reason),
    requester_id: requesterId === null ? null : String(requesterId),
    event_order: eventOrder(storableText(idempotencyKey)),
    occurred_at: readOccurredAt(request.occurred_at, recordedAt),
    recorded_at: recordedAt,
  };
  return {
    answer: { outcome: "recorded", ticket_id: ticketId, current: true },
    commit: effect({ account, ticketId, row }),
  };
}

const toText = (text: string | null | undefined) => (text == null ? null : storableText(text));
