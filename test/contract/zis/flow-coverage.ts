/** Which states of a bundle's flows can be reached, and which of them a run visited. */
import type { StepTrace } from "#zis/engine/step-trace";
import type { TraceEntry } from "#zis/engine/trace";
import type { Bundle } from "#zis/model/bundle";
import type { FlowDefinition, State } from "#zis/model/flow";

/** States by name, those of an Iterator as `MAP / NAME`. Sorted. */
export interface ReachableStates {
  readonly all: readonly string[];
  readonly states: readonly string[];
  /** The reachable ones that have a Catch. */
  readonly withCatch: readonly string[];
}

/** Walks every way out of every state from the start of each flow. */
export function reachableStates(bundle: Bundle): ReachableStates {
  const flows = Object.values(bundle.resources).flatMap(({ type, properties }) =>
    type === "ZIS::Flow" ? [properties.definition] : [],
  );
  const reached = flows.flatMap((flow) => reachedIn(flow, ""));
  return {
    all: flows.flatMap((flow) => namesIn(flow, "")).sort(),
    states: reached.map(([name]) => name).sort(),
    withCatch: reached.flatMap(([name, state]) => ("Catch" in state ? [name] : [])).sort(),
  };
}

function namesIn({ States }: FlowDefinition, within: string): string[] {
  return Object.entries(States).flatMap(([name, state]) => [
    within + name,
    ...(state.Type === "Map" ? namesIn(state.Iterator, `${within}${name} / `) : []),
  ]);
}

function reachedIn({ StartAt, States }: FlowDefinition, within: string): [string, State][] {
  const reached = new Map<string, State>();
  const waiting = [StartAt];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const state = States[name];
    if (state === undefined || reached.has(name)) continue;
    reached.set(name, state);
    waiting.push(...targets(state));
  }
  return [...reached].flatMap(([name, state]): [string, State][] => [
    [within + name, state],
    ...(state.Type === "Map" ? reachedIn(state.Iterator, `${within}${name} / `) : []),
  ]);
}

function targets(state: State): string[] {
  const found: (string | undefined)[] = [];
  if ("Next" in state) found.push(state.Next);
  if (state.Type === "Choice") found.push(state.Default, ...state.Choices.map(({ Next }) => Next));
  if ("Catch" in state) found.push(...(state.Catch ?? []).map(({ Next }) => Next));
  return found.filter((name) => name !== undefined);
}

/** The states of a trace. Of nested Maps only the outermost is told apart: no real bundle has them. */
export function statesVisited(trace: readonly TraceEntry[]): string[] {
  let map = "";
  return trace.map(({ state, iteration }) => {
    if (iteration !== undefined) return `${map} / ${state}`;
    map = state;
    return state;
  });
}

/** The states whose Catch took their error. A Map is told of after its iterations. */
export function caughtBy(steps: readonly StepTrace[]): string[] {
  const caught: string[] = [];
  let inside: string[] = [];
  for (const { state, type, iterations, error, next } of steps) {
    const isCaught = error !== undefined && next !== null;
    if (iterations.length > 0) {
      if (isCaught) inside.push(state);
      continue;
    }
    if (type === "Map") caught.push(...inside.map((each) => `${state} / ${each}`));
    inside = [];
    if (isCaught) caught.push(state);
  }
  return caught;
}

/** The state that a JSON pointer into a bundle names. */
export function stateOfPointer(pointer: string): string {
  return pointer
    .split("/States/")
    .slice(1)
    .map((part) =>
      part
        .replace(/\/Iterator$/, "")
        .replaceAll("~1", "/")
        .replaceAll("~0", "~"),
    )
    .join(" / ");
}
