/** Counts what happens to idempotency keys: leases that were lost, and time spent waiting for another holder. */
import type { Metrics } from "./metrics.ts";
import type { IdempotencyStore } from "../idempotency/store.ts";
import type { WakeUps } from "../idempotency/wake-ups.ts";

export function countLostLeases(
  store: IdempotencyStore,
  metrics: Pick<Metrics, "countLeaseLost">,
): IdempotencyStore {
  return {
    ...store,
    async complete(lease, completion) {
      const answer = await store.complete(lease, completion);
      if (answer === undefined) metrics.countLeaseLost(lease.key.operation);
      return answer;
    },
  };
}

export function measureWaits(wakeUps: WakeUps, metrics: Pick<Metrics, "observeWait">): WakeUps {
  return {
    ...wakeUps,
    async wait(key, mostMs) {
      const began = performance.now();
      await wakeUps.wait(key, mostMs);
      metrics.observeWait(key.operation, (performance.now() - began) / 1000);
    },
  };
}
