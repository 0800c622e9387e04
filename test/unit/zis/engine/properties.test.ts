import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../../zis/model/json.ts";
import { readPath, writePath } from "../../../../zis/model/paths.ts";
import { errs, gives, runStates, type States } from "../../../support/run-states.ts";

const NAMES = ["A", "B", "C", "D", "E"];
const PATHS = ["$", "$.a", "$.b.c", "$.items", "$.items[0]", "$.n", "$.no"];

const name = fc.constantFrom(...NAMES);
const path = fc.constantFrom(...PATHS);
const transition = fc.oneof(fc.record({ Next: name }), fc.constant({ End: true as const }));
const resultPath = fc.option(fc.constantFrom("$", "$.a", "$.b.c", "$.items[0]"), {
  nil: undefined,
});
const catches = fc.option(
  name.map((Next) => [{ ErrorEquals: ["States.ALL"], Next, ResultPath: "$.err" }]),
  { nil: undefined },
);
const condition = fc.oneof(
  fc.record({ Variable: path, IsPresent: fc.boolean() }),
  fc.record({ Variable: path, NumericGreaterThan: fc.integer({ min: -2, max: 2 }) }),
  fc.record({ Variable: path, StringEqualsPath: path }),
  fc.record({ Not: fc.record({ Variable: path, IsNull: fc.boolean() }) }),
);

const plain = fc.oneof(
  fc.tuple(fc.record({ ResultPath: resultPath }), transition).map(([rest, to]) => ({
    Type: "Pass",
    Result: { c: 1 },
    ...rest,
    ...to,
  })),
  fc.tuple(fc.double({ min: 0.01, max: 60, noNaN: true }), transition).map(([Seconds, to]) => ({
    Type: "Wait",
    Seconds,
    ...to,
  })),
  fc.tuple(path, resultPath, catches, transition).map(([from, ResultPath, Catch, to]) => ({
    Type: "Action",
    ActionName: "zis:common:action:LoadConfig",
    Parameters: { "scope.$": from },
    ResultPath,
    Catch,
    ...to,
  })),
  fc.record({
    Type: fc.constant("Choice"),
    Choices: fc.array(
      fc.tuple(condition, name).map(([rule, Next]) => ({ ...rule, Next })),
      { minLength: 1, maxLength: 3 },
    ),
    Default: fc.option(name, { nil: undefined }),
  }),
  fc.record({ Type: fc.constant("Succeed"), Message: fc.option(path, { nil: undefined }) }),
  fc.record({ Type: fc.constant("Fail"), Error: fc.constant("E"), Cause: fc.constant("{{$.a}}") }),
);

const statesOf = (state: fc.Arbitrary<object>) =>
  fc
    .tuple(...NAMES.map(() => state))
    .map((all) => Object.fromEntries(NAMES.map((key, index) => [key, all[index]])));

const map = fc
  .tuple(statesOf(plain), resultPath, catches, transition)
  .map(([inner, ResultPath, Catch, to]) => ({
    Type: "Map",
    ItemsPath: "$.items",
    Iterator: { StartAt: "A", States: inner },
    ResultPath,
    Catch,
    ...to,
  }));

const flows = statesOf(
  fc.oneof({ weight: 5, arbitrary: plain }, { weight: 1, arbitrary: map }),
) as fc.Arbitrary<States>;
const inputs: fc.Arbitrary<Record<string, Json>> = fc.record({
  a: fc.constantFrom<Json>(null, "x", { c: 1 }),
  n: fc.integer({ min: -3, max: 3 }),
  items: fc.oneof(
    fc.array(fc.constantFrom<Json>({ n: 1 }, { a: "x" }, { items: [{}] }), { maxLength: 4 }),
    fc.constantFrom<Json>(null, [1], [[]]),
  ),
});
const replies = fc.array(
  fc.oneof(
    fc
      .tuple(fc.jsonValue({ maxDepth: 2 }), fc.integer({ min: 0, max: 20_000 }))
      .map(([result, elapsedMs]) => gives(result as Json, elapsedMs)),
    fc.constantFrom(errs("no"), errs("busy", { status: 429, elapsedMs: 10 })),
  ),
  { minLength: 1, maxLength: 5 },
);

const run = (states: States, data: Record<string, Json>, answers: ReturnType<typeof gives>[]) => {
  let call = 0;
  return runStates(states, data, {
    answer: () => answers[call++ % answers.length] ?? gives(null),
  });
};

describe("any flow", () => {
  it("ends within the limits, with the status that fits, and leaves its input alone", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(flows, inputs, replies, async (states, data, answers) => {
        const before = JSON.stringify(data);
        const result = await run(states, data, answers);
        seen.add(result.status);
        expect(result.transitions).toBeLessThanOrEqual(250);
        expect(result.trace).toHaveLength(result.transitions);
        expect(result.elapsedMs).toBeLessThanOrEqual(100_000);
        expect(result.error === undefined).toBe(result.status === "SUCCEEDED");
        if (result.status === "TRANSITIONS_EXCEEDED") expect(result.transitions).toBe(250);
        if (result.status === "TIMED_OUT") expect(result.elapsedMs).toBe(100_000);
        expect(result.retryable ?? false).toBe(result.error?.cause === "busy");
        expect(JSON.stringify(data)).toBe(before);
        expect(JSON.parse(JSON.stringify(result.data))).toEqual(result.data);
      }),
      { numRuns: 400 },
    );
    expect([...seen].sort()).toEqual(["FAILED", "SUCCEEDED", "TIMED_OUT", "TRANSITIONS_EXCEEDED"]);
  });

  it("run twice takes the same way to the same end", async () => {
    await fc.assert(
      fc.asyncProperty(flows, inputs, replies, async (states, data, answers) => {
        expect(await run(states, data, answers)).toEqual(await run(states, data, answers));
      }),
      { numRuns: 100 },
    );
  });

  it("follows its trace: each state is the next of the one before in its scope", async () => {
    await fc.assert(
      fc.asyncProperty(statesOf(plain), inputs, replies, async (states, data, answers) => {
        const { trace, status, error } = await run(states as States, data, answers);
        for (const [index, { next }] of trace.slice(0, -1).entries()) {
          expect(trace[index + 1]?.state).toBe(next);
        }
        const unentered = status === "TRANSITIONS_EXCEEDED" ? error?.state : null;
        expect(trace.at(-1)?.next).toBe(unentered);
      }),
      { numRuns: 100 },
    );
  });
});

describe("paths", () => {
  const segments = fc.array(fc.string(), { maxLength: 5 });
  const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

  it("read back what they wrote", () => {
    fc.assert(
      fc.property(value, segments, value, (data, at, written) => {
        const result = writePath(data, at, written);
        expect(result).not.toBeUndefined();
        expect(readPath(result ?? null, at)).toEqual({ found: true, value: written });
      }),
    );
  });
});
