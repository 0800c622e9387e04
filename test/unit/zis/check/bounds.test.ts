import { describe, expect, it } from "vitest";
import { checkText } from "#zis/check/check-text";
import type { FlowBound } from "#zis/check/bounds";
import { bundleOf } from "./bundles.ts";

const JQ = "zis:common:transform:Jq";
const CALL = "zis:int:action:act";
const done = { Type: "Succeed" };
const fail = { Type: "Fail", Error: "E", Cause: "c" };
const pass = (Result: unknown, ResultPath: string, Next: string) => ({
  Type: "Pass",
  Result,
  ResultPath,
  Next,
});
const wait = (Seconds: number, Next: string) => ({ Type: "Wait", Seconds, Next });
const jq = (expr: string, data: string, ResultPath: string, Next: string) => ({
  Type: "Action",
  ActionName: JQ,
  Parameters: { expr, "data.$": data },
  ResultPath,
  Next,
});
const call = (Next: string, onError: string) => ({
  Type: "Action",
  ActionName: CALL,
  ResultPath: "$.reply",
  Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: onError }],
  Next,
});
const is = (Variable: string, operator: string, operand: unknown, Next: string) => ({
  Variable,
  [operator]: operand,
  Next,
});
const choice = (Default: string, ...Choices: unknown[]) => ({ Type: "Choice", Choices, Default });

function bound(states: Record<string, unknown>, budgets?: Record<string, number>): FlowBound {
  const { bounds } = checkText(bundleOf(states), budgets ? { budgets } : {});
  const [only] = bounds;
  if (only === undefined) throw new Error("no bound");
  return only;
}

const retries = {
  "call?": choice(
    "no",
    is("$.retry.left", "NumericEquals", 3, "w1"),
    is("$.retry.left", "NumericEquals", 2, "w2"),
    is("$.retry.left", "NumericEquals", 1, "w3"),
  ),
  w1: wait(2, "p1"),
  p1: pass({ left: 2 }, "$.retry", "call"),
  w2: wait(8, "p2"),
  p2: pass({ left: 1 }, "$.retry", "call"),
  w3: wait(20, "p3"),
  p3: pass({ left: 0 }, "$.retry", "call"),
  no: fail,
};
const retryFlow = {
  start: pass({ left: 3 }, "$.retry", "call"),
  call: call("done", "call?"),
  done,
  ...retries,
};

const item = { StartAt: "b", States: { b: pass(1, "$.x", "c"), c: done } };
const map = (ItemsPath: string, Next: string, Iterator: unknown = item) => ({
  Type: "Map",
  ItemsPath,
  Iterator,
  ResultPath: "$.m",
  Next,
});

describe("bounds", () => {
  it.each<[string, Record<string, unknown>, number, number]>([
    ["one state", { a: done }, 1, 0],
    [
      "the longer of two branches",
      {
        a: choice("z", is("$.input.x", "IsNull", true, "w")),
        w: wait(2.5, "v"),
        v: wait(1, "z"),
        z: done,
      },
      4,
      3.5,
    ],
    [
      "jq and built-in actions at their stated defaults",
      {
        a: jq(".", "$", "$.x", "b"),
        b: {
          Type: "Action",
          ActionName: "zis:common:action:LoadConfig",
          Parameters: { scope: "s" },
          ResultPath: "$.c",
          End: true,
        },
      },
      2,
      3,
    ],
    // start, 4 x (call, choice), 3 x (wait, pass), no = 1 + 8 + 6 + 1; 4 calls of 5 s and 2 + 8 + 20 s.
    ["the shared retry allowance", retryFlow, 16, 50],
    ["a Map over 100 items at most", { a: map("$.input.l", "z"), z: done }, 1 + 100 * 2 + 1, 0],
    [
      "a Map over a literal array",
      { a: pass([{}, {}, {}], "$.l", "m"), m: map("$.l", "z"), z: done },
      2 + 3 * 2 + 1,
      0,
    ],
    ["a Map over nothing", { a: pass([], "$.l", "m"), m: map("$.l", "z"), z: done }, 3, 0],
    [
      "a Map over a slice made by jq",
      { a: jq("(.items // [])[0:20]", "$.input", "$.l", "m"), m: map("$.l", "z"), z: done },
      2 + 20 * 2 + 1,
      1,
    ],
    [
      "a Map over the result of another Map",
      { a: pass([{}, {}], "$.l", "m"), m: map("$.l", "n"), n: map("$.m", "z"), z: done },
      3 + 2 * 2 * 2 + 1,
      0,
    ],
    [
      "nested Maps",
      {
        a: map("$.input.l", "z", { StartAt: "n", States: { n: map("$.p", "e"), e: done } }),
        z: done,
      },
      1 + 100 * (1 + 100 * 2 + 1) + 1,
      0,
    ],
    [
      "SecondsPath that is a known constant",
      { a: pass({ s: 7 }, "$.w", "b"), b: { Type: "Wait", SecondsPath: "$.w.s", End: true } },
      2,
      7,
    ],
    [
      "SecondsPath below 0",
      { a: pass(-7, "$.w", "b"), b: { Type: "Wait", SecondsPath: "$.w", End: true } },
      2,
      0,
    ],
    [
      "a Choice that a constant decides",
      {
        a: pass("x", "$.k", "b"),
        b: choice("z", is("$.k", "StringEquals", "y", "w")),
        w: wait(50, "z"),
        z: done,
      },
      3,
      0,
    ],
    [
      "a Choice whose first rule is known to be true",
      {
        a: pass(1, "$.k", "b"),
        b: choice("w", is("$.k", "NumericEquals", 1, "z"), is("$.input.x", "IsNull", true, "w")),
        w: wait(50, "z"),
        z: done,
      },
      3,
      0,
    ],
    [
      "a Choice on And, Or and Not of constants",
      {
        a: pass({ n: 1, t: "x", b: true }, "$.k", "b"),
        b: choice("z", {
          And: [
            { Variable: "$.k.n", NumericGreaterThan: 0 },
            {
              Not: {
                Or: [
                  { Variable: "$.k.t", StringEquals: "y" },
                  { Variable: "$.k.b", BooleanEquals: false },
                ],
              },
            },
          ],
          Next: "v",
        }),
        v: wait(1, "z"),
        z: wait(9, "e"),
        e: done,
      },
      5,
      10,
    ],
  ])("are exact for %s", (_what, states, transitions, seconds) => {
    const found = bound(states, { act: 5 });
    expect(found.transitions.max).toBe(transitions);
    expect(found.seconds.max).toBe(seconds);
  });

  it.each<[string, Record<string, unknown>, number]>([
    // start, n x (choice, body, count), the last choice, done
    [
      "`. + 1`",
      {
        a: pass(0, "$.n", "c"),
        c: choice("z", is("$.n", "NumericLessThan", 5, "j")),
        j: jq(". + 1", "$.n", "$.n", "c"),
        z: done,
      },
      1 + 5 * 2 + 2,
    ],
    [
      "`.n + 1`",
      {
        a: pass(0, "$.n", "c"),
        c: choice("z", is("$.n", "NumericLessThan", 5, "j")),
        j: jq(".n + 1", "$", "$.n", "c"),
        z: done,
      },
      13,
    ],
    [
      "`(.n // 0) + 1` from nothing",
      {
        a: jq("(.n // 0) + 1", "$", "$.n", "c"),
        c: choice("z", is("$.n", "NumericLessThan", 5, "a")),
        z: done,
      },
      5 * 2 + 1,
    ],
    [
      "`.k.left - 1`",
      {
        a: pass({ left: 4 }, "$.k", "c"),
        c: choice("z", is("$.k.left", "NumericGreaterThan", 0, "j")),
        j: jq(".k.left - 1", "$", "$.k.left", "c"),
        z: done,
      },
      1 + 4 * 2 + 2,
    ],
    [
      "`.left -= 1` in place",
      {
        a: pass({ left: 4 }, "$.k", "c"),
        c: choice("z", is("$.k.left", "NumericGreaterThan", 0, "j")),
        j: jq(".left -= 1", "$.k", "$.k", "c"),
        z: done,
      },
      11,
    ],
    [
      "a limit that a Pass wrote",
      {
        a: pass({ n: 0, max: 3 }, "$.k", "c"),
        c: choice("z", is("$.k.n", "NumericLessThanPath", "$.k.max", "j")),
        j: jq(".k.n + 1", "$", "$.k.n", "c"),
        z: done,
      },
      1 + 3 * 2 + 2,
    ],
    [
      "a jq constant as the start",
      {
        a: jq('{"n": 2}', "$", "$.k", "c"),
        c: choice("z", is("$.k.n", "NumericLessThan", 4, "j")),
        j: jq(".k.n + 1", "$", "$.k.n", "c"),
        z: done,
      },
      1 + 2 * 2 + 2,
    ],
  ])("are exact for a counter made by %s", (_what, states, transitions) => {
    expect(bound(states).transitions).toEqual({ max: transitions });
  });

  const counting = (expr: string, data: string, into: string) => ({
    a: pass({ n: 0, max: 9, list: [0] }, "$.s", "c"),
    c: choice("z", is("$.s.n", "NumericLessThan", 3, "j")),
    j: jq(expr, data, into, "c"),
    z: done,
  });

  it.each([
    ["{n: (.s.n + 1)}", "$", "$.s"],
    ["{n: (.n + 1)}", "$.s", "$.s"],
    [".s | .n += 1", "$", "$.s"],
    [".s.n += 1 | .s", "$", "$.s"],
    [".s.n += 1", "$", "$"],
    [".n |= . + 1", "$.s", "$.s"],
    [".n = .n + 1", "$.s", "$.s"],
    [". + {n: (.n + 1)}", "$.s", "$.s"],
    ["1 + .s.n", "$", "$.s.n"],
    ["(.s.n | tonumber) + 1", "$", "$.s.n"],
    ["if .s.n then .s.n + 1 else 1 end", "$", "$.s.n"],
    [".s.n as $n | $n + 1", "$", "$.s.n"],
    [". as $all | $all.s.n + 1 # one more", "$", "$.s.n"],
    ["[.s.n + 1] | .[0]", "$", "$.s.n"],
    ['.["s"]["n"] + 2 - 1', "$", "$.s.n"],
  ])("are exact for a counter made by `%s` with data %s to %s", (expr, data, into) => {
    expect(bound(counting(expr, data, into)).transitions).toEqual({ max: 1 + 3 * 2 + 2 });
  });

  it("are exact for a Boolean that jq makes of a counter, and for a counter in an array", () => {
    const states = {
      a: pass({ c: [0] }, "$.s", "d"),
      d: jq(".s.c[0] >= 2", "$", "$.done", "c"),
      c: choice("j", is("$.done", "BooleanEquals", true, "z")),
      j: jq(".c[0] += 1", "$.s", "$.s", "d"),
      z: done,
    };
    expect(bound(states).transitions).toEqual({ max: 1 + 2 * 3 + 3 });
  });

  it("say that a counter has too many combinations to be followed", () => {
    const states = counting(".s.n + 1", "$", "$.s.n");
    states.c = choice("z", is("$.s.n", "NumericLessThan", 30_000, "j"));
    expect(bound(states).transitions).toEqual({
      max: null,
      why: 'The loop "c" -> "j" -> "c" has no end that was found among 20,000 combinations of states and constants.',
    });
  });

  it("have a reason instead of seconds that no number can hold", () => {
    const states = { a: wait(1e308, "b"), b: wait(1e308, "z"), z: done };
    expect(bound(states)).toMatchObject({
      transitions: { max: 3 },
      seconds: { max: null, why: "The sum is larger than any number." },
    });
  });

  it.each([
    ".input.more, . as $y | .input.more[0:3]",
    ".input.more, def f: 1; .input.more[0:3]",
    "label $out | .input.more, 1 | .input.more[0:3]",
    ".input.more + . as $y | .input.more[0:3]",
    "reduce .input.more as $x (0; .) + . as $y | .input.more[0:3]",
  ])("know nothing of the length of `%s`", (expr) => {
    const states = { a: jq(expr, "$", "$.l", "m"), m: map("$.l", "z"), z: done };
    expect(bound(states).transitions.max).toBe(2 + 100 * 2 + 1);
  });

  it.each([
    [". as $y | .input.more[0:3]", 3],
    ["reduce .input.more[] as $x ([]; . + [$x]) | .[:4] # no more", 4],
    ['[.input.more[] | select(.a == "|,") ][0:5]', 5],
  ])("know the length of `%s`", (expr, length) => {
    const states = { a: jq(expr, "$", "$.l", "m"), m: map("$.l", "z"), z: done };
    expect(bound(states).transitions.max).toBe(2 + length * 2 + 1);
  });

  it.each<[string, Record<string, unknown>]>([
    [
      "an unknown start",
      {
        a: jq(".input.n", "$", "$.n", "c"),
        c: choice("z", is("$.n", "NumericLessThan", 5, "j")),
        j: jq(".n + 1", "$", "$.n", "c"),
        z: done,
      },
    ],
    [
      "an unknown limit",
      {
        a: pass(0, "$.n", "c"),
        c: choice("z", is("$.n", "NumericLessThanPath", "$.input.max", "j")),
        j: jq(".n + 1", "$", "$.n", "c"),
        z: done,
      },
    ],
    [
      "a step away from the limit",
      {
        a: pass(0, "$.n", "c"),
        c: choice("z", is("$.n", "NumericLessThan", 5, "j")),
        j: jq(".n - 1", "$", "$.n", "c"),
        z: done,
      },
    ],
    [
      "a counter that a reply overwrites",
      {
        a: pass({ n: 0 }, "$.reply", "c"),
        c: choice("z", is("$.reply.n", "NumericLessThan", 5, "k")),
        k: call("j", "j"),
        j: jq(".reply.n + 1", "$", "$.reply.n", "c"),
        z: done,
      },
    ],
    [
      "a Catch that replaces all data",
      {
        a: pass(3, "$.n", "k"),
        k: { ...call("z", "c"), Catch: [{ ErrorEquals: ["States.ALL"], Next: "c" }] },
        c: choice("z", is("$.n", "NumericEquals", 3, "p"), is("$.input", "IsNull", true, "k")),
        p: pass(2, "$.n", "k"),
        z: done,
      },
    ],
    [
      "a program of another form",
      {
        a: pass(0, "$.n", "c"),
        c: choice("z", is("$.n", "NumericLessThan", 5, "j")),
        j: jq("[.n, 1] | add", "$", "$.n", "c"),
        z: done,
      },
    ],
  ])("are not given for a loop with %s, and the loop is named", (_what, states) => {
    const { transitions, seconds } = bound(states);
    expect(transitions).toMatchObject({
      max: null,
      why: expect.stringMatching(/^The loop "\w" -> /) as unknown,
    });
    expect(seconds.max).toBeNull();
  });

  it("are not given for seconds when SecondsPath is not known, but for transitions", () => {
    expect(bound({ a: { Type: "Wait", SecondsPath: "$.input.s", End: true } })).toEqual({
      flow: "f",
      transitions: { max: 1 },
      seconds: { max: null, why: 'Wait "a" waits as long as $.input.s says, which is not known.' },
    });
  });

  it("name what they rest on: default budgets and numbers of items", () => {
    expect(bound({ a: call("m", "z"), m: map("$.reply.l", "z"), z: done })).toEqual({
      flow: "f",
      transitions: { max: 203, why: 'Map "m" may have 100 items.' },
      seconds: {
        max: 10,
        why: 'Action "act" has no budget; 10 s are assumed. Map "m" may have 100 items.',
      },
    });
  });

  it("take budgets by short or full action name", () => {
    const states = { a: call("z", "z"), z: done };
    expect(bound(states, { act: 3 }).seconds).toEqual({ max: 3 });
    expect(bound(states, { [CALL]: 4 }).seconds).toEqual({ max: 4 });
  });

  it("are not given for a Map whose iterations have no bound", () => {
    const loop = {
      StartAt: "b",
      States: { b: choice("c", is("$.x", "IsNull", true, "w")), w: wait(1, "b"), c: done },
    };
    expect(bound({ a: map("$.input.l", "z", loop), z: done }).transitions).toEqual({
      max: null,
      why: 'The loop "b" -> "w" -> "b" has no end that can be proven.',
    });
  });

  it("say when a flow cannot start", () => {
    const text = bundleOf({ a: done }).replace('"StartAt":"a"', '"StartAt":"b"');
    expect(checkText(text).bounds[0]?.transitions).toEqual({
      max: null,
      why: "StartAt names no state.",
    });
  });

  it("stay small for many independent flags, since flags that are not read again are forgotten", () => {
    const states: Record<string, unknown> = {};
    for (let n = 0; n < 40; n++) {
      states[`c${n}`] = choice(`f${n}`, is(`$.input.x${n}`, "IsNull", true, `t${n}`));
      states[`t${n}`] = pass(true, `$.flag${n}`, `r${n}`);
      states[`f${n}`] = pass(false, `$.flag${n}`, `r${n}`);
      states[`r${n}`] = choice(`c${n + 1}`, is(`$.flag${n}`, "BooleanEquals", true, `c${n + 1}`));
    }
    states["c40"] = done;
    expect(bound(states).transitions).toEqual({ max: 121 });
  });

  it("fall back to the plain graph when there are too many combinations", () => {
    const states: Record<string, unknown> = {};
    const flags = Array.from({ length: 20 }, (_, n) => n);
    for (const n of flags) {
      states[`c${n}`] = choice(`f${n}`, is(`$.input.x${n}`, "IsNull", true, `t${n}`));
      states[`t${n}`] = pass(true, `$.flag${n}`, `c${n + 1}`);
      states[`f${n}`] = pass(false, `$.flag${n}`, `c${n + 1}`);
    }
    states["c20"] = choice("z", {
      And: flags.map((n) => ({ Variable: `$.flag${n}`, BooleanEquals: true })),
      Next: "z",
    });
    states["z"] = done;
    const started = performance.now();
    expect(bound(states).transitions).toEqual({ max: 42 });
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
