/** Records what happened on a ticket, and lets the stored conversation follow: at once, or by reading it again. */
import type { Transaction } from "kysely";
import type {
  RecordTicketEventReply,
  RecordTicketEventRequest,
} from "#contract/actions/record-ticket-event";
import { ensureMonth } from "#platform/db/months";
import { prepare } from "#platform/db/prepared";
import type { Database } from "#platform/db/schema";
import { storableJson, storableText } from "#platform/db/storable";
import type { WriteContext } from "#platform/http/handlers";
import type { Work } from "#platform/idempotency/work";
import type { ConversationAgents } from "./conversation-agents.ts";
import { followEvents } from "./follow-events.ts";
import { hideRedacted } from "./hide-redacted.ts";
import { readOccurredAt } from "./occurred-at.ts";
import type { RefreshJob } from "./refresh-conversation.ts";
import { ticketBatch } from "./ticket-batch.ts";
import type { EventData, TicketEvent } from "./ticket-event.ts";
import type { WhyUnwanted } from "./wanted-capture.ts";
import { whichErased, whichStored } from "./which-tickets.ts";

interface TicketEventDeps {
  readonly associate: ConversationAgents["associate"];
  /** Jobs of one ticket that wait are one job. */
  readonly enqueueRefresh: (trx: Transaction<Database>, job: RefreshJob) => Promise<void>;
  readonly whyUnwanted: WhyUnwanted;
  readonly now: () => Date;
}

/** After these the stored conversation is read again; the others are followed here. */
const READ_AGAIN: ReadonlySet<TicketEvent["kind"]> = new Set([
  "comment_added",
  "comment_redacted",
  "comment_made_private",
  "attachment_redacted",
]);

/**
 * One row an event, with the record of its answer. What is known to be redacted is hidden in the same transaction, because
 * Zendesk may be away when the job comes to read the rest.
 */
export function createTicketEvents({
  associate,
  enqueueRefresh,
  whyUnwanted,
  now,
}: TicketEventDeps) {
  const effect = ticketBatch(
    async (trx, events: readonly TicketEvent[]): Promise<RecordTicketEventReply[]> => {
      const erased = await whichErased(trx, events);
      await insertEvents(
        trx,
        events.filter((event) => !erased.has(event)),
      );
      const stored = await whichStored(trx, events);
      const answers: RecordTicketEventReply[] = [];
      for (const event of events) {
        const refresh =
          !erased.has(event) &&
          (event.isWanted || (stored.has(event) && READ_AGAIN.has(event.kind)));
        if (refresh || stored.has(event)) await follow(trx, event, refresh);
        const outcome = erased.has(event) ? "ticket_erased" : "recorded";
        answers.push({ outcome, ticket_id: event.ticketId, refresh });
      }
      await associate(trx, [...stored]);
      return answers;
    },
  );

  async function follow(
    trx: Transaction<Database>,
    event: TicketEvent,
    refresh: boolean,
  ): Promise<void> {
    const { account, ticketId, requestId, occurredAt } = event;
    if (!refresh) return followEvents(trx, account, ticketId);
    await hideRedacted(trx, event);
    await enqueueRefresh(trx, {
      account,
      ticketId,
      requestId,
      occurredAt: occurredAt.toISOString(),
    });
  }

  return {
    /** Throws BAD_REQUEST as `readOccurredAt` does. */
    record: async (
      request: RecordTicketEventRequest,
      context: Pick<WriteContext, "account" | "requestId" | "idempotencyKey">,
    ): Promise<Work<RecordTicketEventReply>> => {
      const recordedAt = now();
      const event: TicketEvent = {
        account: context.account,
        ticketId: String(request.ticket_id),
        eventKey: storableText(context.idempotencyKey),
        kind: request.kind,
        data: toData(request),
        occurredAt: readOccurredAt(request.occurred_at, recordedAt),
        recordedAt,
        requestId: context.requestId,
        isWanted:
          request.kind === "comment_added" &&
          request.public === true &&
          (await whyUnwanted(context.account, request, "public_reply")) === null,
      };
      return {
        answer: { outcome: "recorded", ticket_id: event.ticketId, refresh: false },
        commit: effect(event),
      };
    },
  };
}

async function insertEvents(
  trx: Transaction<Database>,
  events: readonly TicketEvent[],
): Promise<void> {
  const months = new Map(
    events.map(({ occurredAt }) => [occurredAt.toISOString().slice(0, 7), occurredAt]),
  );
  for (const [, at] of [...months].toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    await ensureMonth(trx, "qa_events", at);
  }
  await insertAll(trx, [
    events.map(({ account }) => account),
    events.map(({ ticketId }) => ticketId),
    events.map(({ occurredAt }) => occurredAt),
    events.map(({ eventKey }) => eventKey),
    events.map(({ kind }) => kind),
    events.map(({ data }) => JSON.stringify(storableJson(data))),
    events.map(({ recordedAt }) => recordedAt),
  ]);
}

/** ZIS does not say who did it, so the actor is null. An event that comes again after its record expired is there. */
const insertAll = prepare(
  "ticket_events_insert",
  `insert into qa_events (account_id, ticket_id, occurred_at, event_key, kind, data, recorded_at)
  select * from unnest(
    $1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::jsonb[], $7::timestamptz[]
  ) on conflict do nothing`,
);

const split = (tags: string) => tags.split(" ").filter((tag) => tag !== "");

function toData(request: RecordTicketEventRequest): EventData {
  const { comment_id, attachment_id, requester_id, tags, tags_added, tags_removed } = request;
  return {
    ...(comment_id != null && { comment_id: String(comment_id) }),
    ...(attachment_id != null && { attachment_id: String(attachment_id) }),
    ...(request.public != null && { public: request.public }),
    ...(requester_id !== undefined && {
      requester_id: requester_id === null ? null : String(requester_id),
    }),
    ...(tags != null && { tags: split(tags) }),
    ...(tags_added != null && { tags_added: split(tags_added) }),
    ...(tags_removed != null && { tags_removed: split(tags_removed) }),
  };
}
