/** Every flow in every way that it can go: what it says, what it changes, and that no place is missed. */
import { afterAll, describe, expect, it } from "vitest";
import { openFlowBench, type FlowWorld, type WorldRun } from "../../support/flow-world.ts";
import { FLOWS } from "../../support/flow-world-bundle.ts";
import { coverageTable, placesOf, placesReached } from "../../support/flow-world-coverage.ts";
import { ALL_CASES, CASE_ROWS } from "./cases/all-cases.ts";
import { type FlowCase, linksGiven } from "./cases/flow-case.ts";

const bench = openFlowBench();
afterAll(() => bench.close());

interface Ended {
  readonly world: FlowWorld;
  readonly run: WorldRun;
}

const ended = new Map<FlowCase, Promise<Ended>>();

/** Each case is run once, whichever test asks first. */
function end(flowCase: FlowCase): Promise<Ended> {
  const known = ended.get(flowCase) ?? runCase(flowCase);
  ended.set(flowCase, known);
  return known;
}

async function runCase(flowCase: FlowCase): Promise<Ended> {
  const world = bench.world(flowCase);
  const run = await world.run(flowCase.event);
  if (!run) throw new Error(`no job spec names ${flowCase.event.type}`);
  return { world, run };
}

describe("a flow", () => {
  it.each(CASE_ROWS)("%s meets %s", async (flow, _name, flowCase) => {
    const { world, run } = await end(flowCase);

    expect(run).toMatchObject({
      flow,
      status: flowCase.ends === "well" ? "SUCCEEDED" : "FAILED",
      message: expect.stringContaining(flowCase.says),
    });
    expect(world.links()).toEqual(flowCase.linked ?? linksGiven(flowCase));
    expect(world.server.effects.map(({ operation }) => operation)).toEqual(flowCase.did ?? []);
    expect(world.server.refusals.length > 0).toBe(flowCase.refused ?? false);
    if (flowCase.waited !== undefined) expect(run.elapsedMs).toBe(flowCase.waited * 1_000);
  });
});

describe("the cases", () => {
  it("reach every state, branch and Catch of every flow", async () => {
    const rows = [];
    for (const [flow, definition] of FLOWS) {
      const cases = ALL_CASES[flow as keyof typeof ALL_CASES] ?? [];
      const runs = await Promise.all(cases.map(end));
      const steps = runs.flatMap(({ run }) => run.steps);
      rows.push({ flow, all: placesOf(definition), reached: placesReached(definition, steps) });
    }
    const { text, missed } = coverageTable(rows);

    process.stdout.write(`\n${text}\n`);
    expect(missed).toEqual([]);
  });
});
