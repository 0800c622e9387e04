/** Sweeps: asked for, and their reports. */
import { Type, type Static } from "typebox";
import { ErrorReply, ZendeskIdText } from "../actions/envelope.ts";
import { BUDGET_MS, Instant, Nullable, type Route } from "./route.ts";

export const SweepState = Type.Union([
  Type.Literal("running"),
  Type.Literal("finished"),
  Type.Literal("failed"),
]);

export const SweepRequest = Type.Object(
  {
    /** Tickets changed since then; absent: since where the sweeps before this one end without a gap, at first 24 hours back. */
    since: Type.Optional(Instant),
    /** Reports without repairing. */
    dry_run: Type.Optional(Type.Boolean()),
    /** Why: at an install, by the hour, or on demand. */
    reason: Type.Optional(
      Type.Union([Type.Literal("upload"), Type.Literal("hourly"), Type.Literal("demand")]),
    ),
  },
  { additionalProperties: false },
);
export type SweepRequest = Static<typeof SweepRequest>;

export const SweepReport = Type.Object({
  id: Type.String(),
  state: SweepState,
  reason: Type.String(),
  dry_run: Type.Boolean(),
  since: Instant,
  started_at: Instant,
  finished_at: Nullable(Instant),
  /** While it waits for what Zendesk's export holds back: until when. */
  waits_until: Nullable(Instant),
  tickets_looked_at: Type.Integer(),
  /** In Zendesk, not here: an event that did not come. */
  missed: Type.Integer(),
  /** Here, but of an older state than Zendesk's. */
  stale: Type.Integer(),
  /** Here, with no counterpart in Zendesk. */
  extra: Type.Integer(),
  repaired: Type.Integer(),
  message: Nullable(Type.String()),
  /** At most 1,000, each with what was wrong and what was done. */
  findings: Type.Array(
    Type.Object({
      ticket_id: ZendeskIdText,
      kind: Type.Union([Type.Literal("missed"), Type.Literal("stale"), Type.Literal("extra")]),
      what: Type.String(),
      repaired: Type.Boolean(),
    }),
  ),
});
export type SweepReport = Static<typeof SweepReport>;

export const SWEEP_ROUTES = {
  "request-sweep": {
    method: "POST",
    path: "/v1/admin/sweeps",
    summary: "Ask for a sweep; the request is durable when it is answered.",
    role: "admin",
    body: SweepRequest,
    budgetMs: BUDGET_MS,
    replies: { 202: SweepReport },
  },
  sweeps: {
    method: "GET",
    path: "/v1/admin/sweeps",
    summary: "The last sweeps, the newest first.",
    role: "admin",
    budgetMs: BUDGET_MS,
    replies: { 200: Type.Object({ sweeps: Type.Array(SweepReport) }) },
  },
  sweep: {
    method: "GET",
    path: "/v1/admin/sweeps/:id",
    summary: "The report of one sweep.",
    role: "admin",
    params: Type.Object({ id: Type.String({ pattern: "^[A-Za-z0-9-]{1,64}$" }) }),
    budgetMs: BUDGET_MS,
    replies: { 200: SweepReport, 404: ErrorReply },
  },
} as const satisfies Record<string, Route>;
