/** Counts what was taken of each limit in its window: here for one process; `redis-counters.ts` for all of them. */
import type { BudgetWindow, LimitReport } from "./budget.ts";

export interface BudgetCounters {
  /** Counts one more call under the key, and returns the window with it. */
  take(key: string): Promise<BudgetWindow>;
  /** The call did not go out. */
  giveBack(key: string): Promise<void>;
  /** The call ended; `unreported`: it succeeded, but its reply did not mention this limit; undefined: nothing can be concluded. */
  record(key: string, report: LimitReport | "unreported" | undefined): Promise<void>;
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
  granted: number;
  completed: number;
  limit: number | undefined;
  remaining: number | undefined;
  unreported: boolean;
  endsAtMs: number;
}

/** How long a window goes on by what a reply says, in milliseconds. */
export function lastsMs({ longestMs }: WindowKind, resetSeconds: number): number {
  return Math.min(longestMs, Math.max(1, resetSeconds) * 1_000);
}

/** `monotonicMs`: a clock that is never set back. */
export function createLocalCounters(kind: WindowKind, monotonicMs: () => number): BudgetCounters {
  const { windowMs, probeMs, rolling } = kind;
  const windows = new Map<string, Counts>();
  const probesFromMs = new Map<string, number>();

  function current(key: string): Counts {
    const known = windows.get(key);
    if (known && monotonicMs() < known.endsAtMs) return known;
    const fresh: Counts = {
      granted: 0,
      completed: 0,
      limit: undefined,
      remaining: undefined,
      unreported: false,
      endsAtMs: monotonicMs() + windowMs,
    };
    windows.set(key, fresh);
    if (!probesFromMs.has(key)) probesFromMs.set(key, monotonicMs() + probeMs);
    return fresh;
  }

  return {
    async take(key) {
      const counts = current(key);
      counts.granted += 1;
      const { endsAtMs, ...window } = counts;
      return { ...window, blind: false, endsInMs: endsAtMs - monotonicMs() };
    },
    async giveBack(key) {
      const counts = current(key);
      counts.granted = Math.max(0, counts.granted - 1);
    },
    async record(key, report) {
      const counts = current(key);
      counts.completed += 1;
      probesFromMs.set(key, monotonicMs() + probeMs);
      if (report === undefined) return;
      if (report === "unreported") {
        counts.unreported = true;
        return;
      }
      counts.limit = report.limit;
      const isLower = counts.remaining === undefined || report.remaining < counts.remaining;
      if (rolling || isLower) counts.remaining = report.remaining;
      if (report.resetSeconds !== undefined) {
        counts.endsAtMs = monotonicMs() + lastsMs(kind, report.resetSeconds);
      }
    },
    async probe(key) {
      const waitMs = (probesFromMs.get(key) ?? 0) - monotonicMs();
      if (waitMs > 0) return waitMs;
      probesFromMs.set(key, monotonicMs() + probeMs);
      return 0;
    },
  };
}
