/** The wire contract of capture-conversation: store a ticket's conversation for quality review. */
import { Type, type Static } from "typebox";
import { SalesforceId, ZendeskId, ZendeskIdText } from "./envelope.ts";

export const CaptureConversationRequest = Type.Object(
  {
    ticket_id: ZendeskId,
    case_id: Type.Optional(
      Type.Union([SalesforceId, Type.Null()], {
        description: "The case that the ticket was matched with, kept beside the conversation.",
      }),
    ),
  },
  { additionalProperties: false, examples: [{ ticket_id: 1001, case_id: "500000000000001AAA" }] },
);
export type CaptureConversationRequest = Static<typeof CaptureConversationRequest>;

export const CaptureConversationReply = Type.Union([
  Type.Object({
    outcome: Type.Literal("captured"),
    ticket_id: ZendeskIdText,
    messages: Type.Integer({ minimum: 0 }),
    participants: Type.Integer({ minimum: 0 }),
    newest: Type.Boolean({ description: "False when the store already held a newer state." }),
  }),
  Type.Object({
    outcome: Type.Literal("accepted", {
      description: "Recorded durably; a job fetches and stores the conversation.",
    }),
    ticket_id: ZendeskIdText,
  }),
  Type.Object({ outcome: Type.Literal("ticket_not_found"), ticket_id: ZendeskIdText }),
]);
export type CaptureConversationReply = Static<typeof CaptureConversationReply>;
