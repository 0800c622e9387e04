/** ticket_status_changed: a solved ticket is joined to its case and its conversation is stored. */
import type { FlowResource } from "#zis/model/bundle";
import { serverCall } from "../builders/call.ts";
import { booleanEquals, stringEquals } from "../builders/conditions.ts";
import { flow } from "../builders/flow.ts";
import { linkCase } from "../builders/link-case.ts";
import { PREAMBLE_START, ticketPreamble } from "../builders/preamble.ts";
import { RESOLVED_CASE, resolveCase, UNKNOWN_OUTCOME } from "../builders/resolve.ts";
import { setting } from "../builders/settings.ts";
import { choice, ERROR_PATH, fail, jq, succeed, when } from "../builders/states.ts";
import {
  EVENT_KEY,
  OCCURRED_AT,
  SUBJECT,
  TICKET_ID,
  TICKET_IDS,
} from "../builders/ticket-event.ts";
import { at } from "../builders/values.ts";

export const TICKET_STATUS_CHANGED = "ticket_status_changed";

export function ticketStatusChanged(integration: string): FlowResource {
  return flow(TICKET_STATUS_CHANGED, "Read the status", {
    "Read the status": jq({
      why: "What ZIS does with a comparison of a status that is missing is not documented.",
      data: "$.input",
      expr: 'if (.ticket_event.current | type) == "string" then (.ticket_event.current | ascii_downcase) as $status | {current: $status, done: ($status == "solved" or $status == "closed")} else error("it has no current status") end',
      into: "$.status",
      next: "Solved?",
      failed: "No status",
    }),
    "Solved?": choice({
      why: "Most status changes are not for us; they end here before anything is loaded.",
      branches: [when(booleanEquals("$.status.done", true), PREAMBLE_START)],
      otherwise: "Not solved",
    }),
    "No status": fail({
      why: "The event is not in the documented form.",
      error: "CaseQA.BadEvent",
      cause: `The event is not in the documented form: {{${ERROR_PATH}.Cause}}`,
    }),
    "Not solved": succeed({
      why: "Only a solved or closed ticket is captured.",
      message: "The ticket was neither solved nor closed: nothing to do.",
    }),
    ...ticketPreamble("Closed?"),
    "Closed?": choice({
      why: "A closed ticket was joined to its case when it was solved.",
      branches: [when(stringEquals("$.status.current", "closed"), "Capture when closed?")],
      otherwise: "Resolve the case",
    }),
    "Capture when closed?": choice({
      why: "The administrator decides whether closed tickets are reviewed.",
      branches: [when(booleanEquals(setting("capture_on_closed"), true), "Capture the closed")],
      otherwise: "Closed, not captured",
    }),
    "Capture the closed": serverCall(integration, "capture-conversation", {
      why: "What is known of the case stays; the server knows which tickets the settings want.",
      subject: SUBJECT,
      key: EVENT_KEY,
      body: { ticket_id: at("$.ticket.id"), occurred_at: OCCURRED_AT, on: "closed", ...TICKET_IDS },
      into: "$.captured",
      next: "What was captured of it?",
    }),
    "What was captured of it?": choice({
      why: "Stored now, stored soon, not wanted, or not there.",
      branches: [
        when(stringEquals("$.captured.outcome", "captured"), "Closed, captured"),
        when(stringEquals("$.captured.outcome", "accepted"), "Closed, captured"),
        when(stringEquals("$.captured.outcome", "not_wanted"), "Not wanted"),
        when(stringEquals("$.captured.outcome", "ticket_not_found"), "Ticket gone"),
        when(stringEquals("$.captured.outcome", "conversation_unreadable"), "Not readable"),
      ],
      otherwise: "Unknown answer",
    }),
    "Closed, captured": succeed({
      why: "The store has the ticket as it was closed.",
      message: `${SUBJECT} was closed: conversation {{$.captured.outcome}}.`,
    }),
    "Closed, not captured": succeed({
      why: "The settings capture no closed tickets.",
      message: `${SUBJECT} was closed: the settings want no capture.`,
    }),
    "Not wanted": succeed({
      why: "The rules of the settings leave it out.",
      message: `${SUBJECT}: its conversation is not stored: {{$.captured.reason}}.`,
    }),
    "Resolve the case": resolveCase(integration, { next: "What was found?" }),
    "What was found?": choice({
      why: "Only a single match is linked; the conversation is stored in any case.",
      branches: [
        when(stringEquals("$.resolved.outcome", "matched"), "Link ticket and case"),
        when(stringEquals("$.resolved.outcome", "ambiguous"), "Capture?"),
        when(stringEquals("$.resolved.outcome", "none"), "Capture?"),
        when(stringEquals("$.resolved.outcome", "ticket_not_found"), "Capture later?"),
      ],
      otherwise: "Unknown answer",
    }),
    "Link ticket and case": linkCase({
      subject: SUBJECT,
      ticketId: TICKET_ID,
      ...RESOLVED_CASE,
      next: "Capture?",
    }),
    "Capture?": choice({
      why: "The administrator decides whether solved tickets are reviewed.",
      branches: [
        when(booleanEquals(setting("capture_on_solved"), true), "Capture the conversation"),
      ],
      otherwise: "Not captured",
    }),
    "Capture the conversation": serverCall(integration, "capture-conversation", {
      why: "The reviewers see the conversation as soon as the ticket is solved.",
      subject: SUBJECT,
      key: EVENT_KEY,
      body: {
        ticket_id: at("$.ticket.id"),
        case_id: at("$.resolved.case_id"),
        occurred_at: OCCURRED_AT,
        on: "solved",
        ...TICKET_IDS,
      },
      into: "$.captured",
      next: "What was captured?",
    }),
    "Capture later?": choice({
      why: "Zendesk may not show a ticket that is seconds old.",
      branches: [when(booleanEquals(setting("capture_on_solved"), true), "Capture without a case")],
      otherwise: "Ticket gone",
    }),
    "Capture without a case": serverCall(integration, "capture-conversation", {
      why: "While the event is fresh the server looks once more; what is known of the case stays.",
      subject: SUBJECT,
      key: EVENT_KEY,
      body: { ticket_id: at("$.ticket.id"), occurred_at: OCCURRED_AT, on: "solved", ...TICKET_IDS },
      into: "$.captured",
      next: "Looked for later?",
    }),
    "Looked for later?": choice({
      why: "The server promises a second look, or the ticket has appeared meanwhile.",
      branches: [when(stringEquals("$.captured.outcome", "accepted"), "Not there yet")],
      otherwise: "What was captured?",
    }),
    "What was captured?": choice({
      why: "Stored now, stored soon, kept where the server may not read, or gone with the ticket.",
      branches: [
        when(stringEquals("$.captured.outcome", "captured"), "Done"),
        when(stringEquals("$.captured.outcome", "accepted"), "Done later"),
        when(stringEquals("$.captured.outcome", "not_wanted"), "Not wanted"),
        when(stringEquals("$.captured.outcome", "ticket_not_found"), "Ticket gone"),
        when(stringEquals("$.captured.outcome", "conversation_unreadable"), "Not readable"),
      ],
      otherwise: "Unknown answer",
    }),
    Done: succeed({
      why: "Everything is in place.",
      message: `${SUBJECT}: case {{$.resolved.outcome}}, conversation stored.`,
    }),
    "Done later": succeed({
      why: "The server has recorded the work and finishes it itself.",
      message: `${SUBJECT}: case {{$.resolved.outcome}}, conversation accepted and stored soon.`,
    }),
    "Not there yet": succeed({
      why: "The server looks once more, and the hourly sweep finds what is still missing.",
      message: `${SUBJECT} is not shown by Zendesk yet; the server looks for it once more.`,
    }),
    "Not captured": succeed({
      why: "The settings switch capturing off.",
      message: `${SUBJECT}: case {{$.resolved.outcome}}, the settings want no capture.`,
    }),
    "Ticket gone": succeed({
      why: "A deleted ticket has nothing to capture.",
      message: `${SUBJECT} does not exist any more.`,
    }),
    "Not readable": fail({
      why: "A conversation that nobody could read is not stored as if it were empty.",
      error: "CaseQA.ConversationUnreadable",
      cause: `${SUBJECT}: its conversation is not stored: {{$.captured.reason}}`,
    }),
    "Unknown answer": fail(UNKNOWN_OUTCOME),
  });
}
