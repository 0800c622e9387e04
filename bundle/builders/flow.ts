/** Puts nodes together to a flow. A wrong name does not compile. */
import type { FlowResource } from "#zis/model/bundle";
import type { State } from "#zis/model/flow";
import type { Node } from "./node.ts";

/**
 * A flow of named nodes. Every `next` and the start must be names of the flow's own nodes: a wrong one
 * is a compile error whose last line lists the right ones.
 *
 * @throws Error when two nodes make states of the same name
 */
export function flow<const Nodes extends Record<string, Node<Extract<keyof Nodes, string>>>>(
  name: string,
  startAt: NoInfer<Extract<keyof Nodes, string>>,
  nodes: Nodes,
): FlowResource {
  const states: Record<string, State> = {};
  for (const [nodeName, node] of Object.entries<Node>(nodes)) {
    for (const [stateName, state] of Object.entries(node.states(nodeName))) {
      if (stateName in states) throw new Error(`Flow ${name} has two states named "${stateName}".`);
      states[stateName] = state;
    }
  }
  return {
    type: "ZIS::Flow",
    properties: { name, definition: { StartAt: startAt, States: states } },
  };
}
