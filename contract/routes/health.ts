/** What the server says of its own health. */
import { Type, type Static } from "typebox";
import { FlowContact } from "./flow-watch.ts";
import { Instant, Nullable, type Route } from "./route.ts";
import { SweepState } from "./sweep.ts";

export const HealthCheck = Type.Object({
  /** Such as `database`, `zendesk_login`, `zendesk_scopes`, `salesforce_login`, `salesforce_objects`, `clock`, `redis`, `webhooks`, `settings`. */
  name: Type.String(),
  state: Type.Union([Type.Literal("ok"), Type.Literal("warning"), Type.Literal("failed")]),
  message: Type.String(),
  /** What to do; null when it is well. */
  cure: Nullable(Type.String()),
});
export type HealthCheck = Static<typeof HealthCheck>;

export const Health = Type.Object({
  version: Type.String(),
  now: Instant,
  checks: Type.Array(HealthCheck),
  settings_revision: Nullable(Type.Integer()),
  /** From an event in Zendesk to its work here, over the last hour; null: none came. */
  lag: Nullable(
    Type.Object({ p50_seconds: Type.Number(), p99_seconds: Type.Number(), events: Type.Integer() }),
  ),
  queues: Type.Array(
    Type.Object({
      queue: Type.String(),
      open: Type.Integer(),
      dead: Type.Integer(),
      oldest_seconds: Type.Number(),
    }),
  ),
  /** Calls that we may still make of each remote's limits; empty until the first call. */
  budget: Type.Array(
    Type.Object({ remote: Type.String(), limit: Type.String(), left: Type.Number() }),
  ),
  last_sweep: Nullable(
    Type.Object({
      id: Type.String(),
      state: SweepState,
      finished_at: Nullable(Instant),
      /** While it waits for what Zendesk's export holds back: until when. */
      waits_until: Nullable(Instant),
    }),
  ),
  /** Tickets that sweeps could not finish and ask for again; null: it could not be read. */
  owed_tickets: Nullable(Type.Integer()),
  /** Null: it could not be read. */
  flows: Nullable(FlowContact),
});
export type Health = Static<typeof Health>;

export const HEALTH_ROUTES = {
  health: {
    method: "GET",
    path: "/v1/admin/health",
    summary:
      "Whether everything that the server stands on works, and what to do where it does not.",
    role: "admin",
    budgetMs: 8_000,
    replies: { 200: Health },
  },
} as const satisfies Record<string, Route>;
