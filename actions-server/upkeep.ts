/** The hourly upkeep: removes what is too old. */
import type { IdempotencyStore } from "#platform/idempotency/store";
import { worker, type Queue, type Worker } from "#platform/jobs/queue";
import type { Log } from "#platform/log";
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

export interface UpkeepOptions {
  readonly store: IdempotencyStore;
  readonly now: () => Date;
  readonly log: Log;
}

export function upkeepWorkers(
  modules: readonly Module[],
  { store, now, log }: UpkeepOptions,
): readonly Worker[] {
  return [
    worker(PURGE_RECORDS, () => purgeRecords(store, now)),
    worker(PURGE_MODULES, () => purgeModules(modules, log)),
  ];
}

/** Throws when a module failed, after all others were purged. */
async function purgeModules(modules: readonly Module[], log: Log): Promise<void> {
  let failed = 0;
  for (const { purge } of modules) {
    try {
      await purge?.();
    } catch (error) {
      failed += 1;
      log.warn({ err: error }, "old rows could not be removed");
    }
  }
  if (failed > 0) throw new Error(`${failed} subjects could not remove their old rows`);
}

/** In batches, to keep transactions short. */
async function purgeRecords(store: IdempotencyStore, now: () => Date): Promise<void> {
  for (let round = 0; round < PURGE_ROUNDS; round += 1) {
    if ((await store.purge(now())) === 0) return;
  }
}
