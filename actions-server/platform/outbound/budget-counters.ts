/** Counts what was taken of each limit in its window: here for one process; `redis-counters.ts` for all of them. */
import type { BudgetWindow, LimitReport } from "./budget.ts";
import {
  afterWindow,
  FORGET_WINDOWS,
  projected,
  UNKNOWN_USE,
  WATCHED_FROM,
  type OthersUse,
} from "./others-use.ts";

/** In which window a call was counted: what its reply says is about that one. */
export interface Turn {
  readonly local: number;
  /** Undefined: it was counted in this process alone. */
  readonly shared: number | undefined;
}

interface TakenWindow extends BudgetWindow {
  readonly turn: Turn;
}

/** What became of a call. */
interface CallEnd {
  /** From being sent to its end. */
  readonly tookMs: number;
  /** `unreported`: it succeeded, but its reply did not mention this limit; undefined: nothing can be concluded. */
  readonly report: LimitReport | "unreported" | undefined;
}

export interface BudgetCounters {
  /** Counts one more call under the key, and returns the window with it. */
  take(key: string): Promise<TakenWindow>;
  /** The call did not go out. */
  giveBack(key: string, turn: Turn): Promise<void>;
  /** The call ended. What is said of a window that is over counts no more. */
  record(key: string, turn: Turn, end: CallEnd): Promise<void>;
  /**
   * Milliseconds until a call may go out although nothing is left; 0: this one may, and no other for as long. What a
   * reply said may be wrong, and only another reply can show it.
   */
  probe(key: string): Promise<number>;
}

export interface WindowKind {
  /** How long a window lasts when no reply says when it ends. */
  readonly windowMs: number;
  /** How long any window may last: longer times in a reply are ignored. */
  readonly longestMs: number;
  /** After this time without any reply, one call probes the limit. */
  readonly probeMs: number;
  /**
   * A fixed window's remaining requests only become fewer, so replies that arrive out of order are recognised; in a
   * rolling one they grow again, and the last reply counts.
   */
  readonly rolling: boolean;
}

interface Counts {
  readonly turn: number;
  granted: number;
  completed: number;
  limit: number | undefined;
  remaining: number | undefined;
  unreported: boolean;
  /** Certainly taken by others. */
  certain: number;
  /** What they seem to come to. */
  others: number;
  watched: boolean;
  /** The window before: a slow reply may still tell of it. */
  readonly previous: Counts | undefined;
  /** Of the windows before that. */
  readonly use: OthersUse;
  lengthMs: number;
  endsAtMs: number;
  seenAtMs: number | undefined;
}

/** Times of reset are whole seconds, rounded up. */
export const RESET_GRAIN_MS = 1_000;

/** A remote system counts a call when it comes, so the reset of a slow reply is old. The way there takes this long at most. */
export const ARRIVES_MS = 1_000;

/** How long a window goes on by what a reply says, in milliseconds. */
export function lastsMs({ longestMs }: WindowKind, resetSeconds: number): number {
  return Math.min(longestMs, Math.max(1, resetSeconds) * 1_000);
}

/** `monotonicMs`: a clock that is never set back. */
export function createLocalCounters(kind: WindowKind, monotonicMs: () => number): BudgetCounters {
  const { probeMs, rolling } = kind;
  const windows = new Map<string, Counts>();
  const probesFromMs = new Map<string, number>();

  function current(key: string): Counts {
    const known = windows.get(key);
    if (known && monotonicMs() < known.endsAtMs) return known;
    const fresh = next(known, kind, monotonicMs());
    windows.set(key, fresh);
    if (!probesFromMs.has(key)) probesFromMs.set(key, monotonicMs() + probeMs);
    return fresh;
  }

  /** A reply to a call of the window before shows what others took of that one. */
  function noteLate(previous: Counts, report: LimitReport, tookMs: number) {
    const leftMs = previous.endsAtMs - monotonicMs() + tookMs;
    if ((report.resetSeconds ?? 0) * 1_000 - RESET_GRAIN_MS > leftMs + RESET_GRAIN_MS) return;
    noteOthers(previous, report, leftMs);
  }

  /** Undefined: that window is over. */
  function ofTurn(key: string, turn: Turn): Counts | undefined {
    const known = windows.get(key);
    return known?.turn === turn.local && monotonicMs() < known.endsAtMs ? known : undefined;
  }

  function note(key: string, report: LimitReport, tookMs: number): void {
    const nowMs = monotonicMs();
    const endsInMs = (windows.get(key)?.endsAtMs ?? nowMs) - nowMs;
    const before = windows.get(key)?.remaining;
    const saysMs =
      report.resetSeconds === undefined ? undefined : lastsMs(kind, report.resetSeconds);
    // At the earliest: the reply was made after the call was sent.
    const isLonger = saysMs !== undefined && saysMs - RESET_GRAIN_MS - tookMs > endsInMs;
    const hasBegun = !rolling && isLonger && before !== undefined && report.remaining > before;
    if (hasBegun) windows.set(key, begun(current(key), kind, nowMs));
    const counts = current(key);
    const isFirst = counts.remaining === undefined;
    const isLower = counts.remaining === undefined || report.remaining < counts.remaining;
    if (rolling || isLower || counts.limit !== report.limit) counts.remaining = report.remaining;
    counts.limit = report.limit;
    counts.seenAtMs = Math.max(counts.seenAtMs ?? Number.NEGATIVE_INFINITY, nowMs - tookMs);
    if (saysMs !== undefined) {
      const goesOnMs = Math.max(1, saysMs - Math.max(0, tookMs - ARRIVES_MS));
      counts.lengthMs = Math.max(counts.lengthMs, saysMs);
      const isReplaced = rolling || isFirst || isLonger;
      counts.endsAtMs = isReplaced ? nowMs + goesOnMs : Math.min(counts.endsAtMs, nowMs + goesOnMs);
    }
    noteOthers(counts, report, counts.endsAtMs - nowMs + tookMs);
  }

  return {
    async take(key) {
      const counts = current(key);
      counts.granted += 1;
      const { granted, completed, limit, remaining, unreported, lengthMs, turn } = counts;
      return {
        granted,
        completed,
        limit,
        remaining,
        unreported,
        blind: false,
        endsInMs: counts.endsAtMs - monotonicMs(),
        lengthMs: rolling ? undefined : lengthMs,
        held: rolling ? 0 : useOf(counts).held,
        seenAgoMs: counts.seenAtMs === undefined ? undefined : monotonicMs() - counts.seenAtMs,
        turn: { local: turn, shared: undefined },
      };
    },
    async giveBack(key, turn) {
      const counts = ofTurn(key, turn);
      if (counts) counts.granted = Math.max(0, counts.granted - 1);
    },
    async record(key, turn, { tookMs, report }) {
      probesFromMs.set(key, monotonicMs() + probeMs);
      const reported = typeof report === "object" ? report : undefined;
      const { turn: now, previous } = current(key);
      if (reported && previous?.turn === turn.local) noteLate(previous, reported, tookMs);
      if (now !== turn.local) return;
      const counts = current(key);
      counts.completed += 1;
      if (report === "unreported") counts.unreported = true;
      else if (reported) note(key, reported, tookMs);
    },
    async probe(key) {
      const waitMs = (probesFromMs.get(key) ?? 0) - monotonicMs();
      if (waitMs > 0) return waitMs;
      probesFromMs.set(key, monotonicMs() + probeMs);
      return 0;
    },
  };
}

/** @param leftMs of the window when the call was sent */
function noteOthers(counts: Counts, { limit, remaining }: LimitReport, leftMs: number): void {
  const taken = limit - remaining - counts.granted;
  counts.certain = Math.max(counts.certain, taken);
  const progress = 1 - leftMs / counts.lengthMs;
  counts.watched ||= progress >= WATCHED_FROM;
  const expected = counts.watched ? 0 : Math.min(limit, projected(taken, progress));
  counts.others = Math.max(counts.certain, expected);
}

function useOf({ use, previous }: Counts): OthersUse {
  return previous ? afterWindow(use, previous) : use;
}

/** The window after `known`: it follows at once while the calls do, so that it ends when the remote system's does. */
function next(known: Counts | undefined, { windowMs, rolling }: WindowKind, nowMs: number): Counts {
  const fresh: Counts = {
    turn: (known?.turn ?? 0) + 1,
    granted: 0,
    completed: 0,
    limit: known?.limit,
    remaining: undefined,
    unreported: false,
    certain: 0,
    others: 0,
    watched: false,
    previous: undefined,
    use: UNKNOWN_USE,
    lengthMs: windowMs,
    endsAtMs: nowMs + windowMs,
    seenAtMs: undefined,
  };
  if (!known || rolling) return fresh;
  const { endsAtMs, lengthMs } = known;
  const idleMs = nowMs - endsAtMs;
  if (idleMs > FORGET_WINDOWS * lengthMs) return fresh;
  const past = { use: useOf(known), previous: { ...known, previous: undefined } };
  if (idleMs >= lengthMs) return { ...fresh, ...past };
  return { ...fresh, ...past, lengthMs, endsAtMs: endsAtMs + lengthMs };
}

/** A reply shows that the remote system has begun another window: our calls under way may count in it. */
function begun(known: Counts, kind: WindowKind, nowMs: number): Counts {
  const granted = Math.max(1, known.granted - known.completed + 1);
  return {
    ...next({ ...known, endsAtMs: nowMs }, kind, nowMs),
    turn: known.turn,
    granted,
    completed: 1,
  };
}
