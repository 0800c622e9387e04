/** The wire contract of merge-conversation: a stored conversation follows the surviving ticket. */
import { Type, type Static } from "typebox";
import { ZendeskId, ZendeskIdText } from "./envelope.ts";

export const MergeConversationRequest = Type.Object(
  {
    ticket_id: ZendeskId,
    target_ticket_id: ZendeskId,
  },
  { additionalProperties: false, examples: [{ ticket_id: 1001, target_ticket_id: 1002 }] },
);
export type MergeConversationRequest = Static<typeof MergeConversationRequest>;

export const MergeConversationReply = Type.Object({
  outcome: Type.Union([
    Type.Literal("merged"),
    Type.Literal("recorded", { description: "Nothing is stored of the merged ticket yet." }),
  ]),
  ticket_id: ZendeskIdText,
  target_ticket_id: ZendeskIdText,
});
export type MergeConversationReply = Static<typeof MergeConversationReply>;
