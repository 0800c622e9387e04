import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "#zis/model/json";
import { readPath, writePath } from "#zis/model/paths";
import { randomFlow, randomInput, RANDOM_FLOW_ACTIONS } from "#test/support/random-flow";
import { errs, gives, runStates, type States } from "#test/support/run-states";

describe("any flow", () => {
  it("follows its trace: each state is the next of the one before in its scope", async () => {
    const replies = fc.array(fc.constantFrom(gives({ n: 1 }), gives([]), errs("no")), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(randomFlow, randomInput, replies, async (flow, input, answers) => {
        let call = 0;
        const states = startingFirst(flow.StartAt, flow.States);
        const { trace, status } = await runStates(
          states,
          { input },
          {
            actions: RANDOM_FLOW_ACTIONS,
            answer: () => answers[call++ % answers.length] ?? gives(null),
          },
        );
        const outside = trace.filter(({ iteration }) => iteration === undefined);
        for (const [index, { next }] of outside.slice(0, -1).entries()) {
          expect(outside[index + 1]?.state).toBe(next);
        }
        if (status !== "TRANSITIONS_EXCEEDED") expect(outside.at(-1)?.next).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});

/** The states in an order that begins with the one where the flow starts. */
function startingFirst(start: string, states: States): States {
  return { [start]: states[start] ?? {}, ...states };
}

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

describe("any JSON in place of the states", () => {
  const part = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<Json>("$.a", "{{$.a}}", "A", "Map", "Choice", "Action", {}, [], null),
  ) as fc.Arbitrary<Json>;
  const MEMBERS = [
    "Next",
    "End",
    "Choices",
    "Default",
    "ItemsPath",
    "Iterator",
    "ResultPath",
    "Catch",
    "Seconds",
    "SecondsPath",
    "Result",
    "Message",
    "Error",
    "Cause",
    "ActionName",
    "Parameters",
  ];
  const broken = fc
    .tuple(
      fc.constantFrom("Action", "Choice", "Map", "Wait", "Pass", "Succeed", "Fail", "Odd"),
      fc.dictionary(fc.constantFrom(...MEMBERS), part),
    )
    .map(([Type, members]): JsonObject => ({ ...members, Type }));

  it("is a run that ends, not an exception", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(broken, part), broken, async (a, b) => {
        const states = { A: a, B: b } as unknown as States;
        const { status } = await runStates(states, { a: [{}] });
        expect(["SUCCEEDED", "FAILED", "TIMED_OUT", "TRANSITIONS_EXCEEDED"]).toContain(status);
      }),
      { numRuns: 1000 },
    );
  });
});
