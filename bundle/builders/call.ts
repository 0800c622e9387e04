/** Calls: an Action state under the flow's shared retry allowance. */
import type { ActionState } from "#zis/model/flow";
import type { Json } from "#zis/model/json";
import type { BuiltInAction } from "#zis/model/names";
import { resourceName } from "#zis/model/names";
import type { OperationName, OPERATIONS } from "#contract/actions/operations";
import type { Static } from "typebox";
import { allowanceStates, failedName, failedStates, retryName } from "./allowance.ts";
import type { Node } from "./node.ts";
import { actionNameOf } from "./server-action.ts";
import { catchInto } from "./states.ts";
import { parameters, type Path, type Value, type Values } from "./values.ts";

interface CallOptions<Target extends string> {
  readonly why: string;
  /** Text with placeholders that names what the flow is about, for the Cause of a failure. */
  readonly subject: string;
  readonly into: Path;
  readonly next: Target;
  /** Where to go when the allowance is spent; absent: the flow fails. */
  readonly orElse?: Target;
  /** True where the allowance is always spent already: the first failure ends the flow. */
  readonly once?: true;
}

function call<const Target extends string>(
  options: CallOptions<Target>,
  action: Pick<ActionState, "ActionName" | "Parameters">,
): Node<Target> {
  const { subject, orElse, once } = options;
  return {
    targets: [options.next, orElse].filter((target) => target !== undefined),
    states: (name) => ({
      [name]: {
        Type: "Action",
        Comment: options.why,
        ...action,
        ResultPath: options.into,
        ...catchInto(once ? failedName(name) : retryName(name)),
        Next: options.next,
      },
      ...(once ? failedStates(name, subject) : allowanceStates(name, name, subject, orElse)),
    }),
  };
}

/** Calls a built-in action of ZIS. Jq is not one of them: its errors are not transient, see `jq`. */
export function builtIn<const Target extends string>(
  actionName: Exclude<BuiltInAction, "zis:common:transform:Jq">,
  options: CallOptions<Target> & { readonly parameters: Readonly<Record<string, Value<Json>>> },
): Node<Target> {
  return call(options, { ActionName: actionName, Parameters: parameters(options.parameters) });
}

/** A write needs the key under which its effect happens once; a read takes none. */
type Key<Name extends OperationName> = (typeof OPERATIONS)[Name]["effect"] extends "write"
  ? { readonly key: Value<string> }
  : { readonly key?: never };

/** Calls an external action of the actions server with the body that its contract demands. */
export function serverCall<const Name extends OperationName, const Target extends string>(
  integration: string,
  operation: Name,
  options: CallOptions<Target> & {
    readonly body: Values<Static<(typeof OPERATIONS)[Name]["request"]>>;
  } & Key<Name>,
): Node<Target> {
  const body = parameters(options.body as Readonly<Record<string, Value<Json>>>);
  return call(options, {
    ActionName: resourceName(integration, "action", actionNameOf(operation)),
    Parameters: { ...parameters({ idempotency_key: options.key }), body },
  });
}
