import { describe, expect, it } from "vitest";
import { conditionText } from "#zis/graph/condition";
import { flowGraph, type Graph } from "#zis/graph/graph";
import type { FlowDefinition, State } from "#zis/model/flow";

const flow = (States: Record<string, unknown>, StartAt: unknown = "A"): FlowDefinition =>
  ({ StartAt, States }) as FlowDefinition;

const arrows = ({ edges }: Graph): string[] =>
  edges.map(({ from, to, kind, label }) => `${from} ${kind}${label ? `(${label})` : ""} ${to}`);

const CATCH = [{ ErrorEquals: ["States.ALL"], Next: "B" }];

describe("the edges of a state", () => {
  it.each<[string, unknown, string[]]>([
    ["Next", { Type: "Pass", Next: "B" }, ["/A next /B"]],
    ["End", { Type: "Pass", End: true }, []],
    [
      "a Catch after Next",
      { Type: "Action", ActionName: "x", Next: "C", Catch: CATCH },
      ["/A next /C", "/A catch(on error) /B"],
    ],
    [
      "a Catch of a Map",
      { Type: "Map", ItemsPath: "$.i", Iterator: flow({}), Catch: CATCH },
      ["/A catch(on error) /B"],
    ],
    ["a loop to itself", { Type: "Wait", Seconds: 1, Next: "A" }, ["/A next /A"]],
    [
      "rules and Default",
      {
        Type: "Choice",
        Choices: [
          { Variable: "$.r.outcome", StringEquals: "matched", Next: "B" },
          { Variable: "$.n", IsNull: true, Next: "B" },
        ],
        Default: "C",
      },
      ['/A choice(outcome = "matched") /B', "/A choice(n is null) /B", "/A default(otherwise) /C"],
    ],
    ["Next of a Choice, which ZIS does not read", { Type: "Choice", Choices: [], Next: "B" }, []],
    ["Next of a Succeed, which ZIS does not read", { Type: "Succeed", Next: "B" }, []],
    ["members of wrong types", { Type: "Action", Next: 5, Catch: [null, { Next: {} }, "B"] }, []],
  ])("come from %s", (_what, state, expected) => {
    const graph = flowGraph(flow({ A: state, B: { Type: "Succeed" }, C: { Type: "Succeed" } }));
    expect(arrows(graph).slice(1)).toEqual(expected);
  });
});

describe("the node of a state", () => {
  it.each<[State | { Type: string }, string, boolean]>([
    [{ Type: "Action", ActionName: "zis:common:action:LoadConfig", End: true }, "LoadConfig", true],
    [{ Type: "Action", ActionName: "zis:x:action:go", Next: "A" }, "go", false],
    [{ Type: "Wait", Seconds: 0, Next: "A" }, "0 s", false],
    [{ Type: "Wait", SecondsPath: "$.wait.s", Next: "A" }, "wait.s", false],
    [
      { Type: "Map", ItemsPath: "$.items", Iterator: flow({}), Next: "A" },
      "for each of items",
      false,
    ],
    [{ Type: "Fail", Error: "Bad", Cause: "c" }, "Bad", true],
    [{ Type: "Succeed" }, "", true],
    [{ Type: "Choice", Choices: [] }, "", false],
    [{ Type: "Pass", Next: "A" }, "", false],
  ])("says what %j does and whether the flow ends there", (state, detail, terminal) => {
    const node = flowGraph(flow({ A: { ...state, Comment: "why" } })).nodes[1];
    expect(node).toMatchObject({
      id: "/A",
      label: "A",
      type: state.Type,
      detail,
      terminal,
      comment: "why",
      states: ["/A"],
    });
  });
});

it("holds the Iterator of a Map as a graph with ids of its own", () => {
  const inner = flow({ A: { Type: "Pass", Next: "B" }, B: { Type: "Succeed" } });
  const graph = flowGraph(
    flow({ A: { Type: "Map", ItemsPath: "$.x", Iterator: inner, End: true } }),
  );
  const nested = graph.nodes[1]?.nested;
  expect(nested?.nodes.map(({ id }) => id)).toEqual(["/A/~start", "/A/A", "/A/B"]);
  expect(arrows(nested!)).toEqual(["/A/~start next /A/A", "/A/A next /A/B"]);
});

it("keeps states apart whose names hold slashes", () => {
  const inner = flow({ "c/d": { Type: "Succeed" } }, "c/d");
  const graph = flowGraph(
    flow({ "a/b": { Type: "Map", ItemsPath: "$", Iterator: inner }, "a~1b": { Type: "Succeed" } }),
  );
  expect(graph.nodes.slice(1, 3).map(({ id }) => id)).toEqual(["/a~1b", "/a~01b"]);
  expect(graph.nodes[1]?.nested?.nodes[1]?.id).toBe("/a~1b/c~1d");
});

it("adds one missing node for each name that no state has", () => {
  const graph = flowGraph(
    flow({ A: { Type: "Pass", Next: "gone" }, B: { Type: "Pass", Next: "gone" } }, "nowhere"),
  );
  const missing = graph.nodes.filter(({ type }) => type === "Missing");
  expect(missing.map(({ label }) => label)).toEqual(["nowhere", "gone"]);
});

it("does not mistake a name of Object.prototype for a state", () => {
  const graph = flowGraph(flow({ A: { Type: "Pass", Next: "constructor" } }));
  expect(graph.nodes.at(-1)).toMatchObject({ label: "constructor", type: "Missing" });
});

it.each<[unknown]>([
  [undefined],
  [null],
  [[]],
  [{}],
  ["flow"],
  [{ StartAt: 1, States: [] }],
  [{ States: { A: null, B: 7, C: { Type: "Odd" } } }],
])("draws what it can of %j", (definition) => {
  const graph = flowGraph(definition as FlowDefinition);
  expect(graph.nodes.map(({ type }) => type).filter((type) => type !== "Unknown")).toEqual([
    "Start",
  ]);
  expect(graph.edges).toEqual([]);
});

it.each<[unknown, string]>([
  [{ Variable: "$.a.b", StringEquals: "x" }, 'b = "x"'],
  [{ Variable: "$.a.b", NumericGreaterThanEquals: 3 }, "b ≥ 3"],
  [{ Variable: "$.a.b", TimestampLessThan: "2026-01-01T00:00:00Z" }, 'b < "2026-01-01T00:00:00Z"'],
  [
    { Variable: "$.priority", StringEqualsPath: "$.settings.priority" },
    "priority = settings.priority",
  ],
  [{ Variable: "$.n", NumericLessThanEqualsPath: "$.m" }, "n ≤ m"],
  [{ Variable: "$.a[0]", BooleanEquals: false }, "a[0] = false"],
  [{ Variable: "$['odd key']", IsPresent: true }, "odd key is present"],
  [{ Variable: "$.a", IsPresent: false }, "a is absent"],
  [{ Variable: "$.a", IsNull: false }, "a is not null"],
  [{ Variable: "$", IsNull: true }, "$ is null"],
  [
    {
      And: [
        { Variable: "$.a", IsNull: true },
        {
          Or: [
            { Variable: "$.b", IsNull: true },
            { Variable: "$.c", IsNull: true },
          ],
        },
      ],
    },
    "a is null and (b is null or c is null)",
  ],
  [{ Or: [{ Variable: "$.a", IsNull: true }] }, "a is null"],
  [
    {
      Not: {
        And: [
          { Variable: "$.a", IsNull: true },
          { Variable: "$.b", IsNull: true },
        ],
      },
    },
    "not (a is null and b is null)",
  ],
  [{ Variable: "$..bad", NumericEquals: 1 }, ".bad = 1"],
  [{ Variable: 5, NumericEquals: 1 }, "? = 1"],
  [{ Variable: "$.a" }, "condition"],
  [{ And: [] }, "condition"],
  [null, "condition"],
])("reads the condition %j as %s", (condition, text) => {
  expect(conditionText(condition)).toBe(text);
});
