/** Cases of ticket_status_changed. */
import type { JsonObject } from "#zis/model/json";
import { MAIN_EVENTS, ticketEvent } from "#test/support/flow-world-events";
import { CASE_ID, OTHER_CASE_ID, RESOLVED } from "#test/support/flow-world-server";
import { settingsCases, ticketCases } from "./common.ts";
import { type FlowCase, retryCases } from "./flow-case.ts";

const flow = "ticket_status_changed";
const event = MAIN_EVENTS[flow]();
const stored = {
  ends: "well",
  says: "Ticket 1001: case matched, conversation stored.",
  linked: [`1001 -> ${CASE_ID}`],
  did: ["capture-conversation"],
} as const;

function resolved(name: string, answer: keyof typeof RESOLVED, says: string): FlowCase {
  const answers = { "resolve-case": RESOLVED[answer] };
  return { name, event, answers, ends: "well", says, did: ["capture-conversation"] };
}

const captured = (answer: JsonObject) => ({
  event,
  answers: { "resolve-case": RESOLVED.none, "capture-conversation": answer },
  ends: "well" as const,
  did: ["capture-conversation"] as const,
});

const closed = {
  event: ticketEvent("StatusChanged", { previous: "solved", current: "closed" }),
  settings: { capture_on_closed: true },
  ends: "well",
  says: "Ticket 1001 was closed: conversation captured.",
  did: ["capture-conversation"],
} as const;
const closedWith = (name: string, answer: JsonObject, rest: Partial<FlowCase>): FlowCase => ({
  name,
  ...closed,
  answers: { "capture-conversation": answer },
  ...rest,
});
const notWanted = { outcome: "not_wanted", ticket_id: "1001", reason: "the rule" };

const CLOSED_CASES: readonly FlowCase[] = [
  { name: "a closed ticket", ...closed },
  {
    name: "a closed ticket, no capture wanted",
    ...closed,
    settings: {},
    says: "Ticket 1001 was closed: the settings want no capture.",
    did: [],
  },
  closedWith(
    "a closed ticket whose capture the server finishes later",
    { outcome: "accepted", ticket_id: "1001" },
    { says: "Ticket 1001 was closed: conversation accepted." },
  ),
  closedWith("a closed ticket that the rules leave out", notWanted, {
    says: "Ticket 1001: its conversation is not stored: the rule.",
  }),
  closedWith(
    "a closed ticket that is gone",
    { outcome: "ticket_not_found", ticket_id: "1001" },
    { says: "Ticket 1001 does not exist any more." },
  ),
  closedWith(
    "a closed ticket that cannot be read",
    { outcome: "conversation_unreadable", ticket_id: "1001", reason: "closed to us" },
    { ends: "badly", says: "Ticket 1001: its conversation is not stored: closed to us" },
  ),
  {
    name: "a closed ticket and an answer that the bundle does not know",
    ...closed,
    answers: { "capture-conversation": { offContract: { outcome: "maybe" } } },
    ends: "badly",
    says: "the actions server answered an outcome that this bundle does not know",
  },
  ...retryCases(flow, { call: "Capture the closed", ...closed }),
];

export const TICKET_STATUS_CHANGED_CASES: readonly FlowCase[] = [
  { name: "a single case", event, ...stored },
  {
    name: "a status that is not solved",
    event: ticketEvent("StatusChanged", { previous: "new", current: "open" }),
    ends: "well",
    says: "The ticket was neither solved nor closed: nothing to do.",
  },
  {
    name: "solved in capitals, as webhooks of Zendesk write it",
    event: ticketEvent("StatusChanged", { previous: "OPEN", current: "SOLVED" }),
    ...stored,
  },
  {
    name: "an event without a status",
    event: ticketEvent("StatusChanged"),
    ends: "badly",
    says: "The event is not in the documented form: ",
  },
  { name: "a link to another case", event, links: [["1001", OTHER_CASE_ID]], ...stored },
  resolved("several cases", "ambiguous", "Ticket 1001: case ambiguous, conversation stored."),
  resolved("no case", "none", "Ticket 1001: case none, conversation stored."),
  {
    name: "a ticket that is gone",
    event,
    answers: {
      "resolve-case": RESOLVED.ticket_not_found,
      "capture-conversation": { outcome: "ticket_not_found", ticket_id: "1001" },
    },
    ends: "well",
    says: "Ticket 1001 does not exist any more.",
    did: ["capture-conversation"],
  },
  {
    name: "a ticket that is gone, no capture wanted",
    event,
    settings: { capture_on_solved: false },
    answers: { "resolve-case": RESOLVED.ticket_not_found },
    ends: "well",
    says: "Ticket 1001 does not exist any more.",
  },
  {
    name: "a ticket that Zendesk does not show yet",
    event,
    answers: {
      "resolve-case": RESOLVED.ticket_not_found,
      "capture-conversation": { outcome: "accepted", ticket_id: "1001" },
    },
    ends: "well",
    says: "Ticket 1001 is not shown by Zendesk yet; the server looks for it once more.",
    did: ["capture-conversation"],
  },
  resolved(
    "a ticket that Zendesk shows at the second look",
    "ticket_not_found",
    "Ticket 1001: case ticket_not_found, conversation stored.",
  ),
  {
    name: "a conversation that cannot be read",
    ...captured({
      outcome: "conversation_unreadable",
      ticket_id: "1001",
      reason: "the audits are closed to us",
    }),
    ends: "badly",
    says: "Ticket 1001: its conversation is not stored: the audits are closed to us",
  },
  {
    name: "no capture wanted",
    event,
    settings: { capture_on_solved: false },
    ...stored,
    says: "Ticket 1001: case matched, the settings want no capture.",
    did: [],
  },
  ...CLOSED_CASES,
  {
    name: "a conversation that the rules leave out",
    ...captured(notWanted),
    says: "Ticket 1001: its conversation is not stored: the rule.",
  },
  {
    name: "a capture that the server finishes later",
    ...captured({ outcome: "accepted", ticket_id: "1001" }),
    says: "Ticket 1001: case none, conversation accepted and stored soon.",
  },
  {
    name: "a ticket that went between look-up and capture",
    ...captured({ outcome: "ticket_not_found", ticket_id: "1001" }),
    says: "Ticket 1001 does not exist any more.",
  },
  {
    name: "an answer to the look-up that the bundle does not know",
    event,
    answers: { "resolve-case": { offContract: { outcome: "maybe" } } },
    ends: "badly",
    says: "Ticket 1001: the actions server answered an outcome that this bundle does not know.",
  },
  {
    name: "an answer to the capture that the bundle does not know",
    ...captured({ offContract: { outcome: "maybe" } }),
    ends: "badly",
    says: "Ticket 1001: the actions server answered an outcome that this bundle does not know.",
  },
  ...settingsCases(flow, "Ticket 1001", stored),
  ...ticketCases(flow),
  ...retryCases(flow, { call: "Resolve the case", ...stored }),
  ...retryCases(flow, {
    call: "Link ticket and case",
    parts: [
      "Link ticket and case: compare",
      "Link ticket and case: create",
      "Link ticket and case: end other",
    ],
    links: [["1001", OTHER_CASE_ID]],
    ...stored,
  }),
  ...retryCases(flow, {
    call: "Capture without a case",
    answers: { "resolve-case": RESOLVED.ticket_not_found },
    ends: "well",
    says: "Ticket 1001: case ticket_not_found, conversation stored.",
    did: ["capture-conversation"],
  }),
  ...retryCases(flow, {
    call: "Capture the conversation",
    ...stored,
    never: { linked: stored.linked },
  }),
];
