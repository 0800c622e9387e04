/** What happens in a history: its events, which server gets them when, where a server dies and what else breaks. Pure. */
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { createRandom, type Random } from "#sandbox/data/random";
import { CASE_NUMBER_FIELD_ID } from "#sandbox/data/ticket-fields";

/** Where a server can be made to kill itself, in the order in which a request passes. */
export const CRASH_POINTS = [
  "before-claim",
  "after-claim",
  "after-intent",
  "after-effect",
  "after-record",
  "mid-answer",
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

export type Action =
  | "record-assignment"
  | "record-deletion"
  | "record-ticket-event"
  | "capture-conversation"
  | "annotate-ticket"
  | "apply-settings"
  | "request-link";

export interface PlannedEvent {
  readonly action: Action;
  readonly key: string;
  readonly ticketId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One delivery of an event by ZIS; it is repeated until there is an answer. */
export interface Delivery {
  readonly event: number;
  readonly atMs: number;
  readonly slot: number;
}

export type Trouble =
  | "none"
  | "answer-lost"
  | "zendesk-away"
  | "salesforce-away"
  | "clock-jump"
  | "postgres-restarted"
  | "postgres-killed"
  | "backends-ended"
  | "database-silent"
  | "server-paused"
  | "redis-down"
  | "redis-flushed"
  | "redis-slow";

export interface Cluster {
  readonly servers: 1 | 3;
  readonly redis: boolean;
}

export interface History {
  readonly seed: number;
  /** Of its own, so that nothing of another history counts. */
  readonly account: string;
  readonly cluster: Cluster;
  readonly events: readonly PlannedEvent[];
  readonly deliveries: readonly Delivery[];
  /** The server in `slot` dies when it passes the point after `passes` times. */
  readonly crash: { readonly point: CrashPoint; readonly slot: number; readonly passes: number };
  readonly trouble: { readonly kind: Trouble; readonly atMs: number };
}

/** In which a server may find no database when it starts. */
export const STARTS_MAY_FAIL: ReadonlySet<Trouble> = new Set([
  "postgres-restarted",
  "postgres-killed",
  "backends-ended",
  "database-silent",
]);

export const accountOf = (seed: number) => `history-${seed}`;

const SPREAD_MS = 500;
/** Seeds after which crash points and troubles would meet in the same pairs again. */
const SHIFT_EVERY = 30;
const OF_EVERY_CLUSTER = [
  "none",
  "answer-lost",
  "zendesk-away",
  "salesforce-away",
  "clock-jump",
  "postgres-restarted",
  "postgres-killed",
  "backends-ended",
  "database-silent",
  "server-paused",
] as const satisfies Trouble[];
const OF_REDIS = ["redis-down", "redis-flushed", "redis-slow"] as const satisfies Trouble[];

/** Which actions pass the point for certain, as the first events of a history. */
const PASSING: Record<CrashPoint, readonly Action[]> = {
  "before-claim": ["record-assignment"],
  "after-claim": ["annotate-ticket"],
  "after-intent": ["annotate-ticket", "request-link"],
  "after-effect": ["annotate-ticket", "capture-conversation", "request-link", "record-assignment"],
  "after-record": ["request-link", "capture-conversation"],
  "mid-answer": ["apply-settings"],
};
const ACTIONS: readonly Action[] = [
  "record-assignment",
  "capture-conversation",
  "annotate-ticket",
  "request-link",
  "apply-settings",
  "record-deletion",
  "record-ticket-event",
];

function bodyOf(action: Action, ticketId: string, revision: number): PlannedEvent["body"] {
  switch (action) {
    case "record-assignment":
      return {
        ticket_id: ticketId,
        agent_id: 7,
        group_id: null,
        occurred_at: "2026-11-25T08:00:00Z",
      };
    case "record-ticket-event":
      return {
        ticket_id: ticketId,
        kind: "comment_redacted",
        occurred_at: "2026-11-25T08:00:00Z",
        comment_id: 1,
      };
    case "record-deletion":
      return { ticket_id: ticketId, state: "erased", occurred_at: "2026-11-25T08:00:00Z" };
    case "capture-conversation":
      return { ticket_id: ticketId };
    case "request-link":
      return { ticket_id: ticketId, case_number_field_id: CASE_NUMBER_FIELD_ID };
    case "annotate-ticket":
      return { ticket_id: ticketId, telling: "note", reason: "ambiguous_case" };
    case "apply-settings": {
      const fieldId = CASE_NUMBER_FIELD_ID;
      return { settings: { ...DEFAULT_SETTINGS, case_number_field_id: fieldId, revision } };
    }
    default:
      return action satisfies never;
  }
}

function planDeliveries(random: Random, events: number, servers: number): Delivery[] {
  const deliveries: Delivery[] = [];
  for (let event = 0; event < events; event += 1) {
    const times = random.pick([1, 2, 2, 3]);
    for (let time = 0; time < times; time += 1) {
      deliveries.push({
        event,
        atMs: random.integer(0, SPREAD_MS),
        slot: random.integer(0, servers - 1),
      });
    }
  }
  return deliveries;
}

/** `ticketIds`: tickets that have a case to be linked with. The same seed gives the same history. */
export function planHistory(seed: number, ticketIds: readonly string[], cluster: Cluster): History {
  const random = createRandom(seed);
  const point = CRASH_POINTS[seed % CRASH_POINTS.length] ?? "before-claim";
  const tickets = random.fork(1).shuffle(ticketIds);
  const surely = random.pick(PASSING[point]);
  const actions = [
    surely,
    ...Array.from({ length: random.integer(2, 5) }, () => random.pick(ACTIONS)),
  ];
  const events = actions.map((action, index): PlannedEvent => {
    const ticketId = tickets[index % tickets.length] ?? "";
    return { action, key: `event-${index}`, ticketId, body: bodyOf(action, ticketId, index + 1) };
  });
  const turn = seed + Math.floor(seed / SHIFT_EVERY);
  const crashSlot = random.integer(0, cluster.servers - 1);
  const troubles: readonly Trouble[] = cluster.redis
    ? [...OF_REDIS, ...OF_EVERY_CLUSTER]
    : OF_EVERY_CLUSTER;
  return {
    seed,
    account: accountOf(seed),
    cluster,
    events,
    // The first delivery of all goes to the server that is to die.
    deliveries: [
      { event: 0, atMs: 0, slot: crashSlot },
      ...planDeliveries(random, events.length, cluster.servers),
    ],
    crash: { point, slot: crashSlot, passes: random.pick([0, 0, 1]) },
    // In turn, so that a dozen histories have each; and not the same one with the same crash point every time.
    trouble: {
      kind: troubles[turn % troubles.length] ?? "none",
      atMs: random.integer(0, SPREAD_MS),
    },
  };
}
