import { expect, it } from "vitest";
import { flowGraph, transitionKey } from "#zis/graph/graph";
import { passagesOf, takenOf, type TakenStep } from "#zis/graph/taken";
import type { FlowDefinition } from "#zis/model/flow";

const caught = [{ ErrorEquals: ["States.ALL"], Next: "Done" }];
const inner = {
  StartAt: "Do",
  States: {
    Do: { Type: "Action", ActionName: "x", Next: "Done", Catch: caught },
    Done: { Type: "Succeed" },
  },
};
const outer = {
  StartAt: "Do",
  States: {
    Do: { Type: "Map", ItemsPath: "$.y", Iterator: inner, Next: "Done" },
    Done: { Type: "Succeed" },
  },
};
const graph = flowGraph({
  StartAt: "First",
  States: {
    First: { Type: "Map", ItemsPath: "$.x", Iterator: inner, Next: "Second" },
    Second: { Type: "Map", ItemsPath: "$.x", Iterator: outer, End: true },
  },
} as unknown as FlowDefinition);

const at = (state: string, next: string | null, ...iterations: number[]): TakenStep => ({
  state,
  next,
  iterations,
});

it("counts the states of an iteration for the Map around them", () => {
  const { states } = takenOf(graph, [
    at("Do", "Done", 0),
    at("Done", null, 0),
    at("Do", "Done", 1),
    at("Done", null, 1),
    at("First", "Second"),
    at("Do", "Done", 0, 0),
    at("Done", null, 0, 0),
    at("Do", "Done", 0),
    at("Done", null, 0),
    at("Second", null),
  ]);
  expect(Object.fromEntries(states)).toEqual({
    "/First": 1,
    "/First/Do": 2,
    "/First/Done": 2,
    "/Second": 1,
    "/Second/Do": 1,
    "/Second/Done": 1,
    "/Second/Do/Do": 1,
    "/Second/Do/Done": 1,
  });
});

it("leaves out iterations whose Map is not in the trace", () => {
  expect(takenOf(graph, [at("Do", "Done", 0)]).states.size).toBe(0);
  const later = [at("First", "Second"), at("Do", "Done", 0), at("Second", null)];
  const { states } = takenOf(graph, [at("Do", "Done", 0, 0), ...later]);
  expect([...states.keys()].toSorted()).toEqual(["/First", "/Second", "/Second/Do"]);
});

it("distinguishes a caught error from the ordinary way to the same state", () => {
  const trace = [
    at("Do", "Done", 0),
    { ...at("Do", "Done", 1), error: { name: "E" } },
    at("First", null),
  ];
  const { transitions } = takenOf(graph, trace);
  expect(transitions.get(transitionKey("/First/Do", "/First/Done", false))).toBe(1);
  expect(transitions.get(transitionKey("/First/Do", "/First/Done", true))).toBe(1);
});

it("takes a step for caught when only a Catch leads there", () => {
  const only = flowGraph({
    StartAt: "Do",
    States: {
      Do: { Type: "Action", ActionName: "x", Next: "Do", Catch: caught },
      Done: { Type: "Succeed" },
    },
  } as unknown as FlowDefinition);
  const taken = takenOf(only, [
    { state: "Do", next: "Do" },
    { state: "Do", next: "Done" },
  ]);
  expect(only.edges.map((edge) => [edge.kind, passagesOf(taken, edge)])).toEqual([
    ["next", 0],
    ["next", 1],
    ["catch", 1],
  ]);
});
