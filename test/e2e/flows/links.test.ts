/** The links that flows make and end: their names, their metadata, and how many a ticket has. */
import { afterAll, describe, expect, it } from "vitest";
import {
  caseLinkName,
  parseCaseLinkName,
  parseTicketLinkName,
  ticketLinkName,
  toCaseId18,
} from "#contract/links";
import type { JsonObject } from "#zis/model/json";
import { type FlowWorldOptions, openFlowBench } from "../../support/flow-world.ts";
import {
  type FlowEvent,
  FIELD_ID,
  linkRequest,
  MAIN_EVENTS,
} from "../../support/flow-world-events.ts";
import { CASE_ID, OTHER_CASE_ID, RESOLVED } from "../../support/flow-world-server.ts";

const bench = openFlowBench();
afterAll(() => bench.close());

const settings = { case_number_field_id: FIELD_ID };
const empty = { "resolve-case": RESOLVED.empty } as const;

describe("the story of a ticket", () => {
  it.each<[string, boolean, string[]]>([
    ["one case", true, [`1001 -> ${OTHER_CASE_ID}`]],
    ["several cases", false, [`1001 -> ${CASE_ID}`, `1001 -> ${OTHER_CASE_ID}`]],
  ])("that may have %s keeps what the setting says", async (_what, one_case_per_ticket, links) => {
    const world = bench.world({ settings: { ...settings, one_case_per_ticket } });

    await world.run(MAIN_EVENTS.ticket_custom_field_changed());
    await world.run(linkRequest("link", { case_id: OTHER_CASE_ID }));

    expect(world.links()).toEqual(links);
  });

  it("leaves the links of other tickets to the same case alone", async () => {
    const world = bench.world({ links: [["1003", CASE_ID]] });

    await world.run(MAIN_EVENTS.ticket_created());
    await world.run(linkRequest("unlink"));

    expect(world.links()).toEqual([`1003 -> ${CASE_ID}`]);
  });

  it("ends more links than one run can by the next event", async () => {
    const cases = [3, 4, 5].map((n) => ["1001", `50000000000000${n}AAA`] as const);
    const world = bench.world({ settings, answers: empty, links: cases });

    await world.run(MAIN_EVENTS.ticket_custom_field_changed());
    expect(world.links()).toHaveLength(1);
    await world.run(MAIN_EVENTS.ticket_custom_field_changed());

    expect(world.links()).toEqual([]);
  });
});

/** The Parameters with which a flow made its link. */
async function linkMade(event: FlowEvent, options: FlowWorldOptions): Promise<JsonObject> {
  const run = await bench.world({ settings, ...options }).run(event);
  const made = run?.steps.find(
    ({ effect }) =>
      effect?.kind === "builtin" && effect.actionName === "zis:common:action:CreateLink",
  );
  return made?.parameters as JsonObject;
}

describe("a link", () => {
  it.each<[string, string, FlowEvent, FlowWorldOptions]>([
    ["ticket_created", "1001", MAIN_EVENTS.ticket_created(), {}],
    ["ticket_status_changed", "1001", MAIN_EVENTS.ticket_status_changed(), {}],
    ["ticket_custom_field_changed", "1001", MAIN_EVENTS.ticket_custom_field_changed(), {}],
    ["case_link_requested", "1001", MAIN_EVENTS.case_link_requested(), {}],
    ["ticket_merged", "1002", MAIN_EVENTS.ticket_merged(), { links: [["1001", CASE_ID]] }],
  ])(
    "of %s has the names and the metadata of the contract",
    async (_flow, ticket, event, options) => {
      expect(await linkMade(event, options)).toMatchObject({
        link_type: "ticket_case",
        left_object: { name: ticketLinkName(ticket), metadata: { ticket_id: ticket } },
        right_object: { name: caseLinkName(CASE_ID) },
      });
    },
  );

  it.each([
    ["zendesk:ticket:1001", "1001"],
    ["zendesk:ticket:0", undefined],
    ["zendesk:ticket:1001\n", undefined],
    ["zendesk:user:1001", undefined],
  ])("whose left name is %j is of ticket %s", (name, ticket) => {
    expect(parseTicketLinkName(name)).toBe(ticket);
  });

  it.each([
    ["salesforce:case:001A0000006Vm9rIAC", "001A0000006Vm9rIAC"],
    ["salesforce:case:001A0000006Vm9r", "001A0000006Vm9rIAC"],
    ["salesforce:case:001A0000006Vm9rI", undefined],
    ["salesforce:lead:001A0000006Vm9rIAC", undefined],
  ])("whose right name is %j is of case %s", (name, caseId) => {
    expect(parseCaseLinkName(name)).toBe(caseId);
  });

  it("keeps cases apart whose ids of 15 characters differ in case only", () => {
    expect(toCaseId18("001A0000006Vm9r")).not.toBe(toCaseId18("001A0000006VM9r"));
  });
});
