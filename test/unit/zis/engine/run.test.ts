import { describe, expect, it } from "vitest";
import type { Json } from "#zis/model/json";
import type { StepTrace } from "#zis/engine/step-trace";
import { runFlow } from "#zis/engine/run";
import { bundleOf, errs, gives, runStates, type States } from "#test/support/run-states";

const DONE = { Type: "Succeed" } as const;
const LOAD = {
  Type: "Action",
  ActionName: "zis:common:action:LoadConfig",
  Parameters: { scope: "s" },
} as const;

describe("the ends of a flow", () => {
  it("is a success with the default text", async () => {
    const run = await runStates({ A: { Type: "Pass", End: true } }, { x: 1 });
    expect(run).toMatchObject({
      status: "SUCCEEDED",
      flow: "flow",
      message: "Execution Successful",
      data: { x: 1 },
      transitions: 1,
      elapsedMs: 0,
      trace: [{ state: "A", next: null }],
    });
    expect(run.error).toBeUndefined();
  });

  it.each([
    ["ticket {{$.id}} is {{$.state}}", "ticket 7 is open"],
    ["$.state", "open"],
    ["$12 for {{$.id}}", "$12 for 7"],
    ["no path", "no path"],
  ])("fills in the message %s", async (Message, message) => {
    const run = await runStates({ A: { Type: "Succeed", Message } }, { id: 7, state: "open" });
    expect(run).toMatchObject({ status: "SUCCEEDED", message });
  });

  it("is a failure with the error and the cause of Fail, and no retry", async () => {
    const run = await runStates(
      { A: { Type: "Fail", Error: "$.name", Cause: "because of {{$.err.Cause}}" } },
      { name: "Lost", err: { Cause: "it" } },
    );
    expect(run).toMatchObject({
      status: "FAILED",
      message: "because of it",
      error: { state: "A", name: "Lost", cause: "because of it" },
    });
    expect(run.retryable).toBeUndefined();
  });

  it("is a failure when a message leads nowhere", async () => {
    const run = await runStates({ A: { Type: "Succeed", Message: "{{$.no}}" } });
    expect(run.error).toEqual({
      state: "A",
      name: "States.TaskFailed",
      cause: "JSON path not found: $.no",
    });
  });

  it("names the flows that there are when asked for another", async () => {
    const bundle = bundleOf({ A: DONE });
    await expect(
      runFlow({ bundle, flow: "x", data: {}, waits: "virtual", perform: async () => gives(1) }),
    ).rejects.toThrow('no flow named "x"; it has flow');
  });
});

describe("ResultPath", () => {
  it.each<[string | undefined, Json]>([
    ["$.r", { keep: 1, r: { v: 2 } }],
    ["$.r.deep.er", { keep: 1, r: { deep: { er: { v: 2 } } } }],
    ["$", { v: 2 }],
    [undefined, { keep: 1 }],
  ])("of an action, %s, puts the result there", async (ResultPath, data) => {
    const state = { ...LOAD, ...(ResultPath && { ResultPath }), End: true };
    const run = await runStates({ A: state }, { keep: 1 }, { answer: () => gives({ v: 2 }) });
    expect(run.data).toEqual(data);
  });

  it("when absent replaces the data if the switch says so", async () => {
    const run = await runStates(
      { A: { ...LOAD, End: true } },
      { keep: 1 },
      { answer: () => gives({ v: 2 }), switches: { resultPathDefault: "replace" } },
    );
    expect(run.data).toEqual({ v: 2 });
  });

  it("of null drops the result", async () => {
    const run = await runStates({ A: { ...LOAD, ResultPath: null, End: true } }, { keep: 1 });
    expect(run.data).toEqual({ keep: 1 });
  });

  it.each(["$.list[5]", "$.a[*]"])(
    "that cannot be written, %s, is an error",
    async (ResultPath) => {
      const run = await runStates({ A: { ...LOAD, ResultPath, End: true } }, { list: [] });
      expect(run.message).toBe(`ResultPath ${ResultPath} cannot be written`);
    },
  );
});

describe("Pass", () => {
  it.each<[object, Json]>([
    [
      { Result: "text", ResultPath: "$.r" },
      { keep: 1, r: "text" },
    ],
    [
      { Result: { "a.$": "$.keep" }, ResultPath: "$.r" },
      { keep: 1, r: { "a.$": "$.keep" } },
    ],
    [
      { Result: null, ResultPath: "$.r" },
      { keep: 1, r: null },
    ],
    [{ Result: { only: 1 } }, { only: 1 }],
    [{}, { keep: 1 }],
  ])("with %j", async (members, data) => {
    const run = await runStates({ A: { Type: "Pass", ...members, End: true } }, { keep: 1 });
    expect(run.data).toEqual(data);
  });

  it("fills in its Result, or drops it without a ResultPath, by switch", async () => {
    const state = { Type: "Pass", Result: { "a.$": "$.keep" }, ResultPath: "$.r", End: true };
    const resolved = await runStates(
      { A: state },
      { keep: 1 },
      { switches: { passResultTemplates: "resolve" } },
    );
    expect(resolved.data).toEqual({ keep: 1, r: { a: 1 } });
    const kept = await runStates(
      { A: { Type: "Pass", Result: 1, End: true } },
      { keep: 1 },
      { switches: { passResultPathDefault: "keep" } },
    );
    expect(kept.data).toEqual({ keep: 1 });
  });
});

describe("Wait", () => {
  it("moves the virtual clock and takes no time", async () => {
    const began = performance.now();
    const run = await runStates({
      A: { Type: "Wait", Seconds: 60.5, Next: "B" },
      B: { Type: "Pass", End: true },
    });
    expect(run).toMatchObject({ status: "SUCCEEDED", elapsedMs: 60_500, transitions: 2 });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("takes its seconds from a path and moves on at once when they are not above 0", async () => {
    const states = { A: { Type: "Wait", SecondsPath: "$.s", End: true } } as const;
    expect(await runStates(states, { s: 3 })).toMatchObject({ elapsedMs: 3000 });
    expect(await runStates(states, { s: -3 })).toMatchObject({
      status: "SUCCEEDED",
      elapsedMs: 0,
    });
    expect((await runStates(states, { s: "3" })).message).toBe("$.s is not a number");
    expect((await runStates(states)).message).toBe("JSON path not found: $.s");
  });

  it("really sleeps when asked to, and stops sleeping when aborted", async () => {
    const states: States = { A: { Type: "Wait", Seconds: 0.05, End: true } };
    const run = await runStates(states, {}, { waits: "real" });
    expect(run.elapsedMs).toBeGreaterThanOrEqual(45);
    const long: States = { A: { Type: "Wait", Seconds: 60, End: true } };
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 20);
    const { signal } = controller;
    await expect(runStates(long, {}, { waits: "real", signal })).rejects.toThrow("enough");
  });
});

describe("the limits", () => {
  const loop: States = {
    A: { Type: "Pass", Next: "B" },
    B: { Type: "Pass", Next: "A" },
  };

  it("end a loop after 250 states", async () => {
    const run = await runStates(loop);
    expect(run).toMatchObject({
      status: "TRANSITIONS_EXCEEDED",
      transitions: 250,
      message: "the flow did not end within 250 state transitions",
    });
    expect(run.trace).toHaveLength(250);
  });

  it("let a flow of exactly 250 states end", async () => {
    const states: States = {};
    for (let index = 0; index < 249; index += 1) {
      states[`S${index}`] = { Type: "Pass", Next: `S${index + 1}` };
    }
    states["S249"] = DONE;
    expect(await runStates(states)).toMatchObject({ status: "SUCCEEDED", transitions: 250 });
    expect(await runStates(states, {}, { limits: { transitions: 249 } })).toMatchObject({
      status: "TRANSITIONS_EXCEEDED",
      error: { state: "S249" },
    });
  });

  it("count the states of each Map iteration, and give the flow's data", async () => {
    const states: States = {
      M: {
        Type: "Map",
        ItemsPath: "$.items",
        Iterator: {
          StartAt: "X",
          States: { X: { Type: "Pass", Next: "Y" }, Y: { Type: "Pass", Next: "Z" }, Z: DONE },
        },
        End: true,
      },
    };
    const data = { items: Array.from({ length: 90 }, () => ({})) };
    const run = await runStates(states, data);
    expect(run).toMatchObject({ status: "TRANSITIONS_EXCEEDED", transitions: 250, data });
    expect((await runStates(states, { items: data.items.slice(0, 83) })).transitions).toBe(250);
  });

  it("end a Wait and an action at 100 seconds", async () => {
    const wait: States = {
      A: { ...LOAD, Next: "B" },
      B: { Type: "Wait", Seconds: 60, Next: "C" },
      C: { Type: "Pass", End: true },
    };
    const slow = await runStates(wait, {}, { answer: () => gives(1, 40_001) });
    expect(slow).toMatchObject({
      status: "TIMED_OUT",
      elapsedMs: 100_000,
      transitions: 2,
      error: { state: "B", cause: "the flow did not end within 100 seconds" },
    });
    const exact = await runStates(wait, {}, { answer: () => gives(1, 40_000) });
    expect(exact).toMatchObject({ status: "SUCCEEDED", elapsedMs: 100_000 });
    const alone: States = { A: { ...LOAD, End: true } };
    const whole = await runStates(alone, {}, { answer: () => gives(1, 100_000) });
    expect(whole).toMatchObject({ status: "SUCCEEDED", elapsedMs: 100_000 });
    const action = await runStates(wait, {}, { answer: () => gives(1, 100_001) });
    expect(action).toMatchObject({ status: "TIMED_OUT", elapsedMs: 100_000, transitions: 1 });
  });

  it("are not catchable", async () => {
    const caught = { ...LOAD, Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }], End: true };
    const states: States = { A: caught, B: DONE };
    const run = await runStates(states, {}, { answer: () => errs("late", { elapsedMs: 100_001 }) });
    expect(run.status).toBe("TIMED_OUT");
  });

  it("abort an action that does not answer in time", async () => {
    let aborted = false;
    const run = await runStates(
      { A: { ...LOAD, End: true } },
      {},
      {
        limits: { seconds: 0.05 },
        perform: (_effect, signal) => {
          signal.addEventListener("abort", () => {
            aborted = true;
          });
          return new Promise(() => {});
        },
      },
    );
    expect(run).toMatchObject({ status: "TIMED_OUT", elapsedMs: 50 });
    expect(aborted).toBe(true);
  });

  it("lifted, let other work have its turn", async () => {
    const signal = AbortSignal.timeout(20);
    await expect(
      runStates(loop, {}, { signal, limits: { transitions: Number.POSITIVE_INFINITY } }),
    ).rejects.toThrow();
  });
});

const catching = (members: object = {}): States => ({
  A: {
    ...LOAD,
    Catch: [{ ErrorEquals: ["States.ALL"], Next: "B", ...members }],
    ResultPath: "$.r",
    End: true,
  },
  B: DONE,
});

describe("Catch", () => {
  it("replaces all data with the error when it has no ResultPath", async () => {
    const run = await runStates(catching(), { keep: 1 }, { answer: () => errs("broken") });
    expect(run).toMatchObject({
      status: "SUCCEEDED",
      data: { Error: "States.TaskFailed", Cause: "broken" },
      trace: [
        { state: "A", next: "B" },
        { state: "B", next: null },
      ],
    });
    expect(run.data).not.toHaveProperty("keep");
  });

  it("keeps the data beside its ResultPath", async () => {
    const states = catching({ ResultPath: "$.err" });
    const run = await runStates(states, { keep: 1 }, { answer: () => errs("broken") });
    expect(run.data).toEqual({ keep: 1, err: { Error: "States.TaskFailed", Cause: "broken" } });
  });

  it("takes errors of the Parameters and of an unwritable ResultPath too", async () => {
    const states = catching({ ResultPath: "$.err" });
    const broken = { ...states["A"], Parameters: { "scope.$": "$.no" } };
    const run = await runStates({ ...states, A: broken });
    expect(run.data).toMatchObject({ err: { Cause: "JSON path not found: $.no" } });
    expect(run.effects).toEqual([]);
    const unwritable = { ...states["A"], ResultPath: "$.x[0]" };
    expect((await runStates({ ...states, A: unwritable })).data).toMatchObject({
      err: { Cause: "ResultPath $.x[0] cannot be written" },
    });
  });

  it("whose ResultPath cannot be written fails the flow", async () => {
    const states = catching({ ResultPath: "$.x[0]" });
    const run = await runStates(states, {}, { answer: () => errs("broken") });
    expect(run).toMatchObject({
      status: "FAILED",
      error: { state: "A", cause: "ResultPath $.x[0] of Catch cannot be written" },
    });
  });
});

const busy = () => errs("busy", { status: 429 });
const conflict = () => errs("no", { status: 409 });

describe("retryable errors", () => {
  const state = { ...LOAD, End: true };

  it.each([
    [429, true],
    [500, true],
    [503, true],
    [409, undefined],
    [undefined, undefined],
  ])("an uncaught status of %s gives retryable %s", async (status, retryable) => {
    const answer = () => errs("failed", { ...(status && { status }), retryAfterSeconds: 7 });
    const run = await runStates({ A: state }, {}, { answer });
    expect(run.retryable).toBe(retryable);
    expect(run.retryAfterSeconds).toBe(7);
  });

  it("are caught at once, or by switch only in the last attempt", async () => {
    const states: States = {
      A: { ...state, Catch: [{ ErrorEquals: ["States.ALL"], Next: "B" }] },
      B: DONE,
    };
    expect((await runStates(states, {}, { answer: busy, lastAttempt: false })).status).toBe(
      "SUCCEEDED",
    );
    const switches = { retryBeforeCatch: "retry" } as const;
    expect(
      await runStates(states, {}, { answer: busy, switches, lastAttempt: false }),
    ).toMatchObject({
      status: "FAILED",
      retryable: true,
    });
    expect((await runStates(states, {}, { answer: busy, switches })).status).toBe("SUCCEEDED");
    const run = await runStates(states, {}, { answer: conflict, switches, lastAttempt: false });
    expect(run.status).toBe("SUCCEEDED");
  });
});

describe("steps", () => {
  it("tell the data at each point, a Map after its iterations", async () => {
    const steps: StepTrace[] = [];
    const run = await runStates(
      {
        M: {
          Type: "Map",
          ItemsPath: "$.items",
          ResultPath: "$.out",
          Iterator: {
            StartAt: "L",
            States: {
              L: { ...LOAD, Parameters: { "scope.$": "$.s" }, ResultPath: "$.r", End: true },
            },
          },
          Next: "D",
        },
        D: DONE,
      },
      { items: [{ s: "a" }, { s: "b" }] },
      { answer: () => gives(1), onStep: (step) => steps.push(step) },
    );
    expect(steps.map(({ state, iterations, next }) => [state, iterations, next])).toEqual([
      ["L", [0], null],
      ["L", [1], null],
      ["M", [], "D"],
      ["D", [], null],
    ]);
    expect(steps[1]).toMatchObject({
      input: { s: "b" },
      parameters: { scope: "b" },
      effect: { kind: "builtin", parameters: { scope: "b" } },
      result: 1,
      output: { s: "b", r: 1 },
    });
    expect(run.trace).toEqual([
      { state: "M", next: "D" },
      { state: "L", iteration: 0, next: null },
      { state: "L", iteration: 1, next: null },
      { state: "D", next: null },
    ]);
  });
});

describe("flows that the language forbids", () => {
  it.each<[string, States, string]>([
    [
      "a dangling Next",
      { A: { Type: "Pass", Next: "X" } },
      'Next names "X", which is not a state of its scope',
    ],
    ["an unknown type", { A: { Type: "Task", End: true } }, '"Task" is not a state type'],
    ["a state that is not an object", { A: 7 as never }, "the state is not an object"],
    ["an Action without a name", { A: { Type: "Action" } }, "Action needs an ActionName"],
    ["a Map without items", { A: { Type: "Map" } }, "Map needs an ItemsPath"],
    ["a Wait without seconds", { A: { Type: "Wait" } }, "Wait needs Seconds or SecondsPath"],
    [
      "a Choice without choices",
      { A: { Type: "Choice" } },
      "no rule is true and there is no Default",
    ],
    [
      "a state called __proto__",
      { A: { Type: "Pass", Next: "__proto__" } },
      'Next names "__proto__", which is not a state',
    ],
    ["no states at all", {}, "StartAt names no state"],
  ])("fail at run time with %s", async (_name, states, cause) => {
    const run = await runStates(states);
    expect(run.status).toBe("FAILED");
    expect(run.message).toContain(cause);
  });
});

describe("a name that leads nowhere", () => {
  it.each<[string, States, string]>([
    ["Next", { A: { Type: "Pass", Next: "X" } }, 'Next names "X"'],
    ["the empty name", { A: { Type: "Pass", Next: "" } }, "Next names no state"],
    ["Default", { A: { Type: "Choice", Choices: [], Default: "X" } }, 'the Choice names "X"'],
    [
      "the Next of a Catch",
      {
        A: {
          Type: "Map",
          ItemsPath: "$.none",
          Iterator: { StartAt: "B", States: {} },
          Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.e", Next: "X" }],
          End: true,
        },
      },
      'Next of the Catch names "X"',
    ],
    [
      "StartAt of an Iterator",
      {
        A: {
          Type: "Map",
          ItemsPath: "$.items",
          Iterator: { StartAt: "X", States: {} },
          End: true,
        },
      },
      'StartAt of the Iterator names "X"',
    ],
  ])("is the error of the state that names it: %s", async (_what, states, cause) => {
    const run = await runStates(states, { items: [{}] });
    expect(run).toMatchObject({ status: "FAILED", error: { state: "A" }, transitions: 1 });
    expect(run.trace).toEqual([{ state: "A", next: null }]);
    expect(run.message).toContain(cause);
  });

  it("is cut in the message when it has three million characters", async () => {
    const run = await runStates({ A: { Type: "Pass", Next: "x".repeat(3e6) } });
    expect(run.message.length).toBeLessThan(300);
  });
});
