/** ticket_comment_made_private: The stored comment becomes private, and the conversation is read again. */
import type { FlowResource } from "#zis/model/bundle";
import { commentChangeFlow } from "../builders/comment-change-flow.ts";

export const TICKET_COMMENT_MADE_PRIVATE = "ticket_comment_made_private";

export function ticketCommentMadePrivate(integration: string): FlowResource {
  return commentChangeFlow(integration, TICKET_COMMENT_MADE_PRIVATE, "comment_made_private");
}
