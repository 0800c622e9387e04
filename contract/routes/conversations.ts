/** The conversations as reviewers and programs read them: listed, one whole, what changed, and as a file. */
import { Type, type Static } from "typebox";
import { ErrorReply, ZendeskId, ZendeskIdText } from "../actions/envelope.ts";
import { AttributeValue } from "./attributes.ts";
import { BUDGET_MS, Instant, Nullable, type Route } from "./route.ts";

/** Opaque: made by the server, and handed back as it came. */
const Cursor = Type.String({ pattern: "^[A-Za-z0-9_-]{1,512}$" });

const FILTERS = {
  agent: Type.Optional(ZendeskId),
  group: Type.Optional(ZendeskId),
  requester: Type.Optional(ZendeskId),
  status: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  channel: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  field: Type.Optional(
    Type.String({
      pattern: "^[1-9][0-9]{0,18}:.{1,1000}$",
      description:
        "A ticket field and its value, such as 360001:gold. Of a list of options: one of them.",
    }),
  ),
  attribute: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z_][A-Za-z0-9_]{0,79}:.{0,1000}$",
      description: "The name of an attribute of tickets and its value, such as tier:Gold.",
    }),
  ),
  csat: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 40,
      description: "The score of the customer's latest response, such as good or bad.",
    }),
  ),
  case_id: Type.Optional(Type.String({ pattern: "^[a-zA-Z0-9]{18}$" })),
  updated_from: Type.Optional(Instant),
  updated_before: Type.Optional(Instant),
  text: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description:
        'Words of a message, without regard to accents and capitals; "a phrase" in quotation marks, -word for one that must not occur, or for either.',
    }),
  ),
};

export const ConversationFilter = Type.Object(FILTERS, { additionalProperties: false });
export type ConversationFilter = Static<typeof ConversationFilter>;

export const ConversationQuery = Type.Object(
  {
    ...FILTERS,
    after: Type.Optional(
      Type.Intersect([Cursor], { description: "The `next` of the answer before." }),
    ),
    limit: Type.Integer({ default: 50, minimum: 1, maximum: 200 }),
  },
  { additionalProperties: false },
);
export type ConversationQuery = Static<typeof ConversationQuery>;

const ConversationSummary = Type.Object({
  ticket_id: ZendeskIdText,
  source: Type.String(),
  subject: Nullable(Type.String()),
  status: Type.String(),
  channel: Nullable(Type.String()),
  requester_id: Nullable(ZendeskIdText),
  assignee_id: Nullable(ZendeskIdText),
  group_id: Nullable(ZendeskIdText),
  brand_id: Nullable(ZendeskIdText),
  organization_id: Nullable(ZendeskIdText),
  form_id: Nullable(ZendeskIdText),
  tags: Type.Array(Type.String()),
  custom_fields: Type.Array(Type.Object({ id: ZendeskIdText, value: Type.Unknown() })),
  case_id: Nullable(Type.String()),
  merged_into: Nullable(ZendeskIdText),
  message_count: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
  captured_at: Instant,
  row_updated_at: Instant,
});
export type ConversationSummary = Static<typeof ConversationSummary>;

const MessageReply = Type.Object({
  id: Type.String(),
  kind: Type.String({ description: "comment, voice or message." }),
  author_id: Nullable(Type.String()),
  public: Nullable(Type.Boolean()),
  body: Type.String(),
  html_body: Nullable(Type.String()),
  channel: Nullable(Type.String()),
  attachments: Type.Array(
    Type.Object({
      id: Nullable(Type.String()),
      file_name: Nullable(Type.String()),
      content_type: Nullable(Type.String()),
      size: Nullable(Type.Integer()),
    }),
  ),
  created_at: Nullable(Instant),
});
export type MessageReply = Static<typeof MessageReply>;

const MessagePage = Type.Object({
  /** Oldest first. */
  messages: Type.Array(MessageReply),
  next: Nullable(Type.String()),
});
export type MessagePage = Static<typeof MessagePage>;

const PersonReply = Type.Object({
  id: ZendeskIdText,
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  role: Nullable(Type.String()),
});
export type PersonReply = Static<typeof PersonReply>;

const EventReply = Type.Object({
  kind: Type.String(),
  at: Instant,
  actor_id: Nullable(ZendeskIdText),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type EventReply = Static<typeof EventReply>;

const SatisfactionReply = Type.Object({
  response_id: Type.String(),
  kind: Type.Union([Type.Literal("survey"), Type.Literal("rating")]),
  score: Nullable(Type.String()),
  rating: Nullable(Type.Integer()),
  comment: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  requester_id: Nullable(ZendeskIdText),
  at: Instant,
});
export type SatisfactionReply = Static<typeof SatisfactionReply>;

const ConversationReply = Type.Object({
  ...ConversationSummary.properties,
  ...MessagePage.properties,
  /** Custom attributes of the ticket, by the definitions in force. */
  attributes: Type.Array(
    Type.Object({ name: Type.String(), label: Type.String(), value: AttributeValue }),
  ),
  people: Type.Array(PersonReply),
  /** Assignments and what else happened, oldest first. */
  events: Type.Array(EventReply),
  /** What the customer answered, the latest response first. */
  satisfaction: Type.Array(SatisfactionReply),
});
export type ConversationReply = Static<typeof ConversationReply>;

const ChangesReply = Type.Object({
  /** In the order of change; each in its present state, so one that changed again comes again. */
  conversations: Type.Array(ConversationSummary),
  /** Tickets whose conversations are gone: deleted in Zendesk, for now or for good. */
  removed: Type.Array(Type.Object({ ticket_id: ZendeskIdText, for_good: Type.Boolean() })),
  /** Where the next question begins, also when there is nothing more now. */
  next: Type.String(),
  has_more: Type.Boolean(),
});
export type ChangesReply = Static<typeof ChangesReply>;

const TicketParams = Type.Object({ ticket_id: ZendeskIdText });
const EXPORT_TYPES = ["application/x-ndjson", "text/csv"] as const;

export const CONVERSATION_ROUTES = {
  conversations: {
    method: "GET",
    path: "/v1/conversations",
    summary:
      "Conversations, the most recently changed first. An agent gets those that are his or hers.",
    role: "agent",
    scope: "read",
    query: ConversationQuery,
    budgetMs: BUDGET_MS,
    replies: {
      200: Type.Object({
        conversations: Type.Array(ConversationSummary),
        next: Nullable(Type.String({ description: "For `after`; null: these were the last." })),
      }),
    },
  },
  "conversation-changes": {
    method: "GET",
    path: "/v1/conversations/changes",
    summary:
      "What changed since an earlier answer: for programs that keep a copy. Nothing is left out, however late it was written.",
    role: "admin",
    scope: "read",
    query: Type.Object(
      {
        after: Type.Optional(Cursor),
        limit: Type.Integer({ default: 500, minimum: 1, maximum: 1_000 }),
      },
      { additionalProperties: false },
    ),
    budgetMs: BUDGET_MS,
    replies: { 200: ChangesReply },
  },
  "conversations-file": {
    method: "GET",
    path: "/v1/conversations/export",
    summary:
      "All conversations that the filters leave, as NDJSON with their messages or as CSV without.",
    role: "admin",
    scope: "read",
    query: Type.Object(
      {
        ...FILTERS,
        format: Type.Union([Type.Literal("ndjson"), Type.Literal("csv")], { default: "ndjson" }),
      },
      { additionalProperties: false },
    ),
    budgetMs: BUDGET_MS,
    streams: EXPORT_TYPES,
    replies: { 200: Type.String({ description: "One line for each conversation." }) },
  },
  conversation: {
    method: "GET",
    path: "/v1/conversations/:ticket_id",
    summary:
      "One conversation: its first messages, people, events, case and what the customer answered.",
    role: "agent",
    scope: "read",
    params: TicketParams,
    budgetMs: BUDGET_MS,
    replies: { 200: ConversationReply, 404: ErrorReply },
  },
  "conversation-messages": {
    method: "GET",
    path: "/v1/conversations/:ticket_id/messages",
    summary: "More messages of one conversation, the oldest first.",
    role: "agent",
    scope: "read",
    params: TicketParams,
    query: Type.Object(
      {
        after: Type.Optional(Cursor),
        limit: Type.Integer({ default: 100, minimum: 1, maximum: 500 }),
      },
      { additionalProperties: false },
    ),
    budgetMs: BUDGET_MS,
    replies: { 200: MessagePage, 404: ErrorReply },
  },
} as const satisfies Record<string, Route>;
