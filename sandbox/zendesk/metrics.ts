/**
 * The metrics of a ticket, worked out of what happened on it. Pure. Source: Zendesk API reference, "Ticket Metrics".
 * Business hours are the calendar's here, as in an account without a schedule.
 */
import { toSecondPrecision } from "../clock.ts";
import type { AuditRecord, TicketRecord, UserRecord } from "./model.ts";

/** Ids of metrics follow those of tickets. */
const ID_OFFSET = 700_000_000;

export const metricIdOf = (ticketId: number): number => ticketId + ID_OFFSET;
export const ticketIdOf = (metricId: number): number => metricId - ID_OFFSET;

interface Change {
  readonly at: string;
  readonly field: string;
  readonly value: unknown;
  readonly previous: unknown;
}

const minutesBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 60_000);

const minutes = (value: number | null) => ({ calendar: value, business: value });

/**
 * @param audits the ticket's, oldest first
 * @param now until when a state that still lasts is counted
 */
export function metricsOf(
  ticket: TicketRecord,
  audits: readonly AuditRecord[],
  userOf: (id: number) => UserRecord | undefined,
  now: Date,
): object {
  const changes = audits.flatMap(({ created_at, changes: all }) =>
    all.map(({ field_name, value, previous_value }): Change => ({
      at: created_at,
      field: field_name,
      value,
      previous: previous_value ?? null,
    })),
  );
  const of = (field: string) => changes.filter((change) => change.field === field);
  const isStaff = (id: number) => (userOf(id)?.role ?? "end-user") !== "end-user";
  const replies = ticket.comments
    .slice(1)
    .filter((comment) => comment.public && isStaff(comment.author_id));
  const status = of("status");
  const solved = status.filter(({ value }) => value === "solved");
  const isSolved = ticket.status === "solved" || ticket.status === "closed";
  const assigned = of("assignee_id").filter(({ value }) => value !== null);
  const spent = timesIn(ticket, status, toSecondPrecision(now));
  const resolution = (at: string | undefined) =>
    minutes(at === undefined ? null : minutesBetween(ticket.created_at, at));
  // Of a ticket that was there from the start, only the last change is known.
  const lastSolved = isSolved ? (solved.at(-1)?.at ?? ticket.updated_at) : undefined;
  const firstAssigned = assigned[0]?.at ?? (ticket.assignee_id === null ? null : ticket.created_at);
  const firstReply = replies[0]?.created_at;
  const lastBy = (isMeant: (id: number) => boolean) =>
    audits.findLast(({ author_id }) => isMeant(author_id))?.created_at ?? null;
  return {
    id: metricIdOf(ticket.id),
    ticket_id: ticket.id,
    created_at: ticket.created_at,
    updated_at: ticket.updated_at,
    group_stations: stations(ticket.group_id, of("group_id")),
    assignee_stations: stations(ticket.assignee_id, of("assignee_id")),
    reopens: status.filter(({ previous, value }) => previous === "solved" && value !== "closed")
      .length,
    replies: replies.length,
    assignee_updated_at: lastBy((id) => id === ticket.assignee_id),
    requester_updated_at: lastBy((id) => id === ticket.requester_id),
    status_updated_at: status.at(-1)?.at ?? ticket.created_at,
    initially_assigned_at: firstAssigned,
    assigned_at: assigned.at(-1)?.at ?? firstAssigned,
    solved_at: lastSolved ?? null,
    latest_comment_added_at: ticket.comments.at(-1)?.created_at ?? null,
    reply_time_in_minutes: minutes(
      firstReply === undefined ? null : minutesBetween(ticket.created_at, firstReply),
    ),
    first_resolution_time_in_minutes: resolution(solved[0]?.at ?? lastSolved),
    full_resolution_time_in_minutes: resolution(lastSolved),
    agent_wait_time_in_minutes: minutes(spent.pending),
    requester_wait_time_in_minutes: minutes(spent.new + spent.open + spent.hold),
    on_hold_time_in_minutes: minutes(spent.hold),
    custom_status_updated_at: status.at(-1)?.at ?? ticket.created_at,
  };
}

/** How many agents or groups had the ticket. */
function stations(current: number | null, changes: readonly Change[]): number {
  const had = changes.filter(({ value }) => value !== null).length;
  return had === 0 && current !== null ? 1 : had;
}

/** Minutes in each state. */
function timesIn(ticket: TicketRecord, changes: readonly Change[], now: string) {
  const spent = { new: 0, open: 0, pending: 0, hold: 0, solved: 0, closed: 0 };
  const seeded = changes[0]?.previous as TicketRecord["status"] | null | undefined;
  let state = seeded ?? ticket.status;
  let since = ticket.created_at;
  for (const { at, value } of changes) {
    spent[state] += minutesBetween(since, at);
    state = value as TicketRecord["status"];
    since = at;
  }
  spent[state] += minutesBetween(since, now);
  return spent;
}
