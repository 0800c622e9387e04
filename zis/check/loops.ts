/** Does a graph have a loop that a run may never leave? */
import { withShortNames } from "../model/shorten.ts";
import { type Graph, MAX_NODES, type Node } from "./explore.ts";

/** The nodes of a loop that a run may never leave, if there is one. */
export function loopOf(graph: Graph): readonly Node[] | undefined {
  const order = ordered(graph);
  return "loop" in order ? order.loop : undefined;
}

/** The nodes with every node after those it leads to, or a loop. */
export function ordered(graph: Graph): { leavesFirst: number[] } | { loop: Node[] } {
  const leavesFirst: number[] = [];
  const state = new Map<number, "open" | "done">();
  const stack: { index: number; next: number }[] = [{ index: 0, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    state.set(top.index, "open");
    const way = graph[top.index]?.ways[top.next++];
    if (way === undefined) {
      state.set(top.index, "done");
      leavesFirst.push(top.index);
      stack.pop();
    } else if (way.to !== undefined) {
      const known = state.get(way.to);
      if (known === "open") {
        const from = stack.findIndex(({ index }) => index === way.to);
        return { loop: stack.slice(from).flatMap(({ index }) => graph[index] ?? []) };
      }
      if (known === undefined) stack.push({ index: way.to, next: 0 });
    }
  }
  return { leavesFirst };
}

const MAX_NAMED = 12;

/** `The loop "A" -> "B" -> "A"`. */
export function describeLoop(loop: readonly Pick<Node, "view">[]): string {
  const names = loop.map(({ view }) => JSON.stringify(view.name));
  const shown = names.length <= MAX_NAMED ? names : [...names.slice(0, MAX_NAMED), "..."];
  return withShortNames(`The loop ${[...shown, names[0]].join(" -> ")}`);
}

/** Why a loop counts as endless. */
export function whyEndless({ isComplete }: { readonly isComplete: boolean }): string {
  return isComplete
    ? "has no end that can be proven"
    : `has no end that was found among ${MAX_NODES.toLocaleString("en")} combinations of states and constants`;
}
