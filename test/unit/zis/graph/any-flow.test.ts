import {
  anything,
  assert,
  array,
  constantFrom,
  dictionary,
  oneof,
  property,
  record,
  string,
} from "fast-check";
import { expect, it } from "vitest";
import { collapse } from "#zis/graph/collapse";
import { foldSteps } from "#zis/graph/fold";
import { flowGraph, type Graph, type GraphNode } from "#zis/graph/graph";
import { toMermaid } from "#zis/graph/mermaid";
import { toSvg } from "#zis/graph/svg";
import type { FlowDefinition } from "#zis/model/flow";

const name = constantFrom(
  "A",
  "B",
  "C",
  "A: again?",
  "A: wait",
  "",
  "start",
  "~start",
  "__proto__",
);
const next = record({ Next: name, Variable: constantFrom("$.a", 7) });
const state = record(
  {
    Type: constantFrom("Action", "Choice", "Map", "Wait", "Pass", "Succeed", "Fail", "Odd"),
    Next: name,
    Default: name,
    Choices: array(oneof(next, anything()), { maxLength: 3 }),
    Catch: array(next, { maxLength: 2 }),
    Comment: string({ unit: "binary" }),
    ItemsPath: string({ unit: "binary" }),
    Iterator: record({
      StartAt: name,
      States: dictionary(name, record({ Type: constantFrom("Pass", "Wait"), Next: name })),
    }),
  },
  { requiredKeys: ["Type"] },
);
const flow = record({
  StartAt: name,
  States: dictionary(name, oneof({ weight: 9, arbitrary: state }, anything())),
});

const everyNode = (graph: Graph): GraphNode[] =>
  graph.nodes.flatMap((node) => [node, ...(node.nested ? everyNode(node.nested) : [])]);

it("draws any flow, broken or not, with an id for each node and ends for each edge", () => {
  assert(
    property(oneof({ weight: 20, arbitrary: flow }, anything()), (definition) => {
      const graph = flowGraph(definition as FlowDefinition);
      for (const drawn of [graph, collapse(graph), foldSteps(collapse(graph))]) {
        const ids = everyNode(drawn).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { from, to } of drawn.edges)
          expect(ids).toEqual(expect.arrayContaining([from, to]));
        expect(toSvg(drawn)).not.toMatch(/NaN|Infinity|undefined/);
        expect(toMermaid(drawn)).toMatch(/^flowchart TD\n/);
      }
    }),
    { numRuns: 300 },
  );
});
