/** What one state of a run did, as it is reported when the state is left. */
import type { StateType } from "../model/flow.ts";
import type { Json } from "../model/json.ts";
import type { Effect } from "./effects.ts";
import type { Fault } from "./fault.ts";
import { iterationsOf, type Visit } from "./frames.ts";

/** What one state did. */
export interface StepTrace {
  readonly state: string;
  readonly type: StateType | "unknown";
  /** Indexes of the Map items around the state, outermost first; empty outside any Map. */
  readonly iterations: readonly number[];
  /** The data when the state was entered. */
  readonly input: Json;
  /** Action: the Parameters filled in. Map: the items. */
  readonly parameters?: Json;
  readonly effect?: Effect;
  /** What the action returned, the Map gathered, the Pass put in, or a Catch was given. */
  readonly result?: Json;
  /** The data after ResultPath. */
  readonly output: Json;
  /** The state that follows; null at the end of the flow or of an iteration. */
  readonly next: string | null;
  /** The runtime error that the state met; `next` is then where its Catch leads. */
  readonly error?: { readonly name: string; readonly cause: string };
  readonly warnings: readonly string[];
}

/** What a state did that is left with `output`. */
export function traceOf(
  visit: Visit,
  output: Json,
  next: string | null,
  result?: Json,
  fault?: Fault,
): StepTrace {
  const { frame, node, parameters, effect, warnings } = visit;
  const step: { -readonly [K in keyof StepTrace]: StepTrace[K] } = {
    state: frame.state,
    type: node.type,
    iterations: iterationsOf(frame),
    input: frame.data,
    output,
    next,
    warnings,
  };
  // Members one by one: this runs for every state, and spreading them took a third of a run's time.
  if (parameters !== undefined) step.parameters = parameters;
  if (effect) step.effect = effect;
  if (result !== undefined) step.result = result;
  if (fault) step.error = { name: fault.name, cause: fault.cause };
  return step;
}
