/** ticket_custom_field_changed: an agent types a case number, and the ticket is linked, or its agents are notified why not. */
import type { FlowResource } from "#zis/model/bundle";
import { booleanEquals, stringEquals } from "../builders/conditions.ts";
import { flow } from "../builders/flow.ts";
import { linkCase, unlinkTicket } from "../builders/link-case.ts";
import { PREAMBLE_START, ticketPreamble } from "../builders/preamble.ts";
import { RESOLVED_CASE, resolveCase, UNKNOWN_OUTCOME } from "../builders/resolve.ts";
import { choice, ERROR_PATH, fail, jq, succeed, when } from "../builders/states.ts";
import { notifyAgents } from "../builders/notify-agents.ts";
import { SUBJECT, TICKET_ID } from "../builders/ticket-event.ts";

export const TICKET_CUSTOM_FIELD_CHANGED = "ticket_custom_field_changed";

export function ticketCustomFieldChanged(integration: string): FlowResource {
  return flow(TICKET_CUSTOM_FIELD_CHANGED, PREAMBLE_START, {
    ...ticketPreamble("Compare the field"),
    "Compare the field": jq({
      why: "Is it the field that holds the case number? Ids are compared as text.",
      data: "$",
      expr: 'if .input.ticket_event.custom_field.id == null then error("custom_field.id is missing") else {ours: (.settings.case_number_field_id != null and (.settings.case_number_field_id | tostring) == (.input.ticket_event.custom_field.id | tostring))} end',
      into: "$.field",
      next: "Our field?",
      failed: "No field",
    }),
    "Our field?": choice({
      why: "Tickets have many fields; one of them is ours.",
      branches: [when(booleanEquals("$.field.ours", true), "Look the number up")],
      otherwise: "Other field",
    }),
    "Other field": succeed({
      why: "Another field changed.",
      message: `${SUBJECT}: another field changed.`,
    }),
    "No field": fail({
      why: "The event is not in the documented form.",
      error: "CaseQA.BadEvent",
      cause: `${SUBJECT}: the event names no custom field: {{${ERROR_PATH}.Cause}}`,
    }),
    "Look the number up": resolveCase(integration, {
      only: ["case_number"],
      next: "What was found?",
    }),
    "What was found?": choice({
      why: "The server reads the field as it is now: the event may be old.",
      branches: [
        when(stringEquals("$.resolved.outcome", "matched"), "Link ticket and case"),
        when(stringEquals("$.resolved.outcome", "ambiguous"), "Notify of several"),
        when(stringEquals("$.resolved.outcome", "ticket_not_found"), "Ticket gone"),
        when(
          {
            And: [
              stringEquals("$.resolved.outcome", "none"),
              stringEquals("$.resolved.reason", "nothing_to_look_for"),
            ],
          },
          "End the links",
        ),
        when(stringEquals("$.resolved.outcome", "none"), "Notify of none"),
      ],
      otherwise: "Unknown answer",
    }),
    "Link ticket and case": linkCase({
      subject: SUBJECT,
      ticketId: TICKET_ID,
      ...RESOLVED_CASE,
      next: "Linked",
    }),
    "End the links": unlinkTicket({ subject: SUBJECT, ticketId: TICKET_ID, next: "Unlinked" }),
    "Notify of several": notifyAgents({
      integration,
      setting: "on_unknown_number",
      reason: "ambiguous_case",
      withCandidates: true,
      next: "Not linked",
      unnotified: "Not linked, not notified",
    }),
    "Notify of none": notifyAgents({
      integration,
      setting: "on_unknown_number",
      reason: "unknown_case_number",
      withCandidates: false,
      next: "Not linked",
      unnotified: "Not linked, not notified",
    }),
    Linked: succeed({
      why: "The agent's number leads to the case.",
      message: `${SUBJECT} is linked to case {{$.resolved.case.number}}.`,
    }),
    Unlinked: succeed({
      why: "The agent cleared the number.",
      message: `${SUBJECT} has no case number any more: its links ended, two at most in one run.`,
    }),
    "Not linked": succeed({
      why: "The number leads to no single case; the ticket's links stay as they were.",
      message: `${SUBJECT}: the typed case number leads to no single case.`,
    }),
    "Not linked, not notified": succeed({
      why: "Zendesk takes no change of this ticket.",
      message: `${SUBJECT}: the typed case number leads to no single case, and its agents could not be notified: {{$.notified.outcome}}.`,
    }),
    "Ticket gone": succeed({
      why: "A deleted ticket is not linked.",
      message: `${SUBJECT} does not exist any more.`,
    }),
    "Unknown answer": fail(UNKNOWN_OUTCOME),
  });
}
