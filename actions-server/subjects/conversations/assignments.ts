/** Records who works on a ticket, and keeps the stored conversation's agent and group at the latest. */
import type { Transaction } from "kysely";
import type {
  RecordAssignmentReply,
  RecordAssignmentRequest,
} from "#contract/actions/record-assignment";
import { prepare } from "#platform/db/prepared";
import type { Database } from "#platform/db/schema";
import type { WriteContext } from "#platform/http/handlers";
import type { Work } from "#platform/idempotency/work";
import type { ConversationAgents } from "./conversation-agents.ts";
import { CHANGED_ROW } from "./changed-row.ts";
import { eventOrder } from "./assignment-order.ts";
import { readOccurredAt } from "./occurred-at.ts";
import { storableText } from "#platform/db/storable";
import { ticketBatch } from "./ticket-batch.ts";
import type { TicketRef } from "./ticket-lock.ts";

type AssignmentContext = Pick<WriteContext, "account" | "idempotencyKey">;

interface AssignmentDeps {
  readonly associate: ConversationAgents["associate"];
  readonly now: () => Date;
}

/** Takes effect with the record of its answer. Throws BAD_REQUEST as `readOccurredAt` does. */
export function createRecordAssignment({ associate, now }: AssignmentDeps) {
  const effect = ticketBatch(async (trx, assignments: readonly Assignment[]) => {
    const answers = await recordAll(trx, assignments);
    await associate(trx, assignments);
    return answers;
  });
  return async (
    request: RecordAssignmentRequest,
    { account, idempotencyKey }: AssignmentContext,
  ): Promise<Work<RecordAssignmentReply>> => {
    const ticketId = String(request.ticket_id);
    const recordedAt = now();
    const occurredAt = readOccurredAt(request.occurred_at, recordedAt);
    return {
      answer: { outcome: "recorded", ticket_id: ticketId, current: true },
      commit: effect({
        account,
        ticketId,
        eventKey: storableText(idempotencyKey),
        agentId: toText(request.agent_id),
        groupId: toText(request.group_id),
        occurredAt,
        recordedAt,
      }),
    };
  };
}

interface Assignment extends TicketRef {
  readonly eventKey: string;
  readonly agentId: string | null;
  readonly groupId: string | null;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
}

function toText(id: string | number | null): string | null {
  return id === null ? null : String(id);
}

/** `latest`, a table or a query in parentheses, has one row for each ticket. */
const followLatest = (latest: string) => `
  update qa_conversations as stored
  set assignee_id = latest.agent_id, group_id = latest.group_id, ${CHANGED_ROW}
  from ${latest} as latest
  where stored.account_id = latest.account_id and stored.ticket_id = latest.ticket_id
    and latest.occurred_at >= stored.source_updated_at
    and (stored.assignee_id, stored.group_id) is distinct from (latest.agent_id, latest.group_id)`;

/** Keys of assignments that the sweep read from Zendesk; `:` follows no such word in an event's key. */
const SWEPT = "like 'sweep:%'";

/**
 * Inserts, lets the stored conversations follow, and yields the latest event of each ticket, at its place: in one
 * statement, because a batch waits for every one. An event that comes again after its idempotency record expired is
 * there already. Nothing is inserted for an erased ticket. An assignment that the sweep recorded is the event's own, so
 * whichever comes later leaves one row: the event's. What a statement inserts or deletes it does not see in the table, hence `fresh` and `swept` beside it.
 */
const insertAndFollow = prepare<{ event_key: string | null }>(
  "assignments_insert_and_follow",
  `with given as (
    select * from unnest(
      $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
      $8::timestamptz[]
    ) with ordinality as given (
      account_id, ticket_id, event_key, event_order, agent_id, group_id, occurred_at, recorded_at, place
    )
  ),
  swept as (
    delete from qa_assignments as swept using given
    where swept.account_id = given.account_id and swept.ticket_id = given.ticket_id
      and swept.occurred_at = given.occurred_at and swept.event_key ${SWEPT}
      and given.event_key not ${SWEPT}
      and (swept.agent_id, swept.group_id) is not distinct from (given.agent_id, given.group_id)
    returning swept.account_id, swept.ticket_id, swept.event_key
  ),
  fresh as (
    insert into qa_assignments (
      account_id, ticket_id, event_key, event_order, agent_id, group_id, occurred_at, recorded_at
    )
    select account_id, ticket_id, event_key, event_order, agent_id, group_id, occurred_at, recorded_at
    from given
    where not exists (
      select from qa_deletions as gone
      where gone.account_id = given.account_id and gone.ticket_id = given.ticket_id and gone.state = 'erased'
    ) and (given.event_key not ${SWEPT} or not exists (
      select from qa_assignments as there
      where there.account_id = given.account_id and there.ticket_id = given.ticket_id
        and there.occurred_at = given.occurred_at
        and (there.agent_id, there.group_id) is not distinct from (given.agent_id, given.group_id)
    ))
    on conflict do nothing
    returning account_id, ticket_id, event_key, event_order, agent_id, group_id, occurred_at
  ),
  newest as (
    select distinct on (account_id, ticket_id) * from (
      select * from fresh
      union all
      select stored.* from (select distinct account_id, ticket_id from given) as ticket
      cross join lateral (
        select account_id, ticket_id, event_key, event_order, agent_id, group_id, occurred_at
        from qa_assignments
        where account_id = ticket.account_id and ticket_id = ticket.ticket_id
          and (account_id, ticket_id, event_key) not in (select * from swept)
        order by occurred_at desc, event_order desc limit 1
      ) as stored
    ) as either
    order by account_id, ticket_id, occurred_at desc, event_order desc
  ),
  followed as (${followLatest("newest")})
  select newest.event_key from given left join newest using (account_id, ticket_id) order by given.place`,
);

const followOne = prepare(
  "assignments_follow_one",
  followLatest(`(
    select account_id, ticket_id, agent_id, group_id, occurred_at from qa_assignments
    where account_id = $1 and ticket_id = $2
    order by occurred_at desc, event_order desc limit 1
  )`),
);

/**
 * Gives the stored conversation, if there is one, the latest assignment, unless the state that it was captured in is
 * newer. In the same second the assignment wins: the state may have been read before it, and if it was read after, the
 * event for it is still to come. The ticket must be locked.
 */
export async function followAssignments(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<void> {
  await followOne(trx, [account, ticketId]);
}

async function recordAll(
  trx: Transaction<Database>,
  assignments: readonly Assignment[],
): Promise<RecordAssignmentReply[]> {
  const latest = await insertAndFollow(trx, [
    assignments.map(({ account }) => account),
    assignments.map(({ ticketId }) => ticketId),
    assignments.map(({ eventKey }) => eventKey),
    assignments.map(({ eventKey }) => eventOrder(eventKey)),
    assignments.map(({ agentId }) => agentId),
    assignments.map(({ groupId }) => groupId),
    assignments.map(({ occurredAt }) => occurredAt),
    assignments.map(({ recordedAt }) => recordedAt),
  ]);
  return assignments.map(({ ticketId, eventKey }, at) => ({
    outcome: "recorded",
    ticket_id: ticketId,
    current: latest[at]?.event_key === eventKey,
  }));
}
