import { describe, expect, it } from "vitest";
import { collapse } from "#zis/graph/collapse";
import { flowGraph, type Graph } from "#zis/graph/graph";
import { takenOf, visitsOf } from "#zis/graph/taken";
import type { FlowDefinition } from "#zis/model/flow";

const onError = (Next: string) => [{ ErrorEquals: ["States.ALL"], Next }];

const retries = (call: string, separator = ": ") => ({
  [`${call}${separator}again?`]: {
    Type: "Choice",
    Choices: [
      { Variable: "$.left", NumericEquals: 2, Next: `${call}${separator}wait 2 s` },
      { Variable: "$.left", NumericEquals: 1, Next: `${call}${separator}wait 8 s` },
    ],
    Default: `${call}${separator}failed`,
  },
  [`${call}${separator}wait 2 s`]: { Type: "Wait", Seconds: 2, Next: call },
  [`${call}${separator}wait 8 s`]: { Type: "Wait", Seconds: 8, Next: call },
  [`${call}${separator}failed`]: { Type: "Fail", Error: "E", Cause: "c" },
});

const call = (next: string, again: string) => ({
  Type: "Action",
  ActionName: "x",
  Next: next,
  Catch: onError(again),
});

const graphOf = (States: object, StartAt = "Call"): Graph =>
  flowGraph({ StartAt, States } as FlowDefinition);

const names = ({ nodes }: Graph): string[] => nodes.map(({ label }) => label);

const CALL = { Call: call("Done", "Call: again?"), ...retries("Call"), Done: { Type: "Succeed" } };

describe("a retry group", () => {
  it("becomes one note at its call", () => {
    const graph = collapse(graphOf(CALL));
    expect(names(graph)).toEqual(["start", "Call", "Retries", "Done"]);
    expect(graph.nodes[2]).toMatchObject({
      type: "Retries",
      detail: "after 2 and 8 s, then fails",
      terminal: true,
      states: ["/Call: again?", "/Call: wait 2 s", "/Call: wait 8 s", "/Call: failed"],
      comment:
        "Stands for: Call: again?, Call: wait 2 s, Call: wait 8 s, Call: failed. Each retry begins at Call.",
    });
    expect(graph.edges.map(({ kind }) => kind)).toEqual(["next", "next", "catch"]);
  });

  it("gets a note of its own at every other state that leads into it", () => {
    const graph = collapse(
      graphOf({
        ...CALL,
        Call: call("Call: count", "Call: again?"),
        "Call: count": call("Done", "Call: again?"),
      }),
    );
    expect(names(graph)).toEqual([
      "start",
      "Call",
      "Retries",
      "Done",
      "Call: count",
      "Retries from Call",
    ]);
  });

  it("keeps a way out that is not a retry", () => {
    const gaveUp = { ...retries("Call")["Call: again?"], Default: "Done" };
    const graph = collapse(graphOf({ ...CALL, "Call: again?": gaveUp }));
    const note = graph.nodes.find(({ type }) => type === "Retries");
    expect(note).toMatchObject({ terminal: false, detail: "after 2 and 8 s" });
    expect(graph.edges.find(({ from }) => from === note?.id)).toMatchObject({
      to: "/Done",
      label: "given up",
    });
  });

  it("names the earlier state at which each retry begins", () => {
    const again = { Type: "Wait", Seconds: 2, Next: "Look" };
    const States = {
      Look: { Type: "Action", ActionName: "x", Next: "Call" },
      ...CALL,
      "Call: wait 2 s": again,
      "Call: wait 8 s": again,
    };
    const graph = collapse(graphOf(States, "Look"));
    expect(names(graph)).toEqual(["start", "Look", "Call", "Retries from Look", "Done"]);
  });

  it("is found within a Map", () => {
    const States = {
      M: { Type: "Map", ItemsPath: "$.x", Iterator: { StartAt: "Call", States: CALL }, End: true },
    };
    const nested = collapse(graphOf(States, "M")).nodes[1]?.nested;
    expect(names(nested!)).toEqual(["start", "Call", "Retries", "Done"]);
  });

  it("is known by its names", () => {
    const States = {
      Call: call("Done", "Call/again?"),
      ...retries("Call", "/"),
      Done: { Type: "Succeed" },
    };
    expect(names(collapse(graphOf(States)))).toHaveLength(7);
  });

  it("counts the runs that went into it", () => {
    const graph = graphOf(CALL);
    const way = [
      "Call",
      "Call: again?",
      "Call: wait 2 s",
      "Call",
      "Call: again?",
      "Call: wait 8 s",
      "Call",
      "Done",
    ];
    const trace = way.map((state, at) => ({ state, next: way[at + 1] ?? null }));
    const small = collapse(graph);
    expect(visitsOf(takenOf(graph, trace), small.nodes[2]!, small.edges)).toBe(2);
  });
});

it.each<[string, object]>([
  [
    "no Wait",
    {
      ...CALL,
      "Call: wait 2 s": { Type: "Pass", Next: "Call" },
      "Call: wait 8 s": { Type: "Pass", Next: "Call" },
    },
  ],
  [
    "no way back",
    {
      ...CALL,
      "Call: wait 2 s": { Type: "Wait", Seconds: 2, Next: "Done" },
      "Call: wait 8 s": { Type: "Wait", Seconds: 2, Next: "Done" },
    },
  ],
  [
    "no Catch that leads in",
    { ...CALL, Call: { Type: "Action", ActionName: "x", Next: "Call: again?" } },
  ],
  [
    "no call by that name",
    { Other: call("Done", "Call: again?"), ...retries("Call"), Done: { Type: "Succeed" } },
  ],
])("leaves states alone that have %s", (_what, States) => {
  const graph = graphOf(States);
  expect(collapse(graph)).toEqual(graph);
});

it("leaves a group alone in which the flow begins", () => {
  const graph = graphOf(CALL, "Call: again?");
  expect(collapse(graph)).toEqual(graph);
});
