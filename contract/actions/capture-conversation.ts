/** The wire contract of capture-conversation: store a ticket's conversation for quality review. */
import { Type, type Static } from "typebox";
import { OccurredAt, SalesforceId, TicketIds, ZendeskId, ZendeskIdText } from "./envelope.ts";

export const CaptureConversationRequest = Type.Object(
  {
    ticket_id: ZendeskId,
    case_id: Type.Optional(
      Type.Union([SalesforceId, Type.Null()], {
        description: "The case that the ticket was matched with, kept beside the conversation.",
      }),
    ),
    occurred_at: Type.Optional(Type.Union([OccurredAt, Type.Null()])),
    on: Type.Optional(
      Type.Union([Type.Literal("solved"), Type.Literal("closed")], {
        description:
          "What happened to the ticket: the settings decide then whether its conversation is wanted. Absent: it is.",
      }),
    ),
    ...TicketIds,
  },
  {
    additionalProperties: false,
    examples: [
      {
        ticket_id: 1001,
        case_id: "500000000000001AAA",
        occurred_at: "2026-03-02T09:15:00Z",
      },
    ],
  },
);
export type CaptureConversationRequest = Static<typeof CaptureConversationRequest>;

export const CaptureConversationReply = Type.Union([
  Type.Object({
    outcome: Type.Literal("captured"),
    ticket_id: ZendeskIdText,
    messages: Type.Integer({ minimum: 0 }),
    skipped: Type.Integer({
      minimum: 0,
      description:
        "Comments, messages, attachments, people and fields, or members of them, that Zendesk sent in a form that could not be kept.",
    }),
    participants: Type.Integer({ minimum: 0 }),
    newest: Type.Boolean({ description: "False when the store already held a newer state." }),
  }),
  Type.Object({
    outcome: Type.Literal("accepted", {
      description:
        "Recorded durably; a job fetches and stores the conversation. Also while the event is fresh and Zendesk does not show its ticket yet.",
    }),
    ticket_id: ZendeskIdText,
  }),
  Type.Object({ outcome: Type.Literal("ticket_not_found"), ticket_id: ZendeskIdText }),
  Type.Object({
    outcome: Type.Literal("not_wanted", {
      description: "The settings want no such conversation, and it is not stored yet.",
    }),
    ticket_id: ZendeskIdText,
    reason: Type.String({ description: "For people: the rule." }),
  }),
  Type.Object({
    outcome: Type.Literal("conversation_unreadable", {
      description:
        "The ticket is there, but what was said is kept where our credential may not read it. Nothing is stored; the next delivery tries again.",
    }),
    ticket_id: ZendeskIdText,
    reason: Type.String({ description: "For people: the cause, and what to do." }),
  }),
]);
export type CaptureConversationReply = Static<typeof CaptureConversationReply>;
