/** A circuit breaker as pure functions: stops calling a remote system for a while after it failed repeatedly. */

/** What became of one call. `unknown`: it says nothing about the remote system, such as a caller who left early. */
export type CallOutcome = "ok" | "failed" | "unknown";

interface Closed {
  readonly kind: "closed";
  readonly inARow: number;
  /** Of the period that began at `sinceMs`. */
  readonly calls: number;
  readonly failures: number;
  readonly sinceMs: number;
}

export type BreakerState =
  | Closed
  /** `openings`: how often it opened without a success in between. */
  | { readonly kind: "open"; readonly untilMs: number; readonly openings: number }
  /** One call probes whether the remote system is back; it has until `untilMs`. */
  | { readonly kind: "half-open"; readonly untilMs: number; readonly openings: number };

export interface Permit {
  readonly state: BreakerState;
  /** Undefined: the call may go out. Else milliseconds after which another try is worth while. */
  readonly waitMs: number | undefined;
}

const FAILURES_IN_A_ROW = 10;
/** Half of the calls of a period, once it has this many. */
const LEAST_CALLS = 40;
const FAILING_PART = 0.5;
const PERIOD_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A probe whose outcome is never recorded does not keep the circuit half open for ever. */
const PROBE_MS = 10_000;

export function closedBreaker(nowMs: number): BreakerState {
  return { kind: "closed", inARow: 0, calls: 0, failures: 0, sinceMs: nowMs };
}

function open(openings: number, nowMs: number): BreakerState {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (openings - 1));
  return { kind: "open", untilMs: nowMs + pause, openings };
}

/** Asked before each call; after the pause, exactly one call at a time is let through. */
export function permit(state: BreakerState, nowMs: number): Permit {
  if (state.kind === "closed") return { state, waitMs: undefined };
  if (nowMs < state.untilMs) return { state, waitMs: state.untilMs - nowMs };
  const probing = { ...state, kind: "half-open", untilMs: nowMs + PROBE_MS } as const;
  return { state: probing, waitMs: undefined };
}

/** Called with the outcome of each permitted call. */
export function record(state: BreakerState, outcome: CallOutcome, nowMs: number): BreakerState {
  if (state.kind === "closed") return recordClosed(state, outcome, nowMs);
  // A call from before the opening.
  if (state.kind === "open") return state;
  if (outcome === "ok") return closedBreaker(nowMs);
  if (outcome === "failed") return open(state.openings + 1, nowMs);
  // The probe showed nothing: the next call probes instead.
  return { ...state, kind: "open", untilMs: nowMs };
}

function recordClosed(state: Closed, outcome: CallOutcome, nowMs: number): BreakerState {
  if (outcome === "unknown") return state;
  const isOver = nowMs - state.sinceMs >= PERIOD_MS;
  const period = isOver ? { calls: 0, failures: 0, sinceMs: nowMs } : state;
  const failed = outcome === "failed" ? 1 : 0;
  const next: Closed = {
    kind: "closed",
    inARow: failed === 1 ? state.inARow + 1 : 0,
    calls: period.calls + 1,
    failures: period.failures + failed,
    sinceMs: period.sinceMs,
  };
  const isFailing =
    next.inARow >= FAILURES_IN_A_ROW ||
    (next.calls >= LEAST_CALLS && next.failures >= next.calls * FAILING_PART);
  return isFailing ? open(1, nowMs) : next;
}
