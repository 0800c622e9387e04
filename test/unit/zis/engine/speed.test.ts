import { expect, it } from "vitest";
import { runFlow } from "../../../../zis/engine/run.ts";
import { bundleOf, gives, type States } from "../../../support/run-states.ts";

it("runs 250 Choice and Pass states in less than 5 ms", async () => {
  const states: States = {};
  for (let index = 0; index < 248; index += 2) {
    states[`S${index}`] = { Type: "Pass", Result: index, ResultPath: "$.n", Next: `S${index + 1}` };
    states[`S${index + 1}`] = {
      Type: "Choice",
      Choices: [
        {
          And: [
            { Variable: "$.n", NumericLessThan: 0 },
            { Variable: "$.no", IsPresent: true },
          ],
          Next: "S0",
        },
        { Variable: "$.input.a.b", StringEquals: "x", Next: `S${index + 2}` },
      ],
      Default: "S0",
    };
  }
  states["S248"] = { Type: "Pass", Next: "S249" };
  states["S249"] = { Type: "Succeed" };
  const bundle = bundleOf(states);
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const began = performance.now();
    const run = await runFlow({
      bundle,
      flow: "flow",
      data: { input: { a: { b: "x" } } },
      waits: "virtual",
      perform: async () => gives(null),
    });
    times.push(performance.now() - began);
    expect(run).toMatchObject({ status: "SUCCEEDED", transitions: 250 });
  }
  // The fastest run says what the engine costs; the others say what else the machine did.
  expect(Math.min(...times)).toBeLessThan(5);
});
