/**
 * Which tracked constants can still matter when a state is entered. Forgetting the others keeps the
 * number of combinations small: a flag that is never tested again must not double the graph behind it.
 */
import type { StateView } from "./context.ts";
import { isPrefix } from "../model/paths.ts";
import type { Tracker } from "./facts.ts";
import { knownAt } from "./jq/program.ts";
import { constantsReadBy } from "./reads-of-constants.ts";
import type { Step } from "./steps.ts";

/** For each state the tracked paths (by index) that may be read before they are written again. */
export function livePaths(
  steps: ReadonlyMap<StateView, readonly Step[]>,
  tracker: Tracker,
): ReadonlyMap<StateView, ReadonlySet<number>> {
  const live = new Map<StateView, Set<number>>();
  const arrivals = [...steps].flatMap(([from, ways]) => ways.map((step) => ({ from, step })));
  const before = Map.groupBy(arrivals, ({ step }) => step.to);
  for (const view of steps.keys()) {
    const read = constantsReadBy(view).map(tracker.indexOf);
    live.set(view, new Set(read.filter((index) => index >= 0)));
  }
  const waiting = [...steps.keys()];
  for (let view = waiting.pop(); view !== undefined; view = waiting.pop()) {
    const own = live.get(view);
    for (const { from, step } of before.get(view) ?? []) {
      const target = live.get(from);
      const size = target?.size;
      for (const index of own ?? []) {
        for (const source of sourcesOf(step, tracker, index)) target?.add(source);
      }
      if (target?.size !== size) waiting.push(from);
    }
  }
  return live;
}

/** The tracked paths before a step that say what is known about a path after it. */
function sourcesOf({ write }: Step, tracker: Tracker, index: number): number[] {
  const path = tracker.paths[index]?.segments ?? [];
  if (write === undefined || !isPrefix(write.segments, path)) return [index];
  if (write.result.kind !== "jq") return [];
  const sources: number[] = [];
  knownAt(write.result.program.result, path.slice(write.segments.length), (at) => {
    sources.push(tracker.indexAt(at));
    return undefined;
  });
  return sources.filter((source) => source >= 0);
}
