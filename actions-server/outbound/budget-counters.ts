/** Counts what was taken of each limit in its window: here for one process; `redis-counters.ts` for all of them. */
import type { BudgetWindow, LimitReport } from "./budget.ts";

export interface BudgetCounters {
  /** Counts one call more under the key, and tells how the window stands with it. */
  take(key: string): Promise<BudgetWindow>;
  /** The call did not go out. */
  giveBack(key: string): Promise<void>;
  /** The call ended; `untold`: well, but with no word of this limit; undefined: nothing is to be concluded. */
  settle(key: string, report: LimitReport | "untold" | undefined): Promise<void>;
}

export interface WindowKind {
  /** How long a window lasts when no reply tells when it ends. */
  readonly windowMs: number;
  /**
   * A fixed window's remaining requests only become fewer, so replies that come out of order are told apart; in a
   * rolling one they grow again, and the last word counts.
   */
  readonly rolling: boolean;
}

interface Counts {
  granted: number;
  completed: number;
  limit: number | undefined;
  remaining: number | undefined;
  untold: boolean;
  endsAtMs: number;
}

/** `monotonicMs`: a clock that is never set back. */
export function createLocalCounters(
  { windowMs, rolling }: WindowKind,
  monotonicMs: () => number,
): BudgetCounters {
  const windows = new Map<string, Counts>();

  function current(key: string): Counts {
    const known = windows.get(key);
    if (known && monotonicMs() < known.endsAtMs) return known;
    const fresh: Counts = {
      granted: 0,
      completed: 0,
      limit: undefined,
      remaining: undefined,
      untold: false,
      endsAtMs: monotonicMs() + windowMs,
    };
    windows.set(key, fresh);
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
    async settle(key, report) {
      const counts = current(key);
      counts.completed += 1;
      if (report === undefined) return;
      if (report === "untold") {
        counts.untold = true;
        return;
      }
      counts.limit = report.limit;
      const isLower = counts.remaining === undefined || report.remaining < counts.remaining;
      if (rolling || isLower) counts.remaining = report.remaining;
      if (report.resetSeconds !== undefined) {
        counts.endsAtMs = monotonicMs() + Math.max(1, report.resetSeconds) * 1_000;
      }
    },
  };
}
