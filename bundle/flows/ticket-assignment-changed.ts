/** ticket_assignment_changed: the store learns who works on a ticket, agent and group. */
import type { FlowResource } from "#zis/model/bundle";
import { serverCall } from "../builders/call.ts";
import { booleanEquals } from "../builders/conditions.ts";
import { flow } from "../builders/flow.ts";
import { PREAMBLE_START, ticketPreamble } from "../builders/preamble.ts";
import { setting } from "../builders/settings.ts";
import { choice, ERROR_PATH, fail, jq, succeed, when } from "../builders/states.ts";
import { EVENT, EVENT_KEY, SUBJECT } from "../builders/ticket-event.ts";
import { at } from "../builders/values.ts";

export const TICKET_ASSIGNMENT_CHANGED = "ticket_assignment_changed";

/** An id as number or text, null for nobody, or an error that names the member. */
const ID = `def id(name): if . == null then null
  elif (tostring | test("^[1-9][0-9]{0,18}\\\\z")) then tostring else error(name + " is not an id") end;`;

const READ = `${ID}
if (.ticket | has("assignee_id") and has("group_id") | not) then error("assignee_id or group_id is missing")
elif (.meta.occurred_at | type) != "string" or (.meta.occurred_at | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}(Z|[+-][0-9]{2}:[0-9]{2})\\\\z") | not)
then error("occurred_at is not a time")
else {agent_id: (.ticket.assignee_id | id("assignee_id")), group_id: (.ticket.group_id | id("group_id")), occurred_at: .meta.occurred_at} end`;

export function ticketAssignmentChanged(integration: string): FlowResource {
  return flow(TICKET_ASSIGNMENT_CHANGED, PREAMBLE_START, {
    ...ticketPreamble("Recorded at all?"),
    "Recorded at all?": choice({
      why: "The administrator decides whether assignments are recorded.",
      branches: [when(booleanEquals(setting("record_assignments"), true), "Read the assignment")],
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
