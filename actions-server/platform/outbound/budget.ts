/** How many of an account's requests we may take, so that its people and its other programs are never starved. Pure. */

/** Who waits for a call, the most urgent first. */
export type Priority = "agent" | "flow" | "backfill";

/** What a reply says of one of the remote system's limits. */
export interface LimitReport {
  /** `account`, or the name of an endpoint's own limit. */
  readonly name: string;
  readonly limit: number;
  /** Requests left to everybody. */
  readonly remaining: number;
  /** Undefined: the reply did not say. */
  readonly resetSeconds: number | undefined;
}

/** One window of one limit, as all instances together know it. */
export interface BudgetWindow {
  /** Calls of ours, those that are asked about included. */
  readonly granted: number;
  /** Calls of ours whose end is known. */
  readonly completed: number;
  /** Undefined: no reply has said it yet. */
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  /** A call succeeded, and its reply did not mention the limit. */
  readonly unreported: boolean;
  /** The calls of other instances are unknown. */
  readonly blind: boolean;
  readonly endsInMs: number;
}

export type BudgetDecision =
  | { readonly kind: "granted" }
  /** `retryMs`: when to ask again. `endsInMs`: when there is certainly budget again. */
  | { readonly kind: "denied"; readonly retryMs: number; readonly endsInMs: number };

/** The part of our allowance that each may use up: the rest is kept for those who are more urgent. */
const PART: Readonly<Record<Priority, number>> = { agent: 1, flow: 0.9, backfill: 0.6 };
/** The part of our share that an instance takes while it cannot see the others, whose calls then count as other people's. */
const BLIND_PART = 0.5;
/** Calls at once while nothing is known of a window. */
const PROBES = 4;
const LOOK_AGAIN_MS = 50;

/**
 * What others took is what is gone and not ours; a call of ours whose end is not known counts as theirs until it is, so
 * that the estimate errs on their side. Of the rest we take `share`, but one request a window at least: with none,
 * no call could ever be made.
 */
export function allowanceOf(window: BudgetWindow, share: number): number {
  const { limit = 0, remaining = 0, completed, blind } = window;
  const takenByOthers = Math.max(0, limit - remaining - completed);
  const unused = Math.max(0, limit - takenByOthers);
  return unused < 1 ? 0 : Math.max(1, Math.floor(unused * share * (blind ? BLIND_PART : 1)));
}

export function decideBudget(
  window: BudgetWindow,
  share: number,
  priority: Priority,
): BudgetDecision {
  const { granted, completed, limit, unreported, endsInMs } = window;
  const inFlight = granted - completed;
  const later = { kind: "denied", endsInMs } as const;
  if (limit === undefined) {
    return unreported || inFlight <= PROBES
      ? { kind: "granted" }
      : { ...later, retryMs: Math.min(LOOK_AGAIN_MS, endsInMs) };
  }
  const allowance = allowanceOf(window, share);
  if (granted <= Math.max(1, Math.floor(allowance * PART[priority])) && allowance > 0) {
    return { kind: "granted" };
  }
  // The end of a call under way may show that more is left.
  return { ...later, retryMs: inFlight > 1 ? Math.min(LOOK_AGAIN_MS, endsInMs) : endsInMs };
}
