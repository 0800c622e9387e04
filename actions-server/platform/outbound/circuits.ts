/** The circuits of one remote system, each for a kind of calls: what fails in one does not stop the others. */
import { closedBreaker, permit, record, type BreakerState, type CallOutcome } from "./breaker.ts";

interface CircuitChange {
  readonly state: "open" | "closed";
  /** The kind of calls: who waits, method and path, such as `backfill GET /api/#/incremental/tickets/cursor`. */
  readonly circuit: string;
  /** Circuits of this system that let nothing through now. */
  readonly open: number;
}

export type OnCircuit = (change: CircuitChange) => void;

interface Circuits {
  /** Undefined: the call may go out, and its outcome must be recorded. Else milliseconds to wait. */
  permit(circuit: string): number | undefined;
  record(circuit: string, outcome: CallOutcome): void;
}

/** More kinds of calls than there are; the oldest one gives way, so that no path can fill the memory. */
const MOST_CIRCUITS = 500;

export function createCircuits(monotonicMs: () => number, onCircuit?: OnCircuit): Circuits {
  const states = new Map<string, BreakerState>();
  const open = new Set<string>();

  function keep(circuit: string, state: BreakerState): void {
    states.set(circuit, state);
    const [oldest = circuit] = states.keys();
    if (states.size > MOST_CIRCUITS) forget(oldest);
  }

  function forget(circuit: string): void {
    states.delete(circuit);
    if (open.delete(circuit)) onCircuit?.({ state: "closed", circuit, open: open.size });
  }

  function note(circuit: string, { kind }: BreakerState): void {
    if (kind === "half-open" || (kind === "open") === open.has(circuit)) return;
    if (kind === "open") open.add(circuit);
    else open.delete(circuit);
    onCircuit?.({ state: kind, circuit, open: open.size });
  }

  return {
    permit(circuit) {
      const permitted = permit(states.get(circuit) ?? closedBreaker(monotonicMs()), monotonicMs());
      keep(circuit, permitted.state);
      return permitted.waitMs;
    },
    record(circuit, outcome) {
      const before = states.get(circuit);
      if (!before) return;
      const state = record(before, outcome, monotonicMs());
      keep(circuit, state);
      note(circuit, state);
    },
  };
}
