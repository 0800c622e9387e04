import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { checkText } from "#zis/check/check-text";
import type { Effect, Perform } from "#zis/engine/effects";
import { createJq } from "#zis/engine/jq";
import { runFlow } from "#zis/engine/run";
import type { Bundle } from "#zis/model/bundle";
import { bundleOf } from "./bundles.ts";

const jq = createJq();
afterAll(() => jq.close());

const STATES = 7;
const PATHS = [
  "$.a",
  "$.a.b",
  "$.k.n",
  "$.k.max",
  "$.list",
  "$.list[0]",
  "$.error.Cause",
  "$.flag",
];
const name = fc.integer({ min: 0, max: STATES - 1 }).map((n) => `s${n}`);
const path = fc.constantFrom(...PATHS);
/** jq results are not known, so that no message reads them. */
const items = fc.constantFrom(...PATHS, "$.sliced");
const constant = fc.constantFrom<unknown>(
  0,
  1,
  2,
  3,
  "x",
  true,
  false,
  null,
  { b: 1 },
  { n: 0, max: 3 },
  { n: 3, max: 3 },
  [],
  [{}, { b: 1 }],
);
const target = fc.constantFrom("$.a", "$.a.b", "$.k", "$.k.n", "$.list", "$.flag", "$.list.x");

const comparison = fc.oneof(
  fc.record({ Variable: path, NumericLessThan: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ Variable: path, NumericEquals: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ Variable: path, NumericLessThanPath: path }),
  fc.record({ Variable: path, NumericGreaterThanEqualsPath: path }),
  fc.record({ Variable: path, StringEquals: fc.constantFrom("x", "y") }),
  fc.record({ Variable: path, StringLessThan: fc.constantFrom("x", "y") }),
  fc.record({ Variable: path, BooleanEquals: fc.boolean() }),
  fc.record({ Variable: path, IsPresent: fc.boolean() }),
  fc.record({ Variable: path, IsNull: fc.boolean() }),
  fc.record({ Variable: fc.constant("$.input.random"), NumericEquals: fc.constant(1) }),
);
const condition = fc.oneof(
  { weight: 4, arbitrary: comparison },
  fc.record({ Not: comparison }),
  fc.record({ And: fc.tuple(comparison, comparison) }),
  fc.record({ Or: fc.tuple(comparison, comparison) }),
);
const program = fc.oneof(
  fc
    .constantFrom(
      { expr: ". + 1", "data.$": "$.k.n" },
      { expr: ".k.n + 1", "data.$": "$" },
      { expr: "(.k.n // 0) + 1", "data.$": "$" },
      { expr: ".k.n - 1", "data.$": "$" },
      { expr: "(.n) + 2", "data.$": "$.k" },
    )
    .map((Parameters) => ({ Parameters, ResultPath: "$.k.n" })),
  fc
    .constantFrom(".k.n >= 2", ".flag | not", ".k.n == .k.max", "(.k.n // 0) < 2")
    .map((expr) => ({ Parameters: { expr, "data.$": "$" }, ResultPath: "$.flag" })),
  fc
    .constantFrom(
      ".n += 1",
      ".n -= 1",
      "{n: (.n + 1)}",
      "{n: (.n + 1), max}",
      ".n |= . + 1",
      ". + {n: (.n + 1)}",
      ".n as $n | {n: ($n + 1), max: 3}",
    )
    .map((expr) => ({ Parameters: { expr, "data.$": "$.k" }, ResultPath: "$.k" })),
  fc
    .constantFrom("(.list // [])[0:1]", "[{}, {}, {}] | .[:2]", "[]", "7", '{"n": 1}')
    .map((expr) => ({ Parameters: { expr, "data.$": "$" }, ResultPath: "$.sliced" })),
);

const caught = fc.option(
  name.map((Next) => ({ Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next }] })),
  { nil: {} },
);
const state = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(constant, target, name)
      .map(([Result, ResultPath, Next]) => ({ Type: "Pass", Result, ResultPath, Next })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.array(fc.tuple(condition, name), { minLength: 1, maxLength: 3 }), name)
      .map(([rules, Default]) => ({
        Type: "Choice",
        Choices: rules.map(([rule, Next]) => ({ ...rule, Next })),
        Default,
      })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(program, caught, name).map(([jqState, catching, Next]) => ({
      Type: "Action",
      ActionName: "zis:common:transform:Jq",
      ...jqState,
      ...catching,
      Next,
    })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(caught, name).map(([catching, Next]) => ({
      Type: "Action",
      ActionName: "zis:int:action:act",
      Parameters: {},
      ResultPath: "$.reply",
      ...catching,
      Next,
    })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(items, caught, name).map(([ItemsPath, catching, Next]) => ({
      Type: "Map",
      ItemsPath,
      ResultPath: "$.m",
      Iterator: {
        StartAt: "i",
        States: {
          i: { Type: "Pass", Result: 1, ResultPath: "$.x", Next: "j" },
          j: { Type: "Succeed", Message: "{{$.x}}" },
        },
      },
      ...catching,
      Next,
    })),
  },
  fc
    .tuple(fc.constantFrom(0.5, 2), name)
    .map(([Seconds, Next]) => ({ Type: "Wait", Seconds, Next })),
  fc.tuple(path, name).map(([SecondsPath, Next]) => ({ Type: "Wait", SecondsPath, Next })),
  { weight: 2, arbitrary: path.map((read) => ({ Type: "Succeed", Message: `{{${read}}}` })) },
  fc.constant({ Type: "Succeed" }),
);
const flow = fc.array(state, { minLength: STATES, maxLength: STATES });
const action = {
  type: "ZIS::Action::Http",
  properties: { name: "act", definition: { method: "GET", path: "/x" } },
};

/** Replies as the coins say, and takes as long as the bounds allow. */
function performer(coins: readonly boolean[]): Perform {
  let at = 0;
  return async (effect: Effect, signal) => {
    if (effect.kind === "jq") return { ...(await jq.perform(effect, signal)), elapsedMs: 1000 };
    const works = coins[at++ % coins.length] ?? true;
    if (works) return { ok: true, result: { n: at }, elapsedMs: 10_000 };
    return {
      ok: false,
      error: "external action failed due to status code: 404",
      elapsedMs: 10_000,
    };
  };
}

const LIMIT_RULES: ReadonlySet<string> = new Set(["near-limit", "unbounded-loop"]);

describe("any flow", () => {
  it("runs no longer than its bounds say, and without errors found reads no path that is not there", async () => {
    const seen = { bounded: 0, loops: 0, clean: 0 };
    await fc.assert(
      fc.asyncProperty(
        flow,
        fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
        fc.nat(1),
        async (states, coins, random) => {
          const text = bundleOf(
            Object.fromEntries(states.map((entry, index) => [`s${index}`, entry])),
            { act: action },
          );
          const { findings, bounds } = checkText(text);
          const run = await runFlow({
            bundle: JSON.parse(text) as Bundle,
            flow: "f",
            data: {
              account_id: 1,
              integration_key: "int",
              subdomain: "s",
              input: { random },
              connections: {},
            },
            perform: performer(coins),
            waits: "virtual",
            limits: { transitions: 300, seconds: 1e9 },
          });
          const bound = bounds[0];
          if (bound?.transitions.max === null) seen.loops++;
          else {
            seen.bounded++;
            expect(run.transitions).toBeLessThanOrEqual(bound?.transitions.max ?? -1);
            if (bound?.seconds.max !== null)
              expect(run.elapsedMs / 1000).toBeLessThanOrEqual(bound?.seconds.max ?? -1);
          }
          // What is said about limits is not a fault of the data.
          const faults = findings.filter(({ rule }) => !LIMIT_RULES.has(rule));
          if (faults.some(({ severity }) => severity === "error")) return;
          seen.clean++;
          // A caught error may end up in a message; only one that ended the flow is a fault of the check.
          if (run.error?.name === "States.TaskFailed") {
            expect(run.error.cause).not.toMatch(/JSON path not found/);
          }
        },
      ),
      { numRuns: 150 },
    );
    // The property says nothing if every flow is of one kind.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  }, 60_000);
});
