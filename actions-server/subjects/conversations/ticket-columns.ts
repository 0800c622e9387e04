/** The columns of a conversation that any reply about its ticket fills, an export's row as well as the ticket itself. Pure. */
import { storableText } from "#platform/db/storable";
import type { ZendeskTicket } from "#remotes/zendesk/rows";

export function ticketColumns(ticket: ZendeskTicket) {
  return {
    subject: ticket.subject === undefined ? null : storableText(ticket.subject),
    status: storableText(ticket.status),
    channel: ticket.channel === undefined ? null : storableText(ticket.channel),
    requester_id: ticket.requesterId ?? null,
    assignee_id: ticket.assigneeId ?? null,
    group_id: ticket.groupId ?? null,
    brand_id: ticket.brandId ?? null,
    organization_id: ticket.organizationId ?? null,
    form_id: ticket.formId ?? null,
    tags: ticket.tags.map(storableText),
  };
}
