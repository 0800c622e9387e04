/** ticket_created: a new ticket is joined to its case, or its agents are notified why not. */
import type { FlowResource } from "#zis/model/bundle";
import { serverCall } from "../builders/call.ts";
import { stringEquals } from "../builders/conditions.ts";
import { flow } from "../builders/flow.ts";
import { linkCase } from "../builders/link-case.ts";
import { PREAMBLE_START, ticketPreamble } from "../builders/preamble.ts";
import { lookUp, RESOLVED_CASE, resolveCase, UNKNOWN_OUTCOME } from "../builders/resolve.ts";
import { choice, fail, succeed, when } from "../builders/states.ts";
import { notifyAgents } from "../builders/notify-agents.ts";
import { EVENT_KEY, SUBJECT, TICKET_ID } from "../builders/ticket-event.ts";

export const TICKET_CREATED = "ticket_created";

export function ticketCreated(integration: string): FlowResource {
  return flow(TICKET_CREATED, PREAMBLE_START, {
    ...ticketPreamble("Resolve the case"),
    "Resolve the case": resolveCase(integration, {
      next: "What was found?",
      orElse: "Hand the work over",
    }),
    "What was found?": choice({
      why: "Only a single match is linked.",
      branches: [
        when(stringEquals("$.resolved.outcome", "matched"), "Link ticket and case"),
        when(stringEquals("$.resolved.outcome", "ambiguous"), "Notify the agents"),
        when(stringEquals("$.resolved.outcome", "none"), "No case"),
        when(stringEquals("$.resolved.outcome", "ticket_not_found"), "Hand the work over"),
      ],
      otherwise: "Unknown answer",
    }),
    "Link ticket and case": linkCase({
      subject: SUBJECT,
      ticketId: TICKET_ID,
      ...RESOLVED_CASE,
      next: "Linked",
    }),
    "Notify the agents": notifyAgents({
      integration,
      setting: "on_ambiguous",
      reason: "ambiguous_case",
      withCandidates: true,
      next: "Several cases",
      unnotified: "Several cases, not notified",
    }),
    "Hand the work over": serverCall(integration, "request-link", {
      why: "Salesforce did not answer within the whole allowance, or Zendesk does not show the new ticket yet; the server's queue can wait longer than a flow.",
      subject: SUBJECT,
      key: EVENT_KEY,
      body: lookUp(),
      into: "$.handed",
      once: true,
      next: "Handed over",
    }),
    Linked: succeed({
      why: "Ticket and case know each other.",
      message: `${SUBJECT} is linked to case {{$.resolved.case.number}}.`,
    }),
    "Several cases": succeed({
      why: "The flow never guesses.",
      message: `${SUBJECT} may belong to several cases and was not linked.`,
    }),
    "Several cases, not notified": succeed({
      why: "Zendesk takes no change of this ticket.",
      message: `${SUBJECT} may belong to several cases and was not linked; its agents could not be notified: {{$.notified.outcome}}.`,
    }),
    "No case": succeed({
      why: "Most new tickets have no case.",
      message: `${SUBJECT} has no case.`,
    }),
    "Handed over": succeed({
      why: "The link follows when the server has found the case.",
      message: `${SUBJECT}: the look-up was handed to the server's queue.`,
    }),
    "Unknown answer": fail(UNKNOWN_OUTCOME),
  });
}
