/** ticket_comment_redacted: The stored comment is emptied, then read again as it was redacted. */
import type { FlowResource } from "#zis/model/bundle";
import { commentChangeFlow } from "../builders/comment-change-flow.ts";

export const TICKET_COMMENT_REDACTED = "ticket_comment_redacted";

export function ticketCommentRedacted(integration: string): FlowResource {
  return commentChangeFlow(integration, TICKET_COMMENT_REDACTED, "comment_redacted");
}
