/** Cases of ticket_assignment_changed. */
import { MAIN_EVENTS, ticketEvent } from "#test/support/flow-world-events";
import { settingsCases, ticketCases } from "./common.ts";
import { type FlowCase, retryCases } from "./flow-case.ts";

const flow = "ticket_assignment_changed";
const event = MAIN_EVENTS[flow]();
const recorded = {
  ends: "well",
  says: "Ticket 1001: the assignment is recorded.",
  did: ["record-assignment"],
} as const;

export const TICKET_ASSIGNMENT_CHANGED_CASES: readonly FlowCase[] = [
  { name: "another agent", event, ...recorded },
  {
    name: "another group",
    event: ticketEvent("GroupAssignmentChanged", { previous: null, current: 98_738 }),
    ...recorded,
  },
  {
    name: "neither agent nor group",
    event: MAIN_EVENTS[flow]({ assignee_id: null, group_id: null }),
    ...recorded,
  },
  {
    name: "no record wanted",
    event,
    settings: { record_assignments: false },
    ends: "well",
    says: "Ticket 1001: the settings want no record of assignments.",
  },
  {
    name: "an event without a time",
    event: ticketEvent("AgentAssignmentChanged", { meta: { ref: "1-2" } }),
    ends: "badly",
    says: "Ticket 1001: the assignment could not be read: ",
    waited: 0,
  },
  ...settingsCases(flow, "Ticket 1001", recorded),
  ...ticketCases(flow),
  ...retryCases(flow, { call: "Record the assignment", ...recorded }),
];
