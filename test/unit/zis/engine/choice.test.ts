import { describe, expect, it } from "vitest";
import { compileCondition } from "#zis/engine/choice";
import { DEFAULT_SWITCHES, type Switches } from "#zis/engine/switches";
import type { Json } from "#zis/model/json";
import { runStates } from "#test/support/run-states";

function decide(condition: unknown, data: Json, switches: Partial<Switches> = {}) {
  const warnings: string[] = [];
  const holds = compileCondition(condition)({
    data,
    switches: { ...DEFAULT_SWITCHES, ...switches },
    query: undefined,
    warnings,
  });
  return { holds, warnings };
}

const compare = (value: Json, operator: string, operand: Json) =>
  decide({ Variable: "$.v", [operator]: operand }, { v: value }).holds;

describe("comparisons", () => {
  const orders = [
    ["LessThan", true, false, false],
    ["LessThanEquals", true, true, false],
    ["Equals", false, true, false],
    ["GreaterThanEquals", false, true, true],
    ["GreaterThan", false, false, true],
  ] as const;
  const types: [string, Json, Json, Json][] = [
    ["String", "a", "b", "c"],
    ["Numeric", -1, 2.5, 1e9],
    ["Timestamp", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:01Z"],
  ];

  it.each(
    types.flatMap(([type, low, middle, high]) =>
      orders.map(([order, below, same, above]) => ({
        operator: type + order,
        values: [low, middle, high] as const,
        expected: [below, same, above],
      })),
    ),
  )("$operator compares below, same and above", ({ operator, values, expected }) => {
    expect(values.map((value) => compare(value, operator, values[1]))).toEqual(expected);
  });

  it.each<[Json, string, Json, boolean]>([
    [true, "BooleanEquals", true, true],
    [false, "BooleanEquals", true, false],
    ["true", "BooleanEquals", true, false],
    [null, "IsNull", true, true],
    [null, "IsNull", false, false],
    [0, "IsNull", true, false],
    [0, "IsNull", false, true],
    [null, "NumericGreaterThanEquals", 0, false],
    ["10", "NumericEquals", 10, false],
    [10, "StringEquals", "10", false],
    ["not a time", "TimestampEquals", "not a time", false],
    ["", "StringLessThan", "a", true],
    ["a", "StringLessThan", "ab", true],
    ["Z", "StringLessThan", "a", true],
    ["\u{1f600}", "StringGreaterThan", "\uffee", true],
    ["\u{1f600}a", "StringLessThan", "\u{1f600}b", true],
  ])("%j %s %j is %s", (value, operator, operand, holds) => {
    expect(compare(value, operator, operand)).toBe(holds);
  });

  it.each<[string, Json, Json, boolean]>([
    ["StringEqualsPath", "a", "a", true],
    ["StringEqualsPath", "a", 1, false],
    ["BooleanEqualsPath", false, false, true],
    ["NumericEqualsPath", 1, 1, true],
    ["NumericLessThanPath", 1, 2, true],
    ["NumericLessThanEqualsPath", 2, 2, true],
    ["NumericGreaterThanPath", 2, 1, true],
    ["NumericGreaterThanEqualsPath", 1, 2, false],
    ["NumericEqualsPath", null, null, false],
  ])("%s compares %j with the value at a path, %j", (operator, v, w, holds) => {
    expect(decide({ Variable: "$.v", [operator]: "$.w" }, { v, w }).holds).toBe(holds);
  });
});

describe("logic", () => {
  const yes = { Variable: "$.v", NumericEquals: 1 };
  const no = { Variable: "$.v", NumericEquals: 2 };

  it.each<[object, boolean]>([
    [{ And: [yes, yes] }, true],
    [{ And: [yes, no] }, false],
    [{ Or: [no, yes] }, true],
    [{ Or: [no, no] }, false],
    [{ Not: no }, true],
    [{ Not: { Or: [no, { And: [yes, { Not: yes }] }] } }, true],
    [{ And: [] }, true],
    [{ Or: [] }, false],
  ])("%j is %s", (condition, holds) => {
    expect(decide(condition, { v: 1 }).holds).toBe(holds);
  });

  it("stops at the first condition that decides", () => {
    expect(decide({ Or: [yes, { Variable: "$.x", Bad: 1 }] }, { v: 1 }).holds).toBe(true);
  });
});

describe("a missing path", () => {
  it("does not match and warns", () => {
    expect(decide({ Variable: "$.v", StringEquals: "a" }, {})).toEqual({
      holds: false,
      warnings: ["JSON path not found: $.v; StringEquals does not match"],
    });
    expect(decide({ Not: { Variable: "$.v", IsNull: true } }, {}).holds).toBe(true);
    expect(decide({ Variable: "$.v", NumericEqualsPath: "$.w" }, { v: 1 })).toEqual({
      holds: false,
      warnings: ["JSON path not found: $.w; NumericEqualsPath does not match"],
    });
  });

  it("is an error by switch", () => {
    const switches = { missingVariable: "error" } as const;
    const holds = () => decide({ Variable: "$.v", IsNull: true }, {}, switches);
    expect(holds).toThrow("JSON path not found: $.v");
  });

  it("is what IsPresent asks for, without a warning or an error", () => {
    const switches = { missingVariable: "error" } as const;
    const absent = { Variable: "$.v", IsPresent: false };
    expect(decide(absent, {}, switches)).toEqual({ holds: true, warnings: [] });
    expect(decide({ ...absent, IsPresent: true }, { v: 0 }).holds).toBe(true);
  });

  it.each([
    ["true", true],
    ["false", false],
  ] as const)("with isPresentNull=%s a null is present: %s", (isPresentNull, holds) => {
    const condition = { Variable: "$.v", IsPresent: true };
    expect(decide(condition, { v: null }, { isPresentNull }).holds).toBe(holds);
  });
});

describe("malformed conditions", () => {
  it.each<[unknown, string]>([
    [{ Variable: "$.v", StringMatches: "a*" }, "StringMatches is not an operator"],
    [{ Variable: "$.v", StringLessThanPath: "$.w" }, "StringLessThanPath is not an operator"],
    [{ Variable: "$.v", IsNullPath: "$.w" }, "IsNullPath is not an operator"],
    [{ Variable: "$.v" }, "needs an operator"],
    [{ Variable: "$.v", IsNull: true, IsPresent: true }, "IsNull and IsPresent stand in one"],
    [{ StringEquals: "a" }, "needs a Variable"],
    [{ And: {} }, "And needs an array"],
    [{ Variable: "$.v", StringEqualsPath: 1 }, "StringEqualsPath needs a path"],
    ["text", "must be an object"],
  ])("%j says what is wrong", (condition, message) => {
    expect(() => decide(condition, { v: 1 })).toThrow(message);
  });
});

const above = (NumericGreaterThan: number, Next: string) => ({
  Variable: "$.v",
  NumericGreaterThan,
  Next,
});

describe("Choice", () => {
  const end = { Type: "Pass", End: true } as const;
  const states = (Choices: object[], Default?: string) => ({
    C: { Type: "Choice", Choices, ...(Default && { Default }) },
    One: end,
    Two: end,
  });
  it("takes the first true rule", async () => {
    const run = await runStates(states([above(5, "One"), above(0, "Two"), above(1, "One")]), {
      v: 3,
    });
    expect(run.trace[0]).toEqual({ state: "C", next: "Two" });
  });

  it("takes Default when no rule is true, and fails without one", async () => {
    const rules = [above(5, "One")];
    expect((await runStates(states(rules, "Two"), { v: 3 })).trace[0]?.next).toBe("Two");
    expect((await runStates(states(rules), { v: 3 })).error).toEqual({
      state: "C",
      name: "States.NoChoiceMatched",
      cause: "no rule is true and there is no Default",
    });
  });

  it("tells of missing paths among the warnings of the run", async () => {
    const run = await runStates(states([above(5, "One")], "Two"));
    expect(run.warnings).toEqual([
      { state: "C", message: "JSON path not found: $.v; NumericGreaterThan does not match" },
    ]);
  });
});
