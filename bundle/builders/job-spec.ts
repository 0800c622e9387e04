/** Job specs: which event starts which flow. */
import { WEBHOOK_SOURCE } from "#contract/webhooks";
import type { JobSpecResource } from "#zis/model/bundle";
import { resourceName } from "#zis/model/names";

/** Ticket events that flows of ours answer. Source: ZIS trigger events, ticket events. */
type TicketEvent =
  | "ticket.AgentAssignmentChanged"
  | "ticket.AttachmentRedactedFromComment"
  | "ticket.CommentAdded"
  | "ticket.CommentMadePrivate"
  | "ticket.CommentRedacted"
  | "ticket.CustomFieldChanged"
  | "ticket.GroupAssignmentChanged"
  | "ticket.MarkedAsSpam"
  | "ticket.RequesterChanged"
  | "ticket.StatusChanged"
  | "ticket.TagsChanged"
  | "ticket.TicketCreated"
  | "ticket.TicketMerged"
  | "ticket.TicketPermanentlyDeleted"
  | "ticket.TicketSoftDeleted"
  | "ticket.TicketUndeleted";

/** The event type as a name: `ticket.TicketCreated` is `on_ticket_created`. */
function nameOf(event: TicketEvent): string {
  const words = event.replace(/^ticket\.(Ticket)?/, "").replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_");
  return `on_ticket_${words.toLowerCase()}`;
}

/** A job spec named after its event. */
export function onTicketEvent(
  integration: string,
  event: TicketEvent,
  flowName: string,
): JobSpecResource {
  return jobSpec(nameOf(event), "support", event, resourceName(integration, "flow", flowName));
}

/** A job spec of an inbound webhook of ours, named after its event. */
export function onWebhook(
  integration: string,
  eventType: string,
  flowName: string,
): JobSpecResource {
  const name = `on_${eventType}`;
  return jobSpec(name, WEBHOOK_SOURCE, eventType, resourceName(integration, "flow", flowName));
}

function jobSpec(
  name: string,
  event_source: string,
  event_type: string,
  flow_name: string,
): JobSpecResource {
  return { type: "ZIS::JobSpec", properties: { name, event_source, event_type, flow_name } };
}
