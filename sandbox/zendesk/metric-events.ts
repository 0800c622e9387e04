/**
 * What happened to the metrics of a ticket: when a clock began, paused and ended. Pure. Sources: Zendesk API reference, "Ticket Metric
 * Events", and its page "Ticket metric event types reference". Of the metrics it has the three that this reference describes;
 * without SLA policies nothing is applied and nothing breached. That a metric is measured from instance 0 on is from the reference's
 * example; in which order the events of one second come is inferred.
 */
import type { AuditRecord, TicketRecord, TicketStatus, UserRecord } from "./model.ts";

type Metric = "agent_work_time" | "reply_time" | "requester_wait_time";
type Clock = "running" | "paused" | "fulfilled";

/** One event as it is written out. */
export interface MetricEvent {
  readonly id: number;
  readonly ticket_id: number;
  readonly metric: Metric;
  /** Counts from 1 with every fulfilment; 0 in `measure`. */
  readonly instance_id: number;
  readonly type: "measure" | "activate" | "pause" | "fulfill" | "update_status";
  readonly time: string;
  /** Of `update_status`: the minutes that the clock ran. */
  readonly status?: { readonly calendar: number; readonly business: number };
}

/** An audit has fewer events than that, and its id times this is exact. */
const IDS_PER_AUDIT = 10;

/** The clocks that a ticket's status moves. */
const BY_STATUS = {
  agent_work_time: ["new", "open"],
  requester_wait_time: ["new", "open", "hold"],
} as const satisfies Partial<Record<Metric, readonly TicketStatus[]>>;
const STATUS_METRICS = ["agent_work_time", "requester_wait_time"] as const;

function clockAt(metric: (typeof STATUS_METRICS)[number], status: TicketStatus): Clock {
  if (status === "solved" || status === "closed") return "fulfilled";
  const running: readonly TicketStatus[] = BY_STATUS[metric];
  return running.includes(status) ? "running" : "paused";
}

function statusIn({ changes }: AuditRecord) {
  return changes.find(({ field_name }) => field_name === "status");
}

/**
 * The status to which each audit leads; undefined: it leads to none. Of a ticket that was there from the start no earlier status is on
 * record: it is taken to have come with the last audit before the first known change.
 */
function statusesOf(
  ticket: TicketRecord,
  audits: readonly AuditRecord[],
): (TicketStatus | undefined)[] {
  const known = audits.map((audit) => statusIn(audit)?.value as TicketStatus | undefined);
  const first = known.findIndex((status) => status !== undefined);
  if (first === 0) return known;
  const change = audits[first] && statusIn(audits[first]);
  const before = change ? (change.previous_value as TicketStatus) : ticket.status;
  const settled = first === -1 ? audits.findLastIndex(({ comment }) => comment) : first - 1;
  return known.map((status, index) => (index === settled ? before : status));
}

/**
 * All events of a ticket's metrics, with the audit that each came with, oldest first.
 * @param audits the ticket's, oldest first
 */
export function metricEventsOf(
  ticket: TicketRecord,
  audits: readonly AuditRecord[],
  userOf: (id: number) => UserRecord | undefined,
): { readonly auditId: number; readonly event: MetricEvent }[] {
  const clocks: Record<Metric, { clock: Clock; instance: number; since: number; ran: number }> = {
    agent_work_time: { clock: "fulfilled", instance: 0, since: 0, ran: 0 },
    reply_time: { clock: "fulfilled", instance: 0, since: 0, ran: 0 },
    requester_wait_time: { clock: "fulfilled", instance: 0, since: 0, ran: 0 },
  };
  const statuses = statusesOf(ticket, audits);
  const isStaff = (id: number) => (userOf(id)?.role ?? "end-user") !== "end-user";

  function eventsOf(audit: AuditRecord, index: number): Omit<MetricEvent, "id">[] {
    const found: Omit<MetricEvent, "id">[] = [];
    const at = Date.parse(audit.created_at);
    const add = (metric: Metric, type: MetricEvent["type"], ran?: number) =>
      found.push({
        ticket_id: ticket.id,
        metric,
        instance_id: type === "measure" ? 0 : clocks[metric].instance,
        type,
        time: audit.created_at,
        ...(ran !== undefined && { status: { calendar: ran, business: ran } }),
      });

    function turn(metric: Metric, to: Clock): void {
      const state = clocks[metric];
      if (state.clock === to) return;
      if (state.clock === "running") state.ran += at - state.since;
      if (state.clock === "fulfilled") {
        state.instance += 1;
        state.ran = 0;
      }
      state.clock = to;
      state.since = at;
      if (to === "running") add(metric, "activate");
      if (to === "paused") add(metric, "pause");
      if (to !== "fulfilled") return;
      add(metric, "fulfill");
      add(metric, "update_status", Math.round(state.ran / 60_000));
    }

    if (index === 0) {
      for (const metric of [...STATUS_METRICS, "reply_time"] as const) {
        add(metric, "measure");
        turn(metric, "running");
      }
    } else if (audit.comment?.public === true) {
      turn("reply_time", isStaff(audit.comment.author_id) ? "fulfilled" : "running");
    }
    const status = statuses[index];
    if (status) for (const metric of STATUS_METRICS) turn(metric, clockAt(metric, status));
    return found;
  }

  return audits.flatMap((audit, index) =>
    eventsOf(audit, index).map((event, at) => ({
      auditId: audit.id,
      event: { id: audit.id * IDS_PER_AUDIT + at, ...event },
    })),
  );
}
