/** Which way a run took through a flow: how often each state and each transition was passed. */
import { type Graph, nodeId, transitionKey } from "./graph.ts";

/** One state that a run has left, as recorded in the engine's trace. */
export interface TakenStep {
  readonly state: string;
  /** Indexes of the Map items around the state, outermost first; absent or empty outside any Map. */
  readonly iterations?: readonly number[];
  /** The state that follows; null at the end of the flow or of an iteration. */
  readonly next: string | null;
  /** Present when the state met an error: `next` is then where its Catch leads. */
  readonly error?: unknown;
}

export interface Taken {
  /** Visits by the id of the state. */
  readonly states: ReadonlyMap<string, number>;
  /** Passages by the key of the transition. */
  readonly transitions: ReadonlyMap<string, number>;
}

/** For pictures without a run. */
export const NOTHING_TAKEN: Taken = { states: new Map(), transitions: new Map() };

/**
 * Counts the visits of a trace. The states of an iteration come before the Map that they belong to, as a
 * Map is left after its items; those of a Map that was never left are not counted.
 *
 * Without `error` in a step, its transition counts as caught when nothing but a Catch leads there.
 *
 * @param graph the whole graph; the counts fit its collapsed form as well.
 */
export function takenOf(graph: Graph, trace: readonly TakenStep[]): Taken {
  const states = new Map<string, number>();
  const transitions = new Map<string, number>();
  const known = transitionsIn(graph);
  for (const { scope, step } of located(trace)) {
    const from = nodeId(scope, step.state);
    add(states, from);
    if (step.next === null) continue;
    const to = nodeId(scope, step.next);
    const guess = transitionKey(from, to, step.error !== undefined);
    const other = transitionKey(from, to, step.error === undefined);
    add(transitions, known.has(guess) || !known.has(other) ? guess : other);
  }
  return { states, transitions };
}

/** How often a node was visited: once for each state that it stands for, or for each way into a group. */
export function visitsOf(
  taken: Taken,
  node: { readonly id: string; readonly states: readonly string[] },
  edges: Graph["edges"],
): number {
  if (node.states.length === 1) return taken.states.get(node.states[0] ?? "") ?? 0;
  const waysIn = new Set(
    edges.filter(({ to }) => to === node.id).flatMap((edge) => edge.transitions),
  );
  return sum(taken.transitions, waysIn);
}

/** How often the transitions of an edge were passed. */
export function passagesOf(
  taken: Taken,
  edge: { readonly transitions: readonly string[] },
): number {
  return sum(taken.transitions, new Set(edge.transitions));
}

interface Located {
  readonly scope: string;
  readonly step: TakenStep;
}

/** Joins each step with the id of the Map around it. */
function located(trace: readonly TakenStep[]): Located[] {
  const found: Located[] = [];
  // From the end, the Map is met before its iterations. The last one met at each depth is the one around.
  const maps: string[] = [];
  for (const step of trace.toReversed()) {
    const depth = step.iterations?.length ?? 0;
    const scope = depth === 0 ? "" : maps[depth - 1];
    if (scope === undefined) continue;
    maps.length = depth;
    maps[depth] = nodeId(scope, step.state);
    found.unshift({ scope, step });
  }
  return found;
}

function transitionsIn(graph: Graph): Set<string> {
  const nested = graph.nodes.flatMap((node) =>
    node.nested ? [...transitionsIn(node.nested)] : [],
  );
  return new Set([...graph.edges.flatMap((edge) => edge.transitions), ...nested]);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sum(counts: ReadonlyMap<string, number>, keys: ReadonlySet<string>): number {
  return [...keys].reduce((total, key) => total + (counts.get(key) ?? 0), 0);
}
