/** The three retries that all calls of a run share, and the time that a run may take. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { busy, type Fault, openFlowBench, unreachable } from "../../support/flow-world.ts";
import { FLOWS } from "../../support/flow-world-bundle.ts";
import { FIELD_ID, type FlowName, MAIN_EVENTS } from "../../support/flow-world-events.ts";
import { CASE_ID, OTHER_CASE_ID } from "../../support/flow-world-server.ts";

const bench = openFlowBench();
afterAll(() => bench.close());

const FULL_SECONDS = 100;
const FULL_TRANSITIONS = 250;

/** A world in which the flow's main way makes all of its calls. */
function fullWorld(flow: FlowName) {
  return {
    settings: { case_number_field_id: FIELD_ID },
    links: [["1001", flow === "ticket_merged" ? CASE_ID : OTHER_CASE_ID]] as const,
  };
}

/** States of the main way that spend the allowance when they fail. */
async function callsOf(flow: FlowName): Promise<string[]> {
  const run = await bench.world(fullWorld(flow)).run(MAIN_EVENTS[flow]());
  const states = FLOWS.get(flow)!.States;
  return run!.steps.flatMap(({ state, effect }) =>
    effect && effect.kind !== "jq" && state in states ? [state] : [],
  );
}

const flows = Object.keys(MAIN_EVENTS) as FlowName[];

describe("the retry allowance", () => {
  it.each([
    [["Load settings"], ["Resolve the case"], ["Link ticket and case"]],
    [["Load settings", "Load settings"], ["Capture the conversation"]],
    [["Link ticket and case: create"], ["Link ticket and case"], ["Capture the conversation"]],
  ])("is shared by the failures of %j, %j and %j", async (...groups) => {
    const failing = groups.filter(Boolean).flat();
    const faults: Record<string, Fault[]> = {};
    for (const state of failing) (faults[state] ??= []).push(busy);

    const run = await bench.world({ faults }).run(MAIN_EVENTS.ticket_status_changed());

    expect(run).toMatchObject({ status: "SUCCEEDED", elapsedMs: 30_000 });
  });

  it("is spent for the last call when the first ones needed it", async () => {
    const world = bench.world({
      faults: {
        "Load settings": [busy],
        "Resolve the case": [busy, busy],
        "Capture the conversation": [unreachable],
      },
    });

    const run = await world.run(MAIN_EVENTS.ticket_status_changed());

    expect(run).toMatchObject({
      status: "FAILED",
      elapsedMs: 30_000,
      message: `Ticket 1001: "Capture the conversation" failed: ${unreachable.error}`,
    });
  });

  it("is whole again when the platform runs the flow anew", async () => {
    const world = bench.world({
      switches: { retryBeforeCatch: "retry" },
      faults: { "Resolve the case": [busy, busy, busy, busy, busy, busy] },
    });

    const run = await world.run(MAIN_EVENTS.ticket_created(), { platformRetries: 3 });

    expect(run).toMatchObject({ status: "SUCCEEDED", attempts: 4, elapsedMs: 30_000 });
  });

  it.each(flows)("bounds %s, whichever calls fail and however long they take", async (flow) => {
    const calls = await callsOf(flow);
    const fault = fc.constantFrom<Fault | "ok">("ok", busy, unreachable, { ...busy, done: true });
    const faults = fc.dictionary(fc.constantFrom(...calls), fc.array(fault, { maxLength: 5 }));

    await fc.assert(
      fc.asyncProperty(faults, async (drawn) => {
        const world = bench.world({ ...fullWorld(flow), faults: drawn, pace: "full" });
        const run = await world.run(MAIN_EVENTS[flow]());

        const failures = Object.values(drawn)
          .flat()
          .filter((each) => each !== "ok").length;
        expect(["SUCCEEDED", "FAILED"]).toContain(run?.status);
        if (failures <= 3) expect(run).toMatchObject({ status: "SUCCEEDED" });
        if (run?.status === "FAILED") expect(run.message).toMatch(/^.+: ".+" failed: .+$/);
        expect(run?.elapsedMs).toBeLessThan(FULL_SECONDS * 1_000);
        expect(run?.transitions).toBeLessThan(FULL_TRANSITIONS);
      }),
      { seed: 4, numRuns: 150 },
    );
  });
});
