/** The first load: what is stored of the time before the installation. */
import { Type, type Static } from "typebox";
import { BUDGET_MS, Instant, Nullable, type Route } from "./route.ts";

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

export const SYNC_ROUTES = {
  "start-sync": {
    method: "POST",
    path: "/v1/admin/sync",
    summary:
      "Begin the first load, or go on with one that was stopped; one that runs is answered as it is.",
    role: "admin",
    body: SyncRequest,
    budgetMs: BUDGET_MS,
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
