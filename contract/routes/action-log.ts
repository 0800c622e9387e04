/** What the server did, as people read it. */
import { Type, type Static } from "typebox";
import { ZendeskIdText } from "../actions/envelope.ts";
import { BUDGET_MS, Instant, Nullable, type Route } from "./route.ts";

/** One thing that the server did or refused, newest first. Never holds a message body. */
export const LogEntry = Type.Object({
  id: Type.String(),
  at: Instant,
  operation: Type.String(),
  ticket_id: Nullable(ZendeskIdText),
  /** The Idempotency-Key: account's event and operation. */
  event_key: Nullable(Type.String()),
  /** `outcome` of the answer, or the code of the error table. */
  outcome: Type.String(),
  failed: Type.Boolean(),
  message: Nullable(Type.String()),
  cure: Nullable(Type.String()),
  duration_ms: Type.Number(),
});
export type LogEntry = Static<typeof LogEntry>;

export const LogQuery = Type.Object(
  {
    failed: Type.Boolean({ default: false, description: "Only what failed." }),
    before: Type.Optional(
      Type.String({
        pattern: "^[1-9][0-9]{0,17}$",
        description: "Entries older than this one: the `next` of an earlier answer.",
      }),
    ),
    limit: Type.Integer({ default: 50, minimum: 1, maximum: 200 }),
  },
  { additionalProperties: false },
);
export type LogQuery = Static<typeof LogQuery>;

export const LogReply = Type.Object({
  entries: Type.Array(LogEntry),
  next: Nullable(Type.String()),
});
export type LogReply = Static<typeof LogReply>;

/** What the server knows of one ticket. */
export const TicketReply = Type.Object({
  ticket_id: ZendeskIdText,
  /** Oldest first. */
  entries: Type.Array(LogEntry),
  conversation_captured_at: Nullable(Instant),
});
export type TicketReply = Static<typeof TicketReply>;

export const ACTION_LOG_ROUTES = {
  log: {
    method: "GET",
    path: "/v1/admin/log",
    summary: "What the server did last, the newest first.",
    role: "admin",
    query: LogQuery,
    budgetMs: BUDGET_MS,
    replies: { 200: LogReply },
  },
  ticket: {
    method: "GET",
    path: "/v1/admin/tickets/:ticket_id",
    summary: "What the server did for one ticket, the oldest first.",
    role: "agent",
    params: Type.Object({ ticket_id: ZendeskIdText }),
    budgetMs: BUDGET_MS,
    replies: { 200: TicketReply },
  },
} as const satisfies Record<string, Route>;
