/** How the time of a run passes: on a virtual clock that only effects and Waits move, or really. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Clock {
  /** Milliseconds since the run began. */
  elapsedMs(): number;
  /** Accounts for an effect that took so long; a real clock has seen it pass. */
  spend(milliseconds: number): void;
  /** Waits: moves a virtual clock at once. Rejects with the signal's reason when it aborts. */
  wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
}

/** A clock at zero. */
export function createClock(kind: "virtual" | "real"): Clock {
  return kind === "virtual" ? createVirtualClock() : createRealClock();
}

function createVirtualClock(): Clock {
  let elapsed = 0;
  return {
    elapsedMs: () => elapsed,
    spend: (milliseconds) => {
      elapsed += milliseconds;
    },
    wait: async (milliseconds) => {
      elapsed += milliseconds;
    },
  };
}

function createRealClock(): Clock {
  const began = performance.now();
  return {
    elapsedMs: () => performance.now() - began,
    spend: () => {},
    wait: async (milliseconds, signal) => {
      // sleep rejects only when aborted, but not with the reason itself.
      await sleep(milliseconds, undefined, { signal }).catch(() => {});
      signal?.throwIfAborted();
    },
  };
}
