/** The hourly upkeep: removes what is too old. */
import type { IdempotencyStore } from "#platform/idempotency/store";
import { worker, type Queue, type Worker } from "#platform/jobs/queue";
import type { Module } from "#platform/module";

const hourly = (name: string, minute: number): Queue<object> => ({
  name,
  timeoutSeconds: 600,
  retries: 2,
  concurrency: 1,
  cron: `${minute} * * * *`,
});

const PURGE_RECORDS = hourly("purge-idempotency-records", 17);
const PURGE_MODULES = hourly("purge-administration", 37);
const PURGE_ROUNDS = 1_000;

export function upkeepWorkers(
  store: IdempotencyStore,
  modules: readonly Module[],
  now: () => Date,
): readonly Worker[] {
  return [
    worker(PURGE_RECORDS, () => purgeRecords(store, now)),
    worker(PURGE_MODULES, async () => {
      for (const { purge } of modules) await purge?.();
    }),
  ];
}

/** In batches, to keep transactions short. */
async function purgeRecords(store: IdempotencyStore, now: () => Date): Promise<void> {
  for (let round = 0; round < PURGE_ROUNDS; round += 1) {
    if ((await store.purge(now())) === 0) return;
  }
}
