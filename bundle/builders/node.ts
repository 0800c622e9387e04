/** A node: what a flow author writes for one step. It becomes one state, or a small group of states. */
import type { State } from "#zis/model/flow";

export interface Node<Target extends string = string> {
  /** The nodes it may go to; the compiler compares them with the names of the flow. */
  readonly targets: readonly Target[];
  /** Its states, the first under the node's own name, the others under names that begin with it. */
  readonly states: (name: string) => Readonly<Record<string, State>>;
}

/** A node that is exactly one state. */
export function single<const Target extends string>(
  targets: readonly Target[],
  state: State,
): Node<Target> {
  return { targets, states: (name) => ({ [name]: state }) };
}
