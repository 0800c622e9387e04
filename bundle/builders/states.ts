/** Nodes that are one state each. Every one carries a comment that says why it is there. */
import type { ActionState, ChoiceRule, Condition } from "#zis/model/flow";
import type { Json } from "#zis/model/json";
import { JQ_ACTION } from "#zis/model/names";
import { type Node, single } from "./node.ts";
import { at, parameters, type Path } from "./values.ts";

/** Where a Catch leaves the error object; its Cause is what ZIS says went wrong. */
export const ERROR_PATH = "$.error";

/** Catches every error of a call and goes to the named state. */
export function catchInto(next: string): Pick<ActionState, "Catch"> {
  return { Catch: [{ ErrorEquals: ["States.ALL"], Next: next, ResultPath: ERROR_PATH }] };
}

/** Writes a constant to a path. */
export function pass<const Target extends string>(options: {
  readonly why: string;
  readonly result: Json;
  readonly into: Path;
  readonly next: Target;
}): Node<Target> {
  return single([options.next], {
    Type: "Pass",
    Comment: options.why,
    Result: options.result,
    ResultPath: options.into,
    Next: options.next,
  });
}

interface Branch<Target extends string> {
  readonly rule: Condition;
  readonly next: Target;
}

/** One branch of a choice: where to go when the condition holds. */
export function when<const Target extends string>(rule: Condition, next: Target): Branch<Target> {
  return { rule, next };
}

/** Branches; the first true one wins. `otherwise` is required: ZIS does not document what happens without a default. */
export function choice<const Target extends string>(options: {
  readonly why: string;
  readonly branches: readonly Branch<Target>[];
  readonly otherwise: Target;
}): Node<Target> {
  return single([...options.branches.map((branch) => branch.next), options.otherwise], {
    Type: "Choice",
    Comment: options.why,
    Choices: options.branches.map((branch): ChoiceRule => ({ ...branch.rule, Next: branch.next })),
    Default: options.otherwise,
  });
}

/**
 * A jq transformation of the data at a path. It must end in exactly one output. A jq error is
 * not retried: it goes to `failed` at once.
 */
export function jq<const Target extends string>(options: {
  readonly why: string;
  readonly data: Path;
  readonly expr: string;
  readonly into: Path;
  readonly next: Target;
  readonly failed: Target;
}): Node<Target> {
  return single([options.next, options.failed], {
    Type: "Action",
    Comment: options.why,
    ActionName: JQ_ACTION,
    Parameters: parameters({ expr: options.expr, data: at(options.data) }),
    ResultPath: options.into,
    ...catchInto(options.failed),
    Next: options.next,
  });
}

/** The flow ends well; the message is what the integration log shows. */
export function succeed(options: { readonly why: string; readonly message: string }): Node<never> {
  return single([], { Type: "Succeed", Comment: options.why, Message: options.message });
}

/** The flow ends badly; the Cause is what the integration log shows. */
export function fail(options: {
  readonly why: string;
  readonly error: string;
  readonly cause: string;
}): Node<never> {
  return single([], {
    Type: "Fail",
    Comment: options.why,
    Error: options.error,
    Cause: options.cause,
  });
}
