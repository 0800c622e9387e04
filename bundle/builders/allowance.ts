/**
 * The retry allowance that all calls of one flow run share: three waits of 2, 8 and 20 seconds.
 *
 * It is a counter of constants, written by Pass states and read by Choice states, so that the checker can
 * prove that the loop ends. ZIS's own retries are not relied on: it is not documented whether a caught error is retried.
 */
import type { State } from "#zis/model/flow";
import { numericEquals } from "./conditions.ts";
import { ERROR_PATH, fail, pass } from "./states.ts";

const LEFT = "$.retry.left";
const COUNTER = "$.retry";

/** Seconds before each retry, the first one first. */
const WAITS = [2, 8, 20] as const;

/** The full allowance: the node that every flow begins with. */
export function fullAllowance<const Target extends string>(next: Target) {
  return pass({
    why: "All calls of this run share one allowance of three retries, so that the run ends in time.",
    result: { left: WAITS.length },
    into: COUNTER,
    next,
  });
}

/** The state that a failed call's Catch names. */
export function retryName(call: string): string {
  return `${call}: again?`;
}

/** The Fail of a call that is not made again. */
export function failedName(call: string): string {
  return `${call}: failed`;
}

/**
 * The states behind a failed call: wait and make the call again while the allowance lasts, else fail.
 *
 * @param call the node's name; its states' names begin with it
 * @param again the state to go back to
 * @param subject text with placeholders that names what the flow is about, for the Cause
 * @param orElse the state to go to when the allowance is spent; absent: a Fail
 */
export function allowanceStates(
  call: string,
  again: string,
  subject: string,
  orElse?: string,
): Readonly<Record<string, State>> {
  const failed = orElse ?? failedName(call);
  const waitName = (seconds: number) => `${call}: wait ${seconds} s`;
  const spendName = (seconds: number) => `${call}: after ${seconds} s`;

  const states: Record<string, State> = {
    [retryName(call)]: {
      Type: "Choice",
      Comment: "How many retries are left for the whole run?",
      Choices: WAITS.map((seconds, used) => ({
        ...numericEquals(LEFT, WAITS.length - used),
        Next: waitName(seconds),
      })),
      Default: failed,
    },
  };
  for (const [used, seconds] of WAITS.entries()) {
    states[waitName(seconds)] = {
      Type: "Wait",
      Comment: "Give the other side time to recover.",
      Seconds: seconds,
      Next: spendName(seconds),
    };
    Object.assign(
      states,
      pass({
        why: "One retry is spent.",
        result: { left: WAITS.length - used - 1 },
        into: COUNTER,
        next: again,
      }).states(spendName(seconds)),
    );
  }
  return orElse === undefined ? { ...states, ...failedStates(call, subject) } : states;
}

/** The Fail behind a call that is not made again; its name is `failedName(call)`. */
export function failedStates(call: string, subject: string): Readonly<Record<string, State>> {
  return fail({
    why: "The allowance is spent; the log shows what the last call said.",
    error: "CaseQA.CallFailed",
    cause: `${subject}: "${call}" failed: {{${ERROR_PATH}.Cause}}`,
  }).states(failedName(call));
}
