/** Cases of ticket_created. */
import type { JsonObject } from "#zis/model/json";
import { busy, unreachable } from "#test/support/flow-world";
import { MAIN_EVENTS } from "#test/support/flow-world-events";
import { type Answers, CASE_ID, OTHER_CASE_ID, RESOLVED } from "#test/support/flow-world-server";
import { settingsCases, ticketCases } from "./common.ts";
import { type FlowCase, retryCases } from "./flow-case.ts";

const flow = "ticket_created";
const event = MAIN_EVENTS[flow]();
const linked = {
  ends: "well",
  says: "Ticket 1001 is linked to case 00001026.",
  linked: [`1001 -> ${CASE_ID}`],
} as const;
const several = {
  answers: { "resolve-case": RESOLVED.ambiguous },
  ends: "well",
  says: "Ticket 1001 may belong to several cases and was not linked.",
} as const;

function answered(name: string, answer: keyof typeof RESOLVED, says: string): FlowCase {
  return { name, event, answers: { "resolve-case": RESOLVED[answer] }, ends: "well", says };
}

const relinked = (settings: JsonObject) => ({
  event,
  settings,
  links: [["1001", OTHER_CASE_ID]] as const,
  ...linked,
});

const unknown: Answers = { "resolve-case": { offContract: { outcome: "maybe" } } };

export const TICKET_CREATED_CASES: readonly FlowCase[] = [
  { name: "a single case", event, ...linked },
  { name: "a link that is there", event, links: [["1001", CASE_ID]], ...linked },
  { name: "a link to another case", ...relinked({ one_case_per_ticket: true }) },
  {
    name: "a link to another case, which may stay",
    ...relinked({ one_case_per_ticket: false }),
    linked: [`1001 -> ${CASE_ID}`, `1001 -> ${OTHER_CASE_ID}`],
  },
  { name: "several cases, told by a note", event, ...several, did: ["annotate-ticket"] },
  {
    name: "several cases, told by a tag",
    event,
    ...several,
    settings: { on_ambiguous: "tag" },
    did: ["annotate-ticket"],
  },
  { name: "several cases, not told", event, ...several, settings: { on_ambiguous: "nothing" } },
  answered("no case", "none", "Ticket 1001 has no case."),
  answered("nothing to look for", "empty", "Ticket 1001 has no case."),
  {
    ...answered(
      "a ticket that Zendesk does not show yet",
      "ticket_not_found",
      "Ticket 1001: the look-up was handed to the server's queue.",
    ),
    did: ["request-link"],
  },
  {
    name: "several cases, of a ticket that has the note already",
    event,
    ...several,
    answers: {
      ...several.answers,
      "annotate-ticket": { outcome: "already_there", ticket_id: "1001" },
    },
    did: ["annotate-ticket"],
  },
  {
    name: "several cases, of a ticket that takes no note",
    event,
    ...several,
    answers: {
      ...several.answers,
      "annotate-ticket": { outcome: "requester_suspended", ticket_id: "1001" },
    },
    says: "Ticket 1001 may belong to several cases and was not linked; its agents could not be notified: requester_suspended.",
    did: ["annotate-ticket"],
  },
  {
    name: "an answer that the bundle does not know",
    event,
    answers: unknown,
    ends: "badly",
    says: "Ticket 1001: the actions server answered an outcome that this bundle does not know.",
  },
  {
    name: "a look-up and a hand-over that both fail",
    event,
    faults: {
      "Resolve the case": [busy, busy, busy, busy],
      "Hand the work over": [unreachable],
    },
    ends: "badly",
    says: `Ticket 1001: "Hand the work over" failed: ${unreachable.error}`,
    waited: 30,
  },
  ...settingsCases(flow, "Ticket 1001", linked),
  ...ticketCases(flow),
  ...retryCases(flow, {
    call: "Resolve the case",
    ...linked,
    never: {
      ends: "well",
      says: "Ticket 1001: the look-up was handed to the server's queue.",
      did: ["request-link"],
    },
  }),
  ...retryCases(flow, {
    call: "Link ticket and case",
    parts: [
      "Link ticket and case: compare",
      "Link ticket and case: create",
      "Link ticket and case: end other",
    ],
    ...relinked({}),
  }),
  ...retryCases(flow, {
    call: "Notify the agents: write",
    ...several,
    did: ["annotate-ticket"],
  }),
];
