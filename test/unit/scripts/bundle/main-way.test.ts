import { expect, it } from "vitest";
import { stepsOf } from "#scripts/bundle/main-way";
import { collapse } from "#zis/graph/collapse";
import { foldSteps } from "#zis/graph/fold";
import { flowGraph } from "#zis/graph/graph";
import type { FlowDefinition } from "#zis/model/flow";

const call = (Next: string, failed: string) => ({
  Type: "Action",
  ActionName: "zis:int:action:act",
  Next,
  Catch: [{ ErrorEquals: ["States.ALL"], Next: failed }],
});

const graph = foldSteps(
  collapse(
    flowGraph({
      StartAt: "Look",
      States: {
        Look: call("Found?", "Look: again?"),
        "Look: again?": {
          Type: "Choice",
          Choices: [{ Variable: "$.left", NumericEquals: 1, Next: "Look: wait" }],
          Default: "Hand over",
        },
        "Look: wait": { Type: "Wait", Seconds: 2, Next: "Look" },
        "Found?": {
          Type: "Choice",
          Choices: [
            { Variable: "$.n", NumericEquals: 0, Next: "None" },
            { Variable: "$.n", NumericEquals: 1, Next: "Link" },
          ],
          Default: "Bad",
        },
        Link: call("Linked", "Bad"),
        "Hand over": call("Handed over", "Bad"),
        Linked: { Type: "Succeed" },
        None: { Type: "Succeed" },
        "Handed over": { Type: "Succeed" },
        Bad: { Type: "Fail", Error: "E", Cause: "c" },
      },
    } as unknown as FlowDefinition),
  ),
);

it("tells the longest good way first, and then the other steps, each with its ways", () => {
  const { main, aside } = stepsOf(graph);
  const told = [...main, ...aside].map(({ node, ways }) => [
    node.label,
    ...ways.map(({ label, to }) => `${label} > ${to.label}`),
  ]);
  expect(told).toEqual([
    ["Look", " > Found?", "all retries fail > Hand over"],
    ["Found?", "n = 0 > None", "n = 1 > Link"],
    ["Link", " > Linked"],
    ["Hand over", " > Handed over"],
  ]);
  expect(aside).toHaveLength(1);
});
