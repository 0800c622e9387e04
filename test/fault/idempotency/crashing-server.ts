/**
 * The real server in a process of its own that kills itself where CRASH_AT says. It prints its URL when it listens, and
 * ends when its input does.
 */
import { createLog } from "#platform/log";
import { buildApp } from "#actions-server/app";
import { loadConfig } from "#actions-server/config/config";
import { createDeps } from "#actions-server/deps";
import type { Settle } from "#platform/idempotency/settle";
import type { IdempotencyStore } from "#platform/idempotency/store";

export type CrashPoint = "after-claim" | "before-commit" | "mid-batch" | "after-commit" | "never";

/** No handler runs and no connection is closed properly. The promise never settles. */
function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}

type All = NonNullable<Settle["together"]>["all"];
const dying = new WeakMap<All, All>();

/** Dies with the effects of a batch of several done and nothing committed; one for each kind, so that they meet. */
function dieInBatch(settle: Settle): Settle {
  const { together } = settle;
  if (!together) return settle;
  const all: All =
    dying.get(together.all) ??
    (async (trx, items) => {
      const answers = await together.all(trx, items);
      return items.length > 1 ? die() : answers;
    });
  dying.set(together.all, all);
  const alone: Settle = (trx) => settle(trx);
  return Object.assign(alone, { together: { ...together, all } });
}

function crashAt(point: string | undefined) {
  const dieInside = (settle: Settle): Settle =>
    point === "mid-batch"
      ? dieInBatch(settle)
      : async (trx) => {
          const settled = await settle(trx);
          return point === "before-commit" ? die() : settled;
        };
  return (store: IdempotencyStore): IdempotencyStore => ({
    ...store,
    async claim(key, terms, seen) {
      const lease = await store.claim(key, terms, seen);
      return lease && point === "after-claim" ? die() : lease;
    },
    async complete(lease, completion) {
      const settle = dieInside(completion.settle);
      const answer = await store.complete(lease, { ...completion, settle });
      return point === "after-commit" ? die() : answer;
    },
    async completeUnclaimed(key, terms, settle) {
      const answer = await store.completeUnclaimed(key, terms, dieInside(settle));
      return point === "after-commit" ? die() : answer;
    },
  });
}

const config = loadConfig(process.env);
const { deps, close } = await createDeps(config, {
  log: createLog("silent"),
  wrapStore: crashAt(process.env["CRASH_AT"]),
  leaseMs: 1_000,
});
const app = await buildApp(deps);
console.log(await app.listen({ host: "127.0.0.1", port: 0 }));

process.stdin.resume();
process.stdin.once("end", () => {
  void app.close().then(close);
});
