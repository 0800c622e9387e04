/** Whether the account's flows reach the server, and the event that shows it. */
import { Type, type Static } from "typebox";
import { ErrorReply } from "../actions/envelope.ts";
import { BUDGET_MS, Instant, NoContent, Nullable, type Route } from "./route.ts";

/** An event that the server started itself, to see it come back through Zendesk. */
export const TestEvent = Type.Object({
  id: Type.String(),
  asked_at: Instant,
  /** Why Zendesk did not take it; null: it did. */
  problem: Nullable(Type.String()),
  /** Null: its flow has not called the server. */
  arrived_at: Nullable(Instant),
  /** What the server answered the flow: an outcome, or a code of the error table. */
  outcome: Nullable(Type.String()),
  failed: Nullable(Type.Boolean()),
});
export type TestEvent = Static<typeof TestEvent>;

/** Calls of actions that the server refused, because it does not know their credential. */
export const RefusedCalls = Type.Object({
  /** `bearer`, `basic`, `api_key`, or `none` when no credential was shown. */
  kind: Type.String(),
  /** Distinguishes credentials and cannot be turned back into one; empty: none was shown. */
  fingerprint: Type.String(),
  /** It was in this account's SERVER_TOKENS once. */
  was_ours: Type.Boolean(),
  calls: Type.Integer(),
  first_at: Instant,
  last_at: Instant,
});
export type RefusedCalls = Static<typeof RefusedCalls>;

/** Whether the account's flows reach the server. */
export const FlowContact = Type.Object({
  /** The last call for an event of a ticket; null: none yet. */
  last_event_at: Nullable(Instant),
  last_test_event: Nullable(TestEvent),
  /** The newest first. */
  refused: Type.Array(RefusedCalls),
  /** An administrator has CaseQA disabled: nothing is expected. */
  paused: Type.Boolean(),
});
export type FlowContact = Static<typeof FlowContact>;

export const FLOW_WATCH_ROUTES = {
  "expect-flows": {
    method: "PUT",
    path: "/v1/admin/flows",
    summary: "Say whether flows are expected to call; while they are not, silence is expected too.",
    role: "admin",
    body: Type.Object({ expected: Type.Boolean() }),
    budgetMs: BUDGET_MS,
    replies: { 204: NoContent },
  },
  "sync-settings": {
    method: "POST",
    path: "/v1/admin/settings/sync",
    summary: "Start the flow settings_sync by an event, which is answered by its id.",
    role: "admin",
    budgetMs: BUDGET_MS,
    replies: { 202: Type.Object({ event_id: Type.String() }), 501: ErrorReply, 502: ErrorReply },
  },
} as const satisfies Record<string, Route>;
