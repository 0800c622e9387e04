/** Cases that flows share: settings that are missing or wrong, rules that leave a ticket alone, bad events. */
import { SETTINGS_VERSION } from "#contract/settings/settings";
import type { JsonObject } from "#zis/model/json";
import { unreachable } from "#test/support/flow-world";
import {
  FIELD_ID,
  type FlowEvent,
  type FlowName,
  MAIN_EVENTS,
} from "#test/support/flow-world-events";
import type { FlowCase } from "./flow-case.ts";
import { retryCases } from "./flow-case.ts";

/** What every flow does with its settings; `main` is what its main event comes to. */
export function settingsCases(
  flow: FlowName,
  subject: string,
  main: Omit<FlowCase, "name" | "event">,
): FlowCase[] {
  const event = MAIN_EVENTS[flow]();
  const wrong = (name: string, settings: JsonObject | null, says: string): FlowCase => ({
    name,
    event,
    settings,
    ends: "badly",
    says: `${subject}: ${says}`,
    waited: 0,
  });
  return [
    wrong("no Config", null, 'not configured: ZIS Configs has no scope "caseqa"'),
    wrong(
      "settings of a later version",
      { version: SETTINGS_VERSION + 1 },
      "the settings are wrong: version:",
    ),
    wrong(
      "two wrong settings",
      { enabled: "yes", forms: [0] },
      "the settings are wrong: enabled: expected true or false; forms: expected a list",
    ),
    {
      ...wrong("settings that jq cannot check", {}, "the settings could not be read: "),
      faults: { "Load settings: check": [unreachable] },
    },
    {
      name: "settings that could not be loaded, and a jq that fails on the reason",
      event,
      ...main,
      faults: { "Load settings": [unreachable], "Load settings: missing?": [unreachable] },
      waited: 2,
    },
    ...retryCases(flow, { call: "Load settings", ...main }),
  ];
}

/** What every flow that a ticket event starts does before its own work. */
export function ticketCases(flow: FlowName): FlowCase[] {
  const event: (ticket?: JsonObject) => FlowEvent = MAIN_EVENTS[flow];
  const alone = (name: string, settings: JsonObject, why: string): FlowCase => ({
    name,
    event: event(),
    settings: { ...settings, case_number_field_id: FIELD_ID },
    ends: "well",
    says: `Ticket 1001 is left alone: ${why}.`,
  });
  return [
    alone("CaseQA switched off", { enabled: false }, "CaseQA is switched off"),
    alone("an ignored tag", { ignore_tags: ["bulk", "vip"] }, "it carries the tag vip"),
    alone("another form", { forms: [1, "2"] }, "its form is not among those that count"),
    alone("another brand", { brands: [1] }, "its brand is not among those that count"),
    alone("another group", { groups: ["1"] }, "its group is not among those that count"),
    {
      name: "tags that are no list",
      event: event({ tags: "vip" }),
      settings: { case_number_field_id: FIELD_ID },
      ends: "badly",
      says: "Ticket 1001: the settings could not be applied to it: ",
      waited: 0,
    },
    {
      name: "a ticket without an id",
      event: event({ id: null }),
      ends: "badly",
      says: "The event is not in the documented form: ",
      waited: 0,
    },
  ];
}
