/** How many API requests the org made in the last 24 hours, and whether one more is allowed. */

const HOUR_MS = 3_600_000;

export interface Usage {
  /** Counts one request; false when the day's allowance is used up (it is not counted then). */
  take(): boolean;
  read(): { readonly used: number; readonly limit: number };
}

/**
 * A rolling day of requests in hourly buckets.
 * @param limit requests in 24 hours
 */
export function createUsage({ now, limit }: { now: () => Date; limit: number }): Usage {
  const byHour = new Map<number, number>();

  function used(hour: number): number {
    let sum = 0;
    for (const [at, count] of byHour) {
      if (at <= hour - 24) byHour.delete(at);
      else sum += count;
    }
    return sum;
  }

  const hourNow = (): number => Math.floor(now().getTime() / HOUR_MS);

  return {
    take() {
      const hour = hourNow();
      if (used(hour) >= limit) return false;
      byHour.set(hour, (byHour.get(hour) ?? 0) + 1);
      return true;
    },
    read: () => ({ used: used(hourNow()), limit }),
  };
}
