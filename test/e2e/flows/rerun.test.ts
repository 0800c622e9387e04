/** Flows that are stopped, run again, or run twice at once change what one clean run changes. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import {
  busy,
  type Fault,
  type FlowWorldOptions,
  lost,
  openFlowBench,
  type RunOptions,
} from "../../support/flow-world.ts";
import {
  FIELD_ID,
  type FlowEvent,
  type FlowName,
  MAIN_EVENTS,
} from "../../support/flow-world-events.ts";
import { CASE_ID, OTHER_CASE_ID, RESOLVED } from "../../support/flow-world-server.ts";
import { takeTurns } from "../../support/flow-world-turns.ts";
import { CASE_ROWS } from "./cases/all-cases.ts";

const bench = openFlowBench();
afterAll(() => bench.close());

/** What is left when the event's flow runs once and nothing disturbs it. */
async function cleanRun(options: FlowWorldOptions, event: FlowEvent) {
  const world = bench.world({ ...options, faults: {} });
  const run = (await world.run(event))!;
  return { outcome: world.outcome(), run };
}

const undisturbed = CASE_ROWS.filter(([, , { faults }]) => faults === undefined);

describe("a flow that was stopped", () => {
  it.each(undisturbed)(
    "%s, after any state, and runs again comes to the same for %s",
    async (_flow, _name, flowCase) => {
      const { event } = flowCase;
      const { outcome, run } = await cleanRun(flowCase, event);

      for (let state = 1; state <= run.steps.length; state += 1) {
        const world = bench.world(flowCase);
        await world.run(event, { stopAfter: state });
        const again = await world.run(event);

        const place = `stopped after ${run.steps[state - 1]?.state}`;
        expect(world.outcome(), place).toEqual(outcome);
        expect(again, place).toMatchObject({ status: run.status, message: run.message });
      }
    },
  );
});

/** The worlds in which each flow does all that it can. */
const SCENARIOS: readonly (readonly [string, FlowName, FlowWorldOptions])[] = [
  ["links a new ticket", "ticket_created", {}],
  ["links a ticket anew", "ticket_created", { links: [["1001", OTHER_CASE_ID]] }],
  ["tells of several cases", "ticket_created", { answers: { "resolve-case": RESOLVED.ambiguous } }],
  ["links and captures", "ticket_status_changed", { links: [["1001", OTHER_CASE_ID]] }],
  [
    "links by number",
    "ticket_custom_field_changed",
    { settings: { case_number_field_id: FIELD_ID } },
  ],
  [
    "unlinks two cases",
    "ticket_custom_field_changed",
    {
      settings: { case_number_field_id: FIELD_ID },
      answers: { "resolve-case": RESOLVED.empty },
      links: [
        ["1001", CASE_ID],
        ["1001", OTHER_CASE_ID],
      ],
    },
  ],
  ["records an assignment", "ticket_assignment_changed", {}],
  ["merges", "ticket_merged", { links: [["1001", CASE_ID]] }],
  [
    "merges tickets with several cases",
    "ticket_merged",
    {
      settings: { one_case_per_ticket: false },
      links: [
        ["1001", CASE_ID],
        ["1001", OTHER_CASE_ID],
      ],
    },
  ],
  ["syncs settings", "settings_sync", {}],
  ["links as asked", "case_link_requested", { links: [["1001", OTHER_CASE_ID]] }],
];

const lostBusy: Fault = { ...busy, ...lost, status: 503 };

const PLATFORMS: readonly (readonly [string, FlowWorldOptions, RunOptions])[] = (
  ["catch", "retry"] as const
).flatMap((retryBeforeCatch) =>
  [0, 3].map(
    (platformRetries) =>
      [
        `${retryBeforeCatch} and ${platformRetries} platform retries`,
        { switches: { retryBeforeCatch } },
        { platformRetries },
      ] as const,
  ),
);

describe.each(PLATFORMS)("with %s", (_platform, switches, runOptions) => {
  it.each(SCENARIOS)(
    "a flow that %s survives each lost answer, stopped after any state",
    async (_what, flow, options) => {
      const event = MAIN_EVENTS[flow]();
      const { outcome, run } = await cleanRun(options, event);
      const calls = new Set(
        run.steps.flatMap(({ state, effect }) => (effect && effect.kind !== "jq" ? [state] : [])),
      );
      for (const inner of ["End the link", "Make the link"]) calls.delete(inner);

      for (const call of calls) {
        const disturbed = { ...options, ...switches, faults: { [call]: [lostBusy] } };
        const whole = bench.world(disturbed);
        const disturbedRun = await whole.run(event, runOptions);
        const rerun = switches.switches?.retryBeforeCatch === "retry" && runOptions.platformRetries;
        expect(disturbedRun, call).toMatchObject({
          status: "SUCCEEDED",
          attempts: rerun ? 2 : 1,
        });
        expect(whole.outcome(), call).toEqual(outcome);

        for (let state = 1; state < disturbedRun!.steps.length; state += 1) {
          const world = bench.world(disturbed);
          await world.run(event, { ...runOptions, stopAfter: state });
          const again = await world.run(event, runOptions);
          const place = `${call}, stopped after state ${state}`;
          expect(again?.status, place).toBe("SUCCEEDED");
          expect(world.outcome(), place).toEqual(outcome);
        }
      }
    },
  );
});

/** Orders in which two runs take their turns. */
const orders = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 30, maxLength: 30 });

describe("two runs of one event at once", () => {
  it.each(
    SCENARIOS.flatMap(([what, flow, options]) =>
      (["conflict", "ok"] as const).map(
        (duplicateLink) => [what, duplicateLink, flow, options] as const,
      ),
    ),
  )(
    "come to the same as one when the flow %s and a second link gives %s",
    async (_what, duplicateLink, flow, options) => {
      const event = MAIN_EVENTS[flow]();
      const { outcome } = await cleanRun(options, event);

      await fc.assert(
        fc.asyncProperty(orders, async (choices) => {
          const world = bench.world({ ...options, services: { duplicateLink } });
          const once = (turn: () => Promise<void>) => world.run(event, { turn });
          const runs = await takeTurns([once, once], choices);

          expect(runs.map((run) => run?.status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
          expect(world.outcome()).toEqual(outcome);
        }),
        { seed: 4, numRuns: 200 },
      );
    },
  );
});

describe("flows of one ticket at once", () => {
  it("that all find the same case end with one link", async () => {
    const events = [
      MAIN_EVENTS.ticket_created(),
      MAIN_EVENTS.ticket_custom_field_changed(),
      MAIN_EVENTS.case_link_requested(),
    ];

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 40, maxLength: 40 }),
        async (choices) => {
          const world = bench.world({
            settings: { case_number_field_id: FIELD_ID },
            links: [["1001", OTHER_CASE_ID]],
          });
          const runs = await takeTurns(
            events.map((event) => (turn) => world.run(event, { turn })),
            choices,
          );

          expect(runs.map((run) => run?.status)).toEqual(Array(3).fill("SUCCEEDED"));
          expect(world.links()).toEqual([`1001 -> ${CASE_ID}`]);
        },
      ),
      { seed: 4, numRuns: 200 },
    );
  });
});
