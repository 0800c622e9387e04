import { describe, expect, it } from "vitest";
import { takenSteps, traceIn } from "#zis/cli/taken-steps";
import type { FlowDefinition, State } from "#zis/model/flow";

const map = (iterator: FlowDefinition): State => ({
  Type: "Map",
  ItemsPath: "$.items",
  Iterator: iterator,
  Next: "Z",
});

const definition: FlowDefinition = {
  StartAt: "M",
  States: {
    M: map({
      StartAt: "A",
      States: {
        A: { Type: "Pass", Next: "N" },
        N: map({ StartAt: "A", States: { A: { Type: "Pass", End: true } } }),
        Z: { Type: "Succeed" },
      },
    }),
    Z: { Type: "Succeed" },
  },
};

describe("takenSteps", () => {
  it("puts each Map after its items and tells the items around a state", () => {
    const steps = takenSteps(
      [
        { state: "M", next: "Z" },
        { state: "A", iteration: 0, next: "N" },
        { state: "N", iteration: 0, next: "Z" },
        { state: "A", iteration: 0, next: null },
        { state: "A", iteration: 1, next: null },
        { state: "Z", iteration: 0, next: null },
        { state: "A", iteration: 1, next: "N" },
        { state: "N", iteration: 1, next: "Z" },
        { state: "Z", iteration: 1, next: null },
        { state: "Z", next: null },
      ],
      definition,
    );
    expect(steps.map(({ state, iterations }) => `${state}${iterations?.join("/") ?? ""}`)).toEqual([
      "A0",
      "A0/0",
      "A0/1",
      "N0",
      "Z0",
      "A1",
      "N1",
      "Z1",
      "M",
      "Z",
    ]);
  });

  it("tells what there is of a run that ended within a Map", () => {
    const steps = takenSteps(
      [
        { state: "M", next: null },
        { state: "A", iteration: 0, next: "N" },
      ],
      definition,
    );
    expect(steps.map(({ state }) => state)).toEqual(["A", "M"]);
  });

  it("takes states that the flow does not have for what they are", () => {
    expect(takenSteps([{ state: "gone", next: null }], definition)).toEqual([
      { state: "gone", iterations: [], next: null },
    ]);
  });
});

describe("traceIn", () => {
  it.each([[null], [[]], [{}], [{ trace: {} }], [{ trace: [{ state: "A" }] }]])(
    "finds none in %j",
    (report) => {
      expect(traceIn(report)).toBeUndefined();
    },
  );
});
