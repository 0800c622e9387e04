import { describe, expect, it } from "vitest";
import { collapse } from "#zis/graph/collapse";
import { foldSteps } from "#zis/graph/fold";
import { flowGraph, type Graph } from "#zis/graph/graph";
import type { FlowDefinition } from "#zis/model/flow";

const onError = (Next: string) => [{ ErrorEquals: ["States.ALL"], Next }];
const call = (action: string, Next: string, failed: string) => ({
  Type: "Action",
  ActionName: `zis:common:action:${action}`,
  Comment: `why ${action}`,
  Next,
  Catch: onError(failed),
});
const choice = (Next: string, Default: string) => ({
  Type: "Choice",
  Choices: [{ Variable: "$.ok", BooleanEquals: true, Next }],
  Default,
});
const fail = (Error: string) => ({ Type: "Fail", Error, Cause: "c" });
const done = { Type: "Succeed" };
const again = (again: string, Default: string) => ({
  "Load: again?": {
    Type: "Choice",
    Choices: [{ Variable: "$.left", NumericEquals: 1, Next: "Load: wait" }],
    Default,
  },
  "Load: wait": { Type: "Wait", Seconds: 2, Next: again },
});

const fold = (States: object): Graph =>
  foldSteps(collapse(flowGraph({ StartAt: "Load", States } as FlowDefinition)));

const LOAD = {
  Load: call("LoadConfig", "Load: check", "Load: again?"),
  "Load: check": call("Jq", "Load: right?", "Load: unreadable"),
  "Load: right?": choice("Done", "Load: wrong"),
  "Load: wrong": fail("BadSettings"),
  "Load: unreadable": fail("Unreadable"),
  "Load: failed": fail("CallFailed"),
  ...again("Load", "Load: failed"),
  Done: done,
};

describe("the states of a step", () => {
  it("are one box that names the calls and the retries, and one red box for what can go wrong", () => {
    const { nodes, edges } = fold(LOAD);
    expect(nodes.map(({ label, type, detail }) => [label, type, detail])).toEqual([
      ["start", "Start", ""],
      ["Load", "Action", "LoadConfig · retried"],
      ["Load fails", "Fail", "BadSettings, Unreadable"],
      ["Done", "Succeed", ""],
    ]);
    expect(nodes[1]?.comment).toBe("why LoadConfig\nStands for: Load, Load: check, Load: right?.");
    expect(edges.map(({ from, to, kind, label }) => [from, to, kind, label])).toEqual([
      ["/~start", "/Load", "next", ""],
      ["/Load", "/Done", "next", ""],
      ["/Load", "/Load~fails", "catch", "on error"],
    ]);
  });

  it("keep their conditions where they lead to more than one place", () => {
    const { edges } = fold({ ...LOAD, "Load: right?": choice("Done", "Other"), Other: done });
    const ways = edges.filter(({ from, kind }) => from === "/Load" && kind !== "catch");
    expect(ways.map(({ to, label }) => [to, label])).toEqual([
      ["/Done", "ok = true"],
      ["/Other", "otherwise"],
    ]);
  });

  it("keep their good ends apart", () => {
    const { nodes } = fold({
      ...LOAD,
      "Load: right?": choice("Done", "Load: idle"),
      "Load: idle": done,
    });
    expect(nodes.map(({ label }) => label)).toContain("Load: idle");
  });

  it("keep the note of retries that lead on when they are given up", () => {
    const { nodes, edges } = fold({
      Load: call("LoadConfig", "Done", "Load: again?"),
      ...again("Load", "Instead"),
      Instead: done,
      Done: done,
    });
    const note = nodes.find(({ type }) => type === "Retries");
    expect(nodes.find(({ label }) => label === "Load")?.detail).toBe("LoadConfig");
    expect(edges.find(({ from }) => from === note?.id)).toMatchObject({
      to: "/Instead",
      label: "given up",
    });
  });

  it("are reached from other steps at their box, also where those lead into the middle or to a failure", () => {
    const { edges } = fold({
      ...LOAD,
      "Load: right?": choice("Later", "Load: wrong"),
      Later: { ...call("LoadLinks", "Load: check", "Load: wrong") },
    });
    expect(edges.filter(({ from }) => from === "/Later").map(({ to }) => to)).toEqual([
      "/Load",
      "/Load~fails",
    ]);
  });

  it("name the calls inside a Map", () => {
    const { nodes } = fold({
      Load: call("LoadLinks", "Load: each", "Load: failed"),
      "Load: each": {
        Type: "Map",
        ItemsPath: "$.x",
        Iterator: { StartAt: "End", States: { End: call("DeleteLink", "End", "End") } },
        Next: "Done",
      },
      "Load: failed": fail("CallFailed"),
      Done: done,
    });
    expect(nodes.find(({ label }) => label === "Load")?.detail).toBe("LoadLinks, DeleteLink");
  });
});

it("leaves a flow alone whose names make no steps", () => {
  const graph = flowGraph({
    StartAt: "A",
    States: { A: choice("B", "C"), B: done, C: fail("E") },
  } as unknown as FlowDefinition);
  expect(foldSteps(graph)).toEqual(graph);
});
