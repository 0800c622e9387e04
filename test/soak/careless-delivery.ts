/** Delivers events as a bad day would: some not at all, some twice, most late, and in another order. */
import type { Random } from "#sandbox/data/random";

const LOST = 0.05;
const DOUBLED = 0.1;
const LATE_MS = 3_000;

export interface CarelessDelivery<T> {
  readonly take: (events: readonly T[]) => void;
  /** Resolves when all that is not lost has been delivered. */
  readonly drain: () => Promise<void>;
  readonly counts: { sent: number; lost: number; doubled: number };
}

export function deliverCarelessly<T>(
  random: Random,
  deliver: (event: T) => void,
): CarelessDelivery<T> {
  const counts = { sent: 0, lost: 0, doubled: 0 };
  const pending = new Set<Promise<void>>();

  function later(event: T): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    pending.add(promise);
    setTimeout(
      () => {
        deliver(event);
        pending.delete(promise);
        resolve();
      },
      random.integer(0, LATE_MS),
    );
  }

  return {
    counts,
    take(events) {
      for (const event of events) {
        counts.sent += 1;
        if (random.chance(LOST)) {
          counts.lost += 1;
          continue;
        }
        later(event);
        if (!random.chance(DOUBLED)) continue;
        counts.doubled += 1;
        later(event);
      }
    },
    async drain() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
