/** The effect of record-assignment as one would write it by hand: the same rows in the same tables, in one statement. */
import type { Pool } from "pg";
import type { RecordAssignmentRequest } from "../../../contract/actions/record-assignment.ts";
import { eventOrder } from "../../../actions-server/subjects/conversations/assignment-order.ts";

/** What runs a statement: a pool, or the connection that holds a transaction. */
export type Queryable = Pick<Pool, "query">;

/**
 * Named, hence prepared once for each connection. It takes no lock on the ticket, as our server does, so of two events of
 * one ticket at once both may be told that they are the latest: cheaper for the peers.
 */
const EFFECT = {
  name: "assignment-effect",
  text: `
    with added as (
      insert into qa_assignments (
        account_id, ticket_id, event_key, event_order, agent_id, group_id, occurred_at, recorded_at
      ) values ($1, $2, $3, $4, $5, $6, $7, now()) on conflict do nothing
    ),
    later as (
      select 1 from qa_assignments
      where account_id = $1 and ticket_id = $2 and event_key <> $3
        and (occurred_at, event_order) > ($7::timestamptz, $4)
      limit 1
    ),
    followed as (
      update qa_conversations set assignee_id = $5, group_id = $6
      where account_id = $1 and ticket_id = $2 and source_updated_at <= $7::timestamptz
        and not exists (select from later)
        and (assignee_id, group_id) is distinct from ($5, $6)
    )
    select not exists (select from later) as current`,
};

const toText = (id: string | number | null) => (id === null ? null : String(id));

export async function applyAssignment(
  database: Queryable,
  account: string,
  eventKey: string,
  { ticket_id, agent_id, group_id, occurred_at }: RecordAssignmentRequest,
) {
  const ticketId = String(ticket_id);
  const { rows } = await database.query<{ current: boolean }>({
    ...EFFECT,
    values: [
      account,
      ticketId,
      eventKey,
      eventOrder(eventKey),
      toText(agent_id),
      toText(group_id),
      occurred_at,
    ],
  });
  return {
    outcome: "recorded" as const,
    ticket_id: ticketId,
    current: rows[0]?.current === true,
  };
}
