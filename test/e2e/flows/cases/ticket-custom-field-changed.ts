/** Cases of ticket_custom_field_changed. */
import { unreachable } from "#test/support/flow-world";
import { FIELD_ID, MAIN_EVENTS, ticketEvent } from "#test/support/flow-world-events";
import { CASE_ID, OTHER_CASE_ID, RESOLVED } from "#test/support/flow-world-server";
import { settingsCases, ticketCases } from "./common.ts";
import { type FlowCase, retryCases } from "./flow-case.ts";

const flow = "ticket_custom_field_changed";
const event = MAIN_EVENTS[flow]();
const settings = { case_number_field_id: FIELD_ID };
const linked = {
  settings,
  ends: "well",
  says: "Ticket 1001 is linked to case 00001026.",
  linked: [`1001 -> ${CASE_ID}`],
} as const;
const told = {
  settings,
  ends: "well",
  says: "Ticket 1001: the typed case number leads to no single case.",
  did: ["annotate-ticket"],
} as const;
const notNotified = { settings: { ...settings, on_unknown_number: "nothing" }, did: [] } as const;
const several = { ...told, answers: { "resolve-case": RESOLVED.ambiguous } } as const;
const none = { ...told, answers: { "resolve-case": RESOLVED.none } } as const;
const UNTOLD =
  "Ticket 1001: the typed case number leads to no single case, and its agents could not be notified:";
const tooMany = { outcome: "too_many_comments", ticket_id: "1001" } as const;
const cleared = {
  settings,
  answers: { "resolve-case": RESOLVED.empty },
  ends: "well",
  says: "Ticket 1001 has no case number any more: its links ended, two at most in one run.",
  linked: [],
} as const;

export const TICKET_CUSTOM_FIELD_CHANGED_CASES: readonly FlowCase[] = [
  { name: "a number that leads to a case", event, ...linked },
  {
    name: "a field whose id is text in event and settings",
    event: ticketEvent("CustomFieldChanged", { custom_field: { id: String(FIELD_ID) } }),
    ...linked,
    settings: { case_number_field_id: String(FIELD_ID) },
  },
  { name: "a link to another case", event, links: [["1001", OTHER_CASE_ID]], ...linked },
  {
    name: "another field",
    event: ticketEvent("CustomFieldChanged", { custom_field: { id: 1 } }),
    settings,
    ends: "well",
    says: "Ticket 1001: another field changed.",
  },
  {
    name: "no field in the settings",
    event,
    ends: "well",
    says: "Ticket 1001: another field changed.",
  },
  {
    name: "a field that is no object",
    event: ticketEvent("CustomFieldChanged", { custom_field: "17" }),
    settings,
    ends: "badly",
    says: "Ticket 1001: the event names no custom field: ",
    waited: 0,
  },
  { name: "several cases", event, ...several },
  { name: "several cases, agents not notified", event, ...several, ...notNotified },
  {
    name: "several cases, of a ticket that takes no note",
    event,
    ...several,
    answers: { ...several.answers, "annotate-ticket": tooMany },
    says: `${UNTOLD} too_many_comments.`,
  },
  { name: "an unknown number", event, ...none },
  {
    name: "an unknown number, on a closed ticket",
    event,
    ...none,
    answers: {
      ...none.answers,
      "annotate-ticket": { outcome: "ticket_closed", ticket_id: "1001" },
    },
    says: `${UNTOLD} ticket_closed.`,
  },
  { name: "an unknown number, agents not notified", event, ...none, ...notNotified },
  {
    name: "an unknown number, told by a tag",
    event,
    ...none,
    settings: { ...settings, on_unknown_number: "tag" },
  },
  { name: "a number that was cleared", event, links: [["1001", CASE_ID]], ...cleared },
  {
    name: "a number that was cleared, from a ticket with two cases",
    event,
    links: [
      ["1001", CASE_ID],
      ["1001", OTHER_CASE_ID],
      ["1003", OTHER_CASE_ID],
    ],
    ...cleared,
    linked: [`1003 -> ${OTHER_CASE_ID}`],
  },
  { name: "a number that was cleared, from a ticket without a case", event, ...cleared },
  {
    name: "a ticket that is gone",
    event,
    settings,
    answers: { "resolve-case": RESOLVED.ticket_not_found },
    ends: "well",
    says: "Ticket 1001 does not exist any more.",
  },
  {
    name: "an answer that the bundle does not know",
    event,
    settings,
    answers: { "resolve-case": { offContract: { outcome: "maybe" } } },
    ends: "badly",
    says: "Ticket 1001: the actions server answered an outcome that this bundle does not know.",
  },
  {
    name: "a comparison that jq cannot do",
    event,
    settings,
    faults: { "Compare the field": [unreachable] },
    ends: "badly",
    says: "Ticket 1001: the event names no custom field: ",
  },
  ...settingsCases(flow, "Ticket 1001", linked),
  ...ticketCases(flow),
  ...retryCases(flow, { call: "Look the number up", ...linked }),
  ...retryCases(flow, {
    call: "Link ticket and case",
    parts: [
      "Link ticket and case: compare",
      "Link ticket and case: create",
      "Link ticket and case: end other",
    ],
    links: [["1001", OTHER_CASE_ID]],
    ...linked,
  }),
  ...retryCases(flow, {
    call: "End the links",
    parts: ["End the links: list", "End the links: each"],
    links: [["1001", CASE_ID]],
    ...cleared,
  }),
  ...retryCases(flow, { call: "Notify of several: write", ...several }),
  ...retryCases(flow, { call: "Notify of none: write", ...none }),
];
