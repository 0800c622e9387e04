/** How many of an account's requests we may take, so that its people and its other programs are never starved. Pure. */

import { projected } from "./others-use.ts";

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
  /** As the last reply said, also one of an earlier window. Undefined: no reply has said it yet. */
  readonly limit: number | undefined;
  /** Undefined: no reply of this window has said it yet. */
  readonly remaining: number | undefined;
  /** A call succeeded, and its reply did not mention the limit. */
  readonly unreported: boolean;
  /** The calls of other instances are unknown. */
  readonly blind: boolean;
  readonly endsInMs: number;
  /** Undefined: the window rolls, so that nothing begins or ends in it. */
  readonly lengthMs: number | undefined;
  /** Since the call was sent whose reply is the last that said what remains; undefined: none of this window has. */
  readonly seenAgoMs: number | undefined;
  /** What others took in recent windows (`others-use.ts`); undefined: not known. */
  readonly held: number | undefined;
}

export interface BudgetTerms {
  /** Above 0, up to 1: the part of what others leave that we may take. */
  readonly share: number;
  readonly priority: Priority;
  /** No flow and no agent of ours ever counts against this limit, so that nothing is kept for them. */
  readonly background: boolean;
}

export type BudgetDecision =
  | { readonly kind: "granted" }
  /** `retryMs`: when to ask again. `endsInMs`: when there is certainly budget again. */
  | { readonly kind: "denied"; readonly retryMs: number; readonly endsInMs: number };

/** The part of our allowance that each may use up: the rest is kept for those who are more urgent. */
const PART: Readonly<Record<Priority, number>> = { agent: 1, flow: 0.9, backfill: 0.6 };
/** What background work may take of a limit that flows and agents use too, if nobody else does. */
export const BACKFILL_PART = PART.backfill;
/** The part of our share that an instance takes while it cannot see the others, whose calls then count as other people's. */
const BLIND_PART = 0.5;
/** The part of our share while it is not known what others take. */
const COLD_PART = 0.5;
/** The part of the whole limit that background work takes then: one who takes all the rest is not starved. */
const COLD_BACKFILL = 0.2;
/** More is kept for others than they took, because no two minutes are the same. */
const MARGIN = 1.1;
/** Calls at once while nothing is known of a window. */
const PROBES = 4;
const LOOK_AGAIN_MS = 50;
/** How soon to look again when others took more in the beginning of a window than they may go on to take. */
const PROJECTED_AGAIN_MS = 1_000;
/** Background work takes this part of its requests at once, the rest evenly until `PACED_UNTIL`, and so sees who else comes. */
const AT_ONCE = 0.25;
const PACED_UNTIL = 0.95;
/** Times of reset are whole seconds: a call in the last moment may count in the next window. */
const BORDER_MS = 1_500;
const BORDER_PART = 0.025;

/** Never less than others took: a call of ours whose end is not known counts as theirs until it is. */
function takenByOthers({ limit = 0, remaining = limit, completed }: BudgetWindow): number {
  return Math.max(0, limit - remaining - completed);
}

function partOf({ blind, held }: BudgetWindow): number {
  return (blind ? BLIND_PART : 1) * (held === undefined ? COLD_PART : 1);
}

function allow(window: BudgetWindow, share: number, others: number): number {
  const { limit = 0, held = 0 } = window;
  if (limit - takenByOthers(window) < 1) return 0;
  const unused = limit - Math.max(others, Math.ceil(held * MARGIN));
  return Math.max(1, Math.floor(unused * share * partOf(window)));
}

/**
 * Unused is what others have not taken in this window and did not take in the last ones. Of it we take `share`, but one
 * request a window at least: with none, no call could ever be made.
 */
export function allowanceOf(window: BudgetWindow, share: number): number {
  return allow(window, share, takenByOthers(window));
}

export function decideBudget(window: BudgetWindow, terms: BudgetTerms): BudgetDecision {
  const { granted, completed, limit, remaining, unreported, endsInMs } = window;
  const inFlight = granted - completed;
  const soon: BudgetDecision = {
    kind: "denied",
    retryMs: Math.min(LOOK_AGAIN_MS, endsInMs),
    endsInMs,
  };
  const mayProbe = unreported || inFlight <= PROBES;
  if (limit === undefined) return mayProbe ? { kind: "granted" } : soon;
  if (remaining === undefined && !mayProbe) return soon;
  const { share, priority } = terms;
  if (priority === "backfill") return decideBackfill(window, terms);
  const allowance = allowanceOf(window, share);
  if (allowance > 0 && granted <= Math.max(1, Math.floor(allowance * PART[priority]))) {
    return { kind: "granted" };
  }
  // The end of a call under way may show that more is left.
  return inFlight > 1 ? soon : { kind: "denied", retryMs: endsInMs, endsInMs };
}

/** Nobody waits for it, so it comes last: it also leaves what others would take if they went on as they began. */
function decideBackfill(window: BudgetWindow, terms: BudgetTerms): BudgetDecision {
  const { granted, completed, endsInMs, lengthMs } = window;
  const progress = progressOf(window);
  const seen = takenByOthers(window);
  const seenAt = progressOf({ ...window, endsInMs: endsInMs + (window.seenAgoMs ?? 0) });
  const expected = projected(seen, seenAt);
  const most = mostOfBackfill(window, terms, expected);
  const wait = (retryMs: number): BudgetDecision => ({
    kind: "denied",
    retryMs,
    endsInMs: retryMs,
  });
  if (granted > most) {
    if (granted - completed > 1) return wait(Math.min(LOOK_AGAIN_MS, endsInMs));
    const mayGrow = expected > seen && granted <= mostOfBackfill(window, terms, seen);
    return wait(mayGrow ? Math.min(PROJECTED_AGAIN_MS, endsInMs) : endsInMs);
  }
  if (lengthMs === undefined) return { kind: "granted" };
  if (endsInMs < Math.min(BORDER_MS, lengthMs * BORDER_PART)) return wait(endsInMs);
  const atOnce = most < 2 ? 0 : Math.ceil(most * AT_ONCE);
  const due = (granted * PACED_UNTIL) / most;
  if (granted <= atOnce || progress >= due) return { kind: "granted" };
  return wait(Math.min(Math.ceil((due - progress) * lengthMs), endsInMs));
}

function mostOfBackfill(window: BudgetWindow, terms: BudgetTerms, others: number): number {
  const allowance = allow(window, terms.share, others);
  if (allowance === 0) return 0;
  const most = Math.floor(allowance * (terms.background ? 1 : PART.backfill));
  const { held, limit = 0 } = window;
  const bound = held === undefined ? Math.min(most, Math.floor(limit * COLD_BACKFILL)) : most;
  return Math.max(1, bound);
}

/** The part of the window that is over; 1 for one that rolls. */
function progressOf({ endsInMs, lengthMs }: BudgetWindow): number {
  if (lengthMs === undefined) return 1;
  return Math.min(1, Math.max(0, 1 - endsInMs / lengthMs));
}
