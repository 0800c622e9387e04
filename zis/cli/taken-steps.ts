/** Where the entries of a run's trace belong: a trace names the item of a Map, not the Map around it. */
import type { FlowDefinition } from "../model/flow.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import type { TakenStep } from "../graph/taken.ts";

/** One entry of the trace of `run --json`. */
export interface TraceLine {
  readonly state: string;
  readonly iteration?: number;
  readonly next: string | null;
}

/** The trace in a report of `run --json`, or undefined when there is none. */
export function traceIn(report: Json): readonly TraceLine[] | undefined {
  const trace = isJsonObject(report) ? report["trace"] : undefined;
  const good = Array.isArray(trace) && trace.every((line) => isTraceLine(line));
  return good ? (trace as unknown as readonly TraceLine[]) : undefined;
}

function isTraceLine(line: Json): boolean {
  if (!isJsonObject(line)) return false;
  const { state, next, iteration = 0 } = line;
  return (
    typeof state === "string" &&
    (next === null || typeof next === "string") &&
    typeof iteration === "number"
  );
}

/**
 * The entries in the order in which states are left, a Map after its items, with the items around each. An
 * entry that begins an item of the Map before it is taken for that.
 */
export function takenSteps(trace: readonly TraceLine[], definition: FlowDefinition): TakenStep[] {
  const steps: TakenStep[] = [];
  let position = 0;

  function walkScope(scope: unknown, items: readonly number[]): void {
    for (let entry = trace[position]; entry; entry = trace[position]) {
      position += 1;
      walkItems(stateOf(scope, entry.state), items);
      steps.push({ state: entry.state, iterations: items, next: entry.next });
      if (entry.next === null) return;
    }
  }

  function walkItems(state: unknown, items: readonly number[]): void {
    if (!isJsonObject(state) || state["Type"] !== "Map") return;
    const { Iterator: iterator } = state;
    const first = isJsonObject(iterator) ? iterator["StartAt"] : undefined;
    for (let index = 0; beginsItem(trace[position], first, index); index += 1) {
      walkScope(iterator, [...items, index]);
    }
  }

  walkScope(definition, []);
  return steps;
}

function beginsItem(entry: TraceLine | undefined, first: unknown, index: number): boolean {
  return entry !== undefined && entry.iteration === index && entry.state === first;
}

function stateOf(scope: unknown, name: string): unknown {
  const states = isJsonObject(scope) ? scope["States"] : undefined;
  return isJsonObject(states) && Object.hasOwn(states, name) ? states[name] : undefined;
}
