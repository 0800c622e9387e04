/** Events that are not as they should be: each run ends by itself and says what is wrong. */
import { afterAll, describe, expect, it } from "vitest";
import { SWITCHES, type Switches } from "#zis/engine/switches";
import { isJsonObject, type Json, type JsonObject } from "#zis/model/json";
import { openFlowBench, type WorldRun } from "../../support/flow-world.ts";
import { flowOf } from "../../support/flow-world-bundle.ts";
import {
  EVENT_KEY,
  FIELD_ID,
  type FlowEvent,
  type FlowName,
  MAIN_EVENTS,
  ticketEvent,
  webhookEvent,
} from "../../support/flow-world-events.ts";
import { CASE_ID, RESOLVED } from "../../support/flow-world-server.ts";
import { CASE_ROWS } from "./cases/all-cases.ts";

const bench = openFlowBench();
afterAll(() => bench.close());

const settings = { case_number_field_id: FIELD_ID, forms: [37_201_638_591] };
const flows = Object.entries(MAIN_EVENTS) as [FlowName, (ticket?: JsonObject) => FlowEvent][];
const ticketFlows = flows.filter(([flow]) => flow.startsWith("ticket_"));

/** The readings of ZIS's language that turn most things into errors. */
const STRICTEST: Partial<Switches> = {
  missingVariable: "error",
  placeholderNull: "error",
  jqOutputs: "single",
};

/** The paths to all members of an event, objects included. */
function pathsOf(value: Json, before: readonly string[] = []): (readonly string[])[] {
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const path = [...before, name];
    return [path, ...pathsOf(member, path)];
  });
}

/** The input with the member at a path set, or taken away when the value is undefined. */
function changed(input: Json, [name, ...rest]: readonly string[], value?: Json): Json {
  if (name === undefined || !isJsonObject(input)) return value ?? null;
  const { [name]: member, ...others } = input;
  if (rest.length > 0) return { ...others, [name]: changed(member ?? null, rest, value) };
  return value === undefined ? others : { ...others, [name]: value };
}

/** It succeeded with a message, or met a Fail of ours that says why. */
function expectProperEnd(run: WorldRun | undefined, what: string): void {
  expect(run, what).toMatchObject({
    message: expect.stringMatching(/^(Ticket |The |Settings: )./),
  });
  expect(["SUCCEEDED", "FAILED"], what).toContain(run?.status);
  if (run?.status === "FAILED") expect(run.error?.name, what).toMatch(/^CaseQA\.[A-Z]/);
}

describe("an event of any flow", () => {
  it.each(
    flows.flatMap(([flow, eventOf]) =>
      [{}, STRICTEST].map((switches) => [flow, switches, eventOf] as const),
    ),
  )("%s ends properly with %j whatever one of its members is", async (_flow, switches, eventOf) => {
    const event = eventOf();
    const values = [
      undefined,
      null,
      "",
      "x".repeat(10_000),
      0,
      -1,
      1.5,
      true,
      [],
      ["x"],
      {},
      "a\n",
    ];

    for (const path of [[], ...pathsOf(event.input)]) {
      for (const value of values) {
        const input = changed(event.input, path, value);
        const run = await bench.world({ settings, switches }).run({ ...event, input });
        expectProperEnd(run, `${path.join(".")} = ${JSON.stringify(value)?.slice(0, 20)}`);
      }
    }
  });

  it.each(ticketFlows)("%s takes ids as numbers and as text", async (_flow, eventOf) => {
    const world = bench.world({ settings });
    await world.run(eventOf());
    const asText = bench.world({ settings: { ...settings, forms: ["37201638591"] } });
    const ids = {
      id: "1001",
      assignee_id: "313502247511",
      group_id: "98738",
      form_id: "37201638591",
    };

    const run = await asText.run(eventOf(ids));

    expect(run?.status).toBe("SUCCEEDED");
    expect(asText.outcome()).toEqual(world.outcome());
  });

  it.each(ticketFlows)("%s acts on a ticket whose tags are null", async (_flow, eventOf) => {
    const world = bench.world({ settings });
    await world.run(eventOf());
    const without = bench.world({ settings });

    await without.run(eventOf({ tags: null }));

    expect(without.outcome()).toEqual(world.outcome());
  });

  it.each(ticketFlows)(
    "%s takes the reference of an event that has no sequence",
    async (_flow, eventOf) => {
      const world = bench.world({ settings, answers: { "resolve-case": RESOLVED.ambiguous } });
      const event = eventOf();
      const input = changed(event.input, ["ticket_event", "meta", "sequence"]);

      await world.run({ ...event, input });

      for (const { key } of world.server.effects) expect(key).toBe("7-901234567");
    },
  );

  it("is known by its place in the update that it belongs to", async () => {
    const world = bench.world();

    await world.run(MAIN_EVENTS.ticket_status_changed());

    expect(world.server.effects).toMatchObject([{ key: EVENT_KEY }]);
  });
});

describe("a value of 10,000 characters", () => {
  const long = "x".repeat(10_000);

  it("as a tag is compared like any other", async () => {
    const world = bench.world();
    const run = await world.run(ticketEvent("TicketCreated", {}, { tags: [long] }));

    expect(run?.status).toBe("SUCCEEDED");
    expect(world.links()).toEqual([`1001 -> ${CASE_ID}`]);
  });

  it("as an event's identity ends the flow at once, and the Cause says what is wrong", async () => {
    const world = bench.world();
    const meta = { sequence: { id: long, position: 1 } };

    const run = await world.run(ticketEvent("StatusChanged", { current: "solved", meta }));

    expect(run).toMatchObject({
      status: "FAILED",
      error: { name: "CaseQA.BadEvent" },
      elapsedMs: expect.toSatisfy((elapsed: number) => elapsed < 2_000),
    });
    expect(run?.message).toContain("it has neither sequence nor ref of up to 200 characters");
  });
});

describe("an event that no job spec names", () => {
  it.each<FlowEvent>([
    ticketEvent("PriorityChanged"),
    ticketEvent("SubjectChanged"),
    ticketEvent("ticketcreated"),
    { ...ticketEvent("TicketCreated"), source: "caseqa" },
    webhookEvent("something_else", {}),
    { ...webhookEvent("settings_sync", { event_id: "1" }), source: "support" },
  ])("starts nothing: $source $type", async (event) => {
    expect(flowOf(event)).toBeUndefined();
    expect(await bench.world().run(event)).toBeUndefined();
  });
});

const otherSwitches = Object.entries(SWITCHES).flatMap(([name, spec]) =>
  spec.allowed
    .filter((value) => value !== spec.default)
    .map((value) => [`${name}=${value}`, { [name]: value }] as const),
);

describe("what is not known of ZIS", () => {
  it.each(otherSwitches)("does not change what flows do: %s", async (_name, switches) => {
    for (const [flow, name, flowCase] of CASE_ROWS) {
      const world = bench.world({ ...flowCase, switches });
      const run = await world.run(flowCase.event);
      const reference = bench.world(flowCase);
      const { status } = (await reference.run(flowCase.event))!;

      expect(run?.status, `${flow}: ${name}`).toBe(status);
      expect(world.outcome(), `${flow}: ${name}`).toEqual(reference.outcome());
    }
  });
});
