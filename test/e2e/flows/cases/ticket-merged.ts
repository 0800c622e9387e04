/** Cases of ticket_merged. */
import type { OperationName } from "#contract/actions/operations";
import { unreachable } from "#test/support/flow-world";
import { MAIN_EVENTS, ticketEvent } from "#test/support/flow-world-events";
import { CASE_ID, OTHER_CASE_ID } from "#test/support/flow-world-server";
import { settingsCases, ticketCases } from "./common.ts";
import { type FlowCase, retryCases } from "./flow-case.ts";

const flow = "ticket_merged";
const event = MAIN_EVENTS[flow]();
const did: readonly OperationName[] = ["merge-conversation"];
const merged = {
  ends: "well",
  says: "Ticket 1001 was merged into ticket 1002; conversation and links followed, two links at most in one run.",
  did,
} as const;
const moved = { links: [["1001", CASE_ID]], ...merged, linked: [`1002 -> ${CASE_ID}`] } as const;
const noTarget = "Ticket 1001 was merged, but the event does not say into which other ticket.";

export const TICKET_MERGED_CASES: readonly FlowCase[] = [
  { name: "a case that moves to the survivor", event, ...moved },
  { name: "two tickets without a case", event, ...merged },
  {
    name: "a survivor with the same case",
    event,
    links: [
      ["1001", CASE_ID],
      ["1002", CASE_ID],
    ],
    ...merged,
    linked: [`1002 -> ${CASE_ID}`],
  },
  {
    name: "a survivor with a case of its own",
    event,
    links: [
      ["1001", CASE_ID],
      ["1002", OTHER_CASE_ID],
    ],
    ...merged,
    linked: [`1002 -> ${OTHER_CASE_ID}`],
  },
  {
    name: "two tickets that may have several cases",
    event,
    settings: { one_case_per_ticket: false },
    links: [
      ["1001", CASE_ID],
      ["1001", OTHER_CASE_ID],
      ["1002", OTHER_CASE_ID],
    ],
    ...merged,
    linked: [`1002 -> ${CASE_ID}`, `1002 -> ${OTHER_CASE_ID}`],
  },
  { name: "a survivor alone with a case", event, links: [["1002", OTHER_CASE_ID]], ...merged },
  {
    name: "a survivor that the event does not name",
    event: ticketEvent("TicketMerged"),
    ends: "well",
    says: noTarget,
  },
  {
    name: "a survivor that is no ticket",
    event: ticketEvent("TicketMerged", { target_ticket_id: "1002\n" }),
    ends: "well",
    says: noTarget,
  },
  {
    name: "a survivor that is the merged ticket itself",
    event: ticketEvent("TicketMerged", { target_ticket_id: "1001" }),
    links: [["1001", CASE_ID]],
    ends: "well",
    says: noTarget,
  },
  {
    name: "a survivor that jq cannot read",
    event,
    faults: { "Read the target": [unreachable] },
    ends: "badly",
    says: "Ticket 1001: the merge could not be read: ",
  },
  {
    name: "links that jq cannot compare",
    event,
    faults: { "Choose what moves": [unreachable] },
    ends: "badly",
    says: "Ticket 1001: the merge could not be read: ",
    did,
  },
  ...settingsCases(flow, "Ticket 1001", merged),
  ...ticketCases(flow),
  ...retryCases(flow, { call: "Merge the conversation", ...moved }),
  ...retryCases(flow, { call: "Links of the merged", ...moved, never: { did } }),
  ...retryCases(flow, { call: "Links of the survivor", ...moved, never: { did } }),
  ...retryCases(flow, { call: "Link the survivor", ...moved, never: { did } }),
  ...retryCases(flow, {
    call: "End the old links",
    parts: ["End the old links: list", "End the old links: each"],
    ...moved,
    never: { did, linked: [`1001 -> ${CASE_ID}`, `1002 -> ${CASE_ID}`] },
  }),
];
