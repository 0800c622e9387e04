/** How the graph of a scope is explored: with as many constants followed as combinations allow. */
import type { Scope, StateView } from "./context.ts";
import { explore, type Graph, MAX_NODES } from "./explore.ts";
import { createTracker, factKey, factsAtStart, type Tracker } from "./facts.ts";
import { livePaths } from "./liveness.ts";
import { constantsReadBy } from "./reads-of-constants.ts";
import { type Step, stepsOf } from "./steps.ts";
import { reachableFrom } from "./targets.ts";

/** Combinations that are looked at for all scopes of a bundle together. */
export const MAX_NODES_OF_BUNDLE = 200_000;
/** In larger scopes no constants are followed. */
const MAX_TRACKED_STATES = 2000;
/** A path with more values than this, when there are too many combinations, is taken for a counter. */
const MANY_VALUES = 8;

export interface Territory {
  readonly graph: Graph;
  readonly tracker: Tracker;
  /** False when constants were dropped because they had too many combinations. */
  readonly isComplete: boolean;
}

/**
 * The graph of the ways from `start`. Counters without end, and as a last resort all constants, are
 * dropped when there are too many combinations. `budget` is what is left for the whole bundle.
 */
export function exploreScope(scope: Scope, start: StateView, budget: { left: number }): Territory {
  const steps = new Map<StateView, readonly Step[]>();
  for (const view of reachableFrom(start)) steps.set(view, stepsOf(view));
  let texts = steps.size > MAX_TRACKED_STATES ? [] : [...steps.keys()].flatMap(constantsReadBy);
  for (let isComplete = true; ; isComplete = false) {
    const tracker = createTracker(texts);
    const facts =
      scope.outer === undefined ? factsAtStart(tracker) : tracker.paths.map(() => undefined);
    const isPlain = tracker.paths.length === 0;
    const maxNodes = isPlain ? Number.POSITIVE_INFINITY : Math.min(MAX_NODES, budget.left);
    const live = livePaths(steps, tracker);
    const { graph, complete } = explore({ start, steps, tracker, live }, facts, maxNodes);
    if (!isPlain) budget.left -= graph.length;
    if (complete) return { graph, tracker, isComplete };
    texts = withoutCounters(texts, graph, tracker);
  }
}

function withoutCounters(texts: readonly string[], graph: Graph, tracker: Tracker): string[] {
  const values = tracker.paths.map(() => new Set<string>());
  for (const { facts } of graph) {
    for (const [index, fact] of facts.entries()) values[index]?.add(factKey(fact));
  }
  const kept = texts.filter((text) => (values[tracker.indexOf(text)]?.size ?? 0) <= MANY_VALUES);
  return kept.length < texts.length ? kept : [];
}
