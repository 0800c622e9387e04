/** ticket_assignment_changed: the store learns who works on a ticket, agent and group. */
import type { FlowResource } from "../../zis/model/bundle.ts";
import { serverCall } from "../build/call.ts";
import { booleanEquals } from "../build/conditions.ts";
import { flow } from "../build/flow.ts";
import { PREAMBLE_START, ticketPreamble } from "../build/preamble.ts";
import { choice, ERROR_PATH, fail, jq, succeed, when } from "../build/states.ts";
import { EVENT, EVENT_KEY, SUBJECT } from "../build/ticket-event.ts";
import { at } from "../build/values.ts";

export const TICKET_ASSIGNMENT_CHANGED = "ticket_assignment_changed";

const READ = `if (.meta.occurred_at | type) == "string" and (.ticket | has("assignee_id") and has("group_id"))
  then {agent_id: .ticket.assignee_id, group_id: .ticket.group_id, occurred_at: .meta.occurred_at}
  else error("occurred_at, assignee_id or group_id is missing") end`;

export function ticketAssignmentChanged(integration: string): FlowResource {
  return flow(TICKET_ASSIGNMENT_CHANGED, PREAMBLE_START, {
    ...ticketPreamble("Recorded at all?"),
    "Recorded at all?": choice({
      why: "The administrator decides whether assignments are recorded.",
      branches: [when(booleanEquals("$.settings.record_assignments", true), "Read the assignment")],
      otherwise: "Not recorded",
    }),
    "Read the assignment": jq({
      why: "Nobody is null; a member that is missing altogether is not guessed at.",
      data: EVENT,
      expr: READ,
      into: "$.assignment",
      next: "Record the assignment",
      failed: "Unreadable",
    }),
    Unreadable: fail({
      why: "The event is not in the documented form.",
      error: "CaseQA.BadEvent",
      cause: `${SUBJECT}: the assignment could not be read: {{${ERROR_PATH}.Cause}}`,
    }),
    "Record the assignment": serverCall(integration, "record-assignment", {
      why: "Reviewers score who worked on the ticket. The event carries agent and group as they were then.",
      subject: SUBJECT,
      key: EVENT_KEY,
      body: {
        ticket_id: at("$.ticket.id"),
        agent_id: at("$.assignment.agent_id"),
        group_id: at("$.assignment.group_id"),
        occurred_at: at("$.assignment.occurred_at"),
      },
      into: "$.recorded",
      next: "Recorded",
    }),
    Recorded: succeed({
      why: "The store knows.",
      message: `${SUBJECT}: the assignment is recorded.`,
    }),
    "Not recorded": succeed({
      why: "The settings want no record.",
      message: `${SUBJECT}: the settings want no record of assignments.`,
    }),
  });
}
