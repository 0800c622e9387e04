/** Cases of the flows that inbound webhooks start: settings_sync and case_link_requested. */
import { CASE_LINK_REQUESTED, SETTINGS_SYNC } from "#contract/webhooks";
import type { JsonObject } from "#zis/model/json";
import { linkRequest, MAIN_EVENTS, webhookEvent } from "#test/support/flow-world-events";
import { CASE_ID, OTHER_CASE_ID } from "#test/support/flow-world-server";
import { settingsCases } from "./common.ts";
import { type FlowCase, retryCases } from "./flow-case.ts";

const inForce = {
  ends: "well",
  says: "Settings: revision 1 is in force.",
  did: ["apply-settings"],
} as const;

const applied = (answer: JsonObject) => ({
  event: MAIN_EVENTS.settings_sync(),
  ...inForce,
  answers: { "apply-settings": answer },
});

export const SETTINGS_SYNC_CASES: readonly FlowCase[] = [
  { name: "new settings", event: MAIN_EVENTS.settings_sync(), ...inForce },
  {
    name: "the settings in force",
    ...applied({ outcome: "unchanged", revision: 1, problem: "" }),
  },
  {
    name: "settings older than those in force",
    ...applied({ outcome: "outdated", revision: 7, problem: "" }),
    says: "Settings: the server already has the newer revision 7.",
  },
  {
    name: "settings that the server rejects",
    ...applied({ outcome: "rejected", revision: null, problem: "forms: too many" }),
    ends: "badly",
    says: "Settings: the server rejected them: forms: too many",
  },
  {
    name: "an answer that the bundle does not know",
    ...applied({ offContract: { outcome: "maybe" } }),
    ends: "badly",
    says: "Settings: the actions server answered an outcome that this bundle does not know.",
  },
  {
    name: "an event without an id",
    event: webhookEvent(SETTINGS_SYNC, {}),
    ends: "badly",
    says: "Settings: the request is not in the agreed form: ",
    waited: 0,
  },
  ...settingsCases("settings_sync", "Settings", inForce),
  ...retryCases("settings_sync", { call: "Apply settings", ...inForce }),
];

const linked = {
  ends: "well",
  says: "Ticket 1001 is linked, as the server asked.",
  linked: [`1001 -> ${CASE_ID}`],
} as const;
const unlinked = {
  event: linkRequest("unlink"),
  links: [["1001", CASE_ID]],
  ends: "well",
  says: "Ticket 1001 lost its links, as the server asked, two at most in one run.",
  linked: [],
} as const;

function bad(name: string, members: JsonObject, says: string): FlowCase {
  const event = linkRequest("link", members);
  return { name, event, ends: "badly", says, waited: 0 };
}

export const CASE_LINK_REQUESTED_CASES: readonly FlowCase[] = [
  { name: "a link", event: linkRequest("link"), ...linked },
  {
    name: "a link that is there",
    event: linkRequest("link"),
    links: [["1001", CASE_ID]],
    ...linked,
  },
  {
    name: "a link to another case",
    event: linkRequest("link"),
    links: [["1001", OTHER_CASE_ID]],
    ...linked,
  },
  { name: "no link any more", ...unlinked },
  { name: "no link any more, and there is none", ...unlinked, links: [] },
  {
    name: "CaseQA switched off",
    event: linkRequest("link"),
    settings: { enabled: false },
    ends: "well",
    says: "Ticket 1001 is left alone: CaseQA is switched off.",
  },
  bad("another action", { action: "drop" }, "action is neither link nor unlink"),
  bad("a ticket id with a line break", { ticket_id: "1001\n" }, "ticket_id is not a ticket id"),
  bad("no ticket id", { ticket_id: null }, "ticket_id is not a ticket id"),
  bad("no case id", { case_id: null }, "case_id is not a case id of 18 characters"),
  bad("a case id of 15 characters", { case_id: CASE_ID.slice(0, 15) }, "case_id is not a case id"),
  {
    name: "a request that is no object",
    event: webhookEvent(CASE_LINK_REQUESTED, ["link"]),
    ends: "badly",
    says: "The request is not in the agreed form: ",
  },
  ...settingsCases("case_link_requested", "Ticket 1001", linked),
  ...retryCases("case_link_requested", {
    call: "Link ticket and case",
    parts: [
      "Link ticket and case: compare",
      "Link ticket and case: create",
      "Link ticket and case: end other",
    ],
    links: [["1001", OTHER_CASE_ID]],
    ...linked,
  }),
  ...retryCases("case_link_requested", {
    call: "End the links",
    parts: ["End the links: list", "End the links: each"],
    ...unlinked,
  }),
];
