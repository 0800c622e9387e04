/**
 * The runs that a flow can have: a graph whose nodes are a state together with the constants known when it is
 * entered. Choices on known constants are decided, all others go every way, so every real run is a path
 * through this graph.
 */
import type { StateView } from "./context.ts";
import { decide } from "./decide.ts";
import { factKey, type Facts, type Tracker } from "./facts.ts";
import { text } from "./context.ts";
import type { Step } from "./steps.ts";

/** Most items that a Map may have. Source: ZIS developer guide, Map state. */
export const MAX_MAP_ITEMS = 100;

/** Combinations of states and constants that are looked at for one scope. */
export const MAX_NODES = 20_000;

export interface Way {
  readonly step: Step;
  /** Index of the next node; undefined where the flow or the iteration ends. */
  readonly to: number | undefined;
}

export interface Node {
  readonly view: StateView;
  readonly facts: Facts;
  readonly ways: readonly Way[];
}

/** Nodes by index; the first is the start. */
export type Graph = readonly Node[];

export interface Terrain {
  readonly start: StateView;
  readonly steps: ReadonlyMap<StateView, readonly Step[]>;
  readonly tracker: Tracker;
  /** Tracked paths that still matter at a state. */
  readonly live: ReadonlyMap<StateView, ReadonlySet<number>>;
}

/** Explores from the start; not complete when there are more nodes than `maxNodes`. */
export function explore(
  { start, steps, tracker, live }: Terrain,
  facts: Facts,
  maxNodes: number,
): { graph: Graph; complete: boolean } {
  const indexes = new Map<string, number>();
  const ids = new Map<StateView, number>([...steps.keys()].map((view, index) => [view, index]));
  const nodes: { view: StateView; facts: Facts; ways: Way[] }[] = [];

  const visit = (view: StateView, arriving: Facts): number => {
    const alive = live.get(view);
    const known = arriving.map((fact, index) => (alive?.has(index) ? fact : undefined));
    const key = `${ids.get(view)} ${known.map(factKey).join()}`;
    const index = indexes.get(key) ?? nodes.push({ view, facts: known, ways: [] }) - 1;
    indexes.set(key, index);
    return index;
  };

  visit(start, facts);
  for (let index = 0; index < nodes.length; index++) {
    if (nodes.length > maxNodes) return { graph: nodes, complete: false };
    const node = nodes[index];
    if (node === undefined) break;
    for (const step of possibleSteps(node.view, steps.get(node.view) ?? [], node.facts, tracker)) {
      const after =
        step.write === undefined
          ? node.facts
          : tracker.write(node.facts, step.write, itemsOf(node, tracker));
      node.ways.push({ step, to: step.to === undefined ? undefined : visit(step.to, after) });
    }
  }
  return { graph: nodes, complete: true };
}

/** How many items a Map state repeats over at most, given the known constants. */
export function itemsOf({ view, facts }: Pick<Node, "view" | "facts">, tracker: Tracker): number {
  const fact = tracker.read(facts, text(view.state["ItemsPath"]) ?? "");
  // More items than allowed end the state before its first iteration.
  return fact?.kind === "array" ? Math.min(fact.atMost, MAX_MAP_ITEMS) : MAX_MAP_ITEMS;
}

/** The steps of a Choice that known constants do not rule out; of other states all. */
function possibleSteps(
  view: StateView,
  steps: readonly Step[],
  facts: Facts,
  tracker: Tracker,
): Step[] {
  if (view.type !== "Choice") return [...steps];
  const possible: Step[] = [];
  for (const step of steps) {
    const answer =
      step.rule === undefined || decide(step.rule, (path) => tracker.read(facts, path));
    if (answer !== false) possible.push(step);
    if (answer === true) break;
  }
  return possible;
}
