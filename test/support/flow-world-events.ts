/** Events that start the bundle's flows, in the documented form. */
import { CASE_LINK_REQUESTED, SETTINGS_SYNC, WEBHOOK_SOURCE } from "#contract/webhooks";
import type { Json, JsonObject } from "#zis/model/json";
import { CASE_ID } from "./flow-world-server.ts";

export interface FlowEvent {
  readonly source: string;
  readonly type: string;
  readonly input: Json;
}

/** The key of the effects of the events below. */
export const EVENT_KEY = "0F1E2D3C4B5A69788796A5B4C3D2E1F0:2";

const META = {
  version: "1.0",
  occurred_at: "2026-03-01T10:15:00Z",
  ref: "7-901234567",
  sequence: { id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0", position: 2, total: 3 },
};

/** Ticket 1001 as events show it. */
const TICKET = {
  id: 1001,
  status: "open",
  assignee_id: 313_502_247_511,
  requester_id: 323_401_287_712,
  group_id: 98_738,
  brand_id: 32_040_676_813,
  form_id: 37_201_638_591,
  tags: ["vip"],
};

/** The ticket field of the events of a custom field. */
export const FIELD_ID = 360_041_234_567;

/** A native event of ticket 1001, its members and those of the ticket changed as told. */
export function ticketEvent(
  type: string,
  members: JsonObject = {},
  ticket: JsonObject = {},
): FlowEvent {
  return {
    source: "support",
    type: `ticket.${type}`,
    input: { ticket_event: { meta: META, type, ...members, ticket: { ...TICKET, ...ticket } } },
  };
}

/** One event for each flow, the one that takes its main way; `ticket` changes the ticket that it shows. */
export const MAIN_EVENTS = {
  ticket_created: (ticket: JsonObject = {}) => ticketEvent("TicketCreated", {}, ticket),
  ticket_status_changed: (ticket: JsonObject = {}) =>
    ticketEvent("StatusChanged", { previous: "open", current: "solved" }, ticket),
  ticket_custom_field_changed: (ticket: JsonObject = {}) =>
    ticketEvent(
      "CustomFieldChanged",
      { previous: "", current: "00001026", custom_field: { id: FIELD_ID } },
      ticket,
    ),
  ticket_assignment_changed: (ticket: JsonObject = {}) =>
    ticketEvent("AgentAssignmentChanged", { previous: null, current: 313_502_247_511 }, ticket),
  ticket_merged: (ticket: JsonObject = {}) =>
    ticketEvent("TicketMerged", { target_ticket_id: 1002 }, ticket),
  ticket_comment_added: (ticket: JsonObject = {}) =>
    ticketEvent("CommentAdded", { comment: { id: 77, is_public: true } }, ticket),
  ticket_comment_redacted: (ticket: JsonObject = {}) =>
    ticketEvent("CommentRedacted", { comment: { id: 77 } }, ticket),
  ticket_comment_made_private: (ticket: JsonObject = {}) =>
    ticketEvent("CommentMadePrivate", { comment: { id: 77 } }, ticket),
  ticket_attachment_redacted: (ticket: JsonObject = {}) =>
    ticketEvent(
      "AttachmentRedactedFromComment",
      { attachment: { id: 88, comment_id: 77 } },
      ticket,
    ),
  ticket_marked_as_spam: (ticket: JsonObject = {}) => ticketEvent("MarkedAsSpam", {}, ticket),
  ticket_requester_changed: (ticket: JsonObject = {}) =>
    ticketEvent("RequesterChanged", { previous: 1, current: 2 }, ticket),
  ticket_tags_changed: (ticket: JsonObject = {}) =>
    ticketEvent("TagsChanged", { tags_added: ["vip"], tags_removed: [] }, ticket),
  ticket_soft_deleted: (ticket: JsonObject = {}) => ticketEvent("TicketSoftDeleted", {}, ticket),
  ticket_undeleted: (ticket: JsonObject = {}) => ticketEvent("TicketUndeleted", {}, ticket),
  ticket_permanently_deleted: (ticket: JsonObject = {}) =>
    ticketEvent("TicketPermanentlyDeleted", {}, ticket),
  settings_sync: () => webhookEvent(SETTINGS_SYNC, { event_id: "sync-1" }),
  case_link_requested: () => linkRequest("link"),
};

export type FlowName = keyof typeof MAIN_EVENTS;

/** What the server asks for ticket 1001. */
export function linkRequest(action: string, members: JsonObject = {}): FlowEvent {
  const case_id = action === "unlink" ? null : CASE_ID;
  const body = { event_id: "request-1", action, ticket_id: "1001", case_id, ...members };
  return webhookEvent(CASE_LINK_REQUESTED, body);
}

/** An event of one of our inbound webhooks: its body is the flow's whole input. */
export function webhookEvent(type: string, input: Json): FlowEvent {
  return { source: WEBHOOK_SOURCE, type, input };
}
