/** The first load: what is stored of the time before the installation. */
import { Type, type Static } from "typebox";
import { BUDGET_MS, Instant, Nullable, type Route } from "./route.ts";

/** An account of ten years is counted by about 140 requests. */
const PLAN_MS = 60_000;

/** Where a first load begins. */
const SyncRequest = Type.Object(
  {
    /** Tickets that changed since then; absent: all. */
    since: Type.Optional(Instant),
  },
  { additionalProperties: false },
);

/**
 * - `none`: no first load was begun.
 * - `running`: the export is read, or its next page is waited for.
 * - `reading`: every ticket is stored; messages are still read.
 */
const SyncState = Type.Union([
  Type.Literal("none"),
  Type.Literal("running"),
  Type.Literal("reading"),
  Type.Literal("finished"),
  Type.Literal("stopped"),
  Type.Literal("failed"),
]);

export const SyncStatus = Type.Object({
  state: SyncState,
  /** Null: no first load was begun. */
  since: Nullable(Instant),
  started_at: Nullable(Instant),
  /** When the last window was read or the load was stopped; null: it runs. */
  finished_at: Nullable(Instant),
  windows: Type.Integer(),
  windows_done: Type.Integer(),
  /** Rows of the export; a ticket at the join of two windows counts twice. */
  tickets_seen: Type.Integer(),
  /** Of these: the settings do not want them. */
  tickets_left_alone: Type.Integer(),
  /** What Zendesk counted before; null: it was not asked. */
  tickets_expected: Nullable(Type.Integer()),
  /** Conversations whose messages are still to be read. */
  messages_left: Type.Integer(),
  /** Conversations whose messages Zendesk refuses. */
  messages_refused: Type.Integer(),
  /** Calls to Zendesk in the last minute, by the server that answers. */
  calls_per_minute: Type.Integer(),
  /** At the pace that the limits allow us; null: nothing runs, or Zendesk was not asked how many tickets there are. */
  seconds_left: Nullable(Type.Integer()),
  /** While it waits on purpose: until when. */
  waits_until: Nullable(Instant),
  /** What all sweeps since the beginning have found and repaired, as in their reports. */
  missed: Type.Integer(),
  stale: Type.Integer(),
  extra: Type.Integer(),
  repaired: Type.Integer(),
  message: Nullable(Type.String()),
});
export type SyncStatus = Static<typeof SyncStatus>;

const PerMinute = Type.Object({
  /** The account's requests a minute. */
  account: Type.Number(),
  /** Those of the export's own limit. */
  incremental_exports: Type.Number(),
});

const Count = Type.Integer({ minimum: 0 });

/** What Zendesk counts is of its search index, and tickets are counted by the month in which they were made. */
export const SyncPlan = Type.Object({
  since: Instant,
  until: Instant,
  tickets: Count,
  /** `highest_id`: the credential may not search, so that it is the highest number that a ticket has: no more were made. */
  counted_by: Type.Union([Type.Literal("search"), Type.Literal("highest_id")]),
  /** The part of the tickets that the settings want, seen on a page of the export: from 0 to 1. */
  wanted_share: Type.Number(),
  /** Conversations that will be stored. */
  conversations: Count,
  /** Customers and agents; those who ask come with the tickets, without calls of their own. */
  people: Count,
  /** By endpoint. A conversation in messaging, or of more than a hundred comments, needs some more. */
  calls: Type.Record(Type.String(), Count),
  /** What Zendesk says of its limits; where it has not said anything, the least of its plans. */
  limits: PerMinute,
  /** What background work takes of them while nobody else does. */
  ours: PerMinute,
  /** If everything of the limits were ours. */
  hours_at_limits: Type.Number(),
  hours: Type.Number(),
  /** Until every conversation is stored, without its messages. */
  hours_until_listed: Type.Number(),
  /** What comes after the conversations themselves. */
  read_lazily: Type.Array(Type.String()),
  /** The newest first. */
  windows: Type.Array(Type.Object({ since: Instant, until: Instant, tickets: Nullable(Count) })),
});
export type SyncPlan = Static<typeof SyncPlan>;

export const SYNC_ROUTES = {
  "plan-sync": {
    method: "POST",
    path: "/v1/admin/sync/plan",
    summary: "What a first load would read and how long it would take; nothing is begun.",
    role: "admin",
    body: SyncRequest,
    budgetMs: PLAN_MS,
    replies: { 200: SyncPlan },
  },
  "start-sync": {
    method: "POST",
    path: "/v1/admin/sync",
    summary:
      "Begin the first load, or go on with one that was stopped; one that runs is answered as it is.",
    role: "admin",
    body: SyncRequest,
    budgetMs: PLAN_MS,
    replies: { 202: SyncStatus },
  },
  sync: {
    method: "GET",
    path: "/v1/admin/sync",
    summary: "How far the first load is.",
    role: "admin",
    budgetMs: BUDGET_MS,
    replies: { 200: SyncStatus },
  },
  "stop-sync": {
    method: "POST",
    path: "/v1/admin/sync/stop",
    summary: "Stop the first load after the page that it reads; what is stored stays.",
    role: "admin",
    budgetMs: BUDGET_MS,
    replies: { 200: SyncStatus },
  },
} as const satisfies Record<string, Route>;
