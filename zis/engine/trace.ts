/** The way a run took: one entry for each state entered, in order, and the warnings met on it. */
import { iterationsOf, type Frame } from "./frames.ts";
import type { StepTrace } from "./step-trace.ts";

export interface TraceEntry {
  readonly state: string;
  /** Index of the innermost Map item, absent outside any Map. */
  readonly iteration?: number;
  /**
   * The state that followed, or would have followed had the transitions not been used up; null at the end
   * of the flow or iteration, and where time ran out.
   */
  readonly next: string | null;
}

export interface Warning {
  readonly state: string;
  readonly message: string;
}

export interface Trace {
  readonly entries: readonly TraceEntry[];
  readonly warnings: readonly Warning[];
  enter(frame: Frame): void;
  /** The states that are done with, innermost first. */
  leave(steps: readonly StepTrace[]): void;
}

/** An empty trace; `onStep` gets each state as it is left. */
export function createTrace(onStep: ((step: StepTrace) => void) | undefined): Trace {
  const entries: TraceEntry[] = [];
  const warnings: Warning[] = [];
  /** Indexes of the entries not yet left: the current state and the Maps around it. */
  const open: number[] = [];
  return {
    entries,
    warnings,
    enter(frame) {
      open.push(entries.length);
      const iteration = iterationsOf(frame).at(-1);
      entries.push({
        state: frame.state,
        ...(iteration !== undefined && { iteration }),
        next: null,
      });
    },
    leave(steps) {
      for (const step of steps) {
        const index = open.pop();
        const entry = index === undefined ? undefined : entries[index];
        if (index !== undefined && entry) entries[index] = { ...entry, next: step.next };
        for (const message of step.warnings) warnings.push({ state: step.state, message });
        onStep?.(step);
      }
    },
  };
}
