/** ticket_attachment_redacted: The stored attachment is taken away, and the conversation is read again. */
import type { FlowResource } from "#zis/model/bundle";
import { commentChangeFlow } from "../builders/comment-change-flow.ts";

export const TICKET_ATTACHMENT_REDACTED = "ticket_attachment_redacted";

export function ticketAttachmentRedacted(integration: string): FlowResource {
  return commentChangeFlow(integration, TICKET_ATTACHMENT_REDACTED, "attachment_redacted");
}
