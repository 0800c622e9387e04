import { describe, expect, it } from "vitest";
import type { Json } from "#zis/model/json";
import { errs, gives, runStates, type States } from "#test/support/run-states";

const LOAD = {
  Type: "Action",
  ActionName: "zis:common:action:LoadConfig",
  Parameters: { "scope.$": "$.s" },
  ResultPath: "$.r",
} as const;

const mapOf = (States: States, members: object = {}): States => ({
  M: {
    Type: "Map",
    ItemsPath: "$.items",
    ResultPath: "$.out",
    Iterator: { StartAt: Object.keys(States)[0], States },
    Next: "D",
    ...members,
  },
  D: { Type: "Pass", End: true },
});

describe("Map", () => {
  it("gives each iteration its item and nothing else, and gathers the data at the ends in order", async () => {
    const run = await runStates(
      mapOf({ L: { ...LOAD, Next: "S" }, S: { Type: "Succeed" } }),
      { secret: 1, items: [{ s: "a" }, { s: "b" }] },
      {
        answer: (effect) =>
          gives(effect.kind === "builtin" ? (effect.parameters["scope"] ?? null) : 0),
      },
    );
    expect(run.data).toEqual({
      secret: 1,
      items: [{ s: "a" }, { s: "b" }],
      out: [
        { s: "a", r: "a" },
        { s: "b", r: "b" },
      ],
    });
  });

  it("hides the outer data from its iterations", async () => {
    const run = await runStates(mapOf({ L: { ...LOAD, End: true } }), {
      s: "outer",
      items: [{}],
    });
    expect(run.error).toEqual({
      state: "L",
      name: "States.TaskFailed",
      cause: "JSON path not found: $.s",
    });
  });

  it("lets its states bear names of the flow around it", async () => {
    const run = await runStates(
      mapOf({
        M: { Type: "Pass", Result: 1, ResultPath: "$.x", Next: "D" },
        D: { Type: "Pass", Result: 2, ResultPath: "$.y", End: true },
      }),
      { items: [{}] },
    );
    expect(run.data).toMatchObject({ out: [{ x: 1, y: 2 }] });
    expect(run.trace).toEqual([
      { state: "M", next: "D" },
      { state: "M", iteration: 0, next: "D" },
      { state: "D", iteration: 0, next: null },
      { state: "D", next: null },
    ]);
  });

  it("does not let its states go to states outside", async () => {
    const run = await runStates(mapOf({ X: { Type: "Pass", Next: "D" } }), { items: [{}] });
    expect(run.message).toBe('Next names "D", which is not a state of its scope');
  });

  it.each<[Json, string]>([
    ["text", "the items at $.items are not an array"],
    [{}, "the items at $.items are not an array"],
    [null, "the items at $.items are not an array"],
    [[{}, 2], "item 1 at $.items is not an object"],
    [[[]], "item 0 at $.items is not an object"],
    [[null], "item 0 at $.items is not an object"],
    [
      Array.from({ length: 101 }, () => ({})),
      "the Map has 101 items at $.items, at most 100 may be",
    ],
  ])("refuses the items %j before any iteration", async (items, cause) => {
    const run = await runStates(mapOf({ L: { ...LOAD, End: true } }), { items });
    expect(run).toMatchObject({ status: "FAILED", error: { state: "M", cause }, effects: [] });
  });

  it("refuses items that are not there", async () => {
    const run = await runStates(mapOf({ L: { ...LOAD, End: true } }));
    expect(run.message).toBe("JSON path not found: $.items");
  });

  it("takes 100 items", async () => {
    const items = Array.from({ length: 100 }, () => ({}));
    const run = await runStates(mapOf({ P: { Type: "Pass", End: true } }), { items });
    expect(run).toMatchObject({ status: "SUCCEEDED", transitions: 102 });
  });

  it("over no items gives an empty array, or null by switch", async () => {
    const states = mapOf({ P: { Type: "Pass", End: true } });
    expect((await runStates(states, { items: [] })).data).toEqual({ items: [], out: [] });
    const switches = { emptyMapResult: "null" } as const;
    const run = await runStates(states, { items: [] }, { switches });
    expect(run.data).toEqual({ items: [], out: null });
  });

  it("without ResultPath keeps the data", async () => {
    const states = mapOf({ P: { Type: "Pass", End: true } }, { ResultPath: undefined });
    expect((await runStates(states, { items: [{}] })).data).toEqual({ items: [{}] });
  });

  it("fails with the first failing iteration and drops the others", async () => {
    let calls = 0;
    const answer = () => (++calls === 2 ? errs("second") : gives(1));
    const run = await runStates(
      mapOf({ L: { ...LOAD, End: true } }),
      { items: [{ s: 1 }, { s: 2 }, { s: 3 }] },
      { answer },
    );
    expect(run).toMatchObject({
      status: "FAILED",
      error: { state: "L", cause: "second" },
      data: { items: [{ s: 1 }, { s: 2 }, { s: 3 }] },
      trace: [{ state: "M" }, { state: "L" }, { state: "L", iteration: 1, next: null }],
    });
    expect(run.effects).toHaveLength(2);
  });

  it("catches what an iteration does not, a Fail too, with the flow's data", async () => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "D", ResultPath: "$.err" }];
    const states = mapOf({ F: { Type: "Fail", Error: "Bad", Cause: "$.why" } }, { Catch });
    const run = await runStates(states, { items: [{ why: "rain" }] });
    expect(run).toMatchObject({
      status: "SUCCEEDED",
      data: { items: [{ why: "rain" }], err: { Error: "Bad", Cause: "rain" } },
      trace: [{ state: "M", next: "D" }, { state: "F", next: null }, { state: "D" }],
    });
  });

  it("goes on after a Catch inside an iteration", async () => {
    const run = await runStates(
      mapOf({
        L: {
          ...LOAD,
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "S", ResultPath: "$.err" }],
          End: true,
        },
        S: { Type: "Succeed", Message: "one iteration only" },
      }),
      { items: [{ s: 1 }, { s: 2 }] },
      { answer: () => errs("no") },
    );
    expect(run).toMatchObject({
      status: "SUCCEEDED",
      message: "Execution Successful",
      data: {
        out: [
          { s: 1, err: { Cause: "no" } },
          { s: 2, err: { Cause: "no" } },
        ],
      },
    });
  });

  it("may stand in a Map", async () => {
    const inner = {
      Type: "Map",
      ItemsPath: "$.inner",
      ResultPath: "$.inner",
      Iterator: {
        StartAt: "P",
        States: { P: { Type: "Pass", Result: 9, ResultPath: "$.p", End: true } },
      },
      End: true,
    };
    const run = await runStates(mapOf({ I: inner }), {
      items: [{ inner: [{}, {}] }, { inner: [] }, { inner: [{ a: 1 }] }],
    });
    expect(run.data).toMatchObject({
      out: [{ inner: [{ p: 9 }, { p: 9 }] }, { inner: [] }, { inner: [{ a: 1, p: 9 }] }],
    });
    expect(run.transitions).toBe(1 + 3 + 3 + 1);
    expect(run.trace.map(({ iteration }) => iteration)).toEqual([
      undefined,
      0,
      0,
      1,
      1,
      2,
      0,
      undefined,
    ]);
  });

  it("whose result cannot be written can catch that", async () => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "D", ResultPath: "$.err" }];
    const states = mapOf({ P: { Type: "Pass", End: true } }, { ResultPath: "$.x[0]", Catch });
    expect((await runStates(states, { items: [{}] })).data).toMatchObject({
      err: { Cause: "ResultPath $.x[0] cannot be written" },
    });
  });
});
