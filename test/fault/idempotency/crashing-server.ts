/**
 * The real server in a process of its own that kills itself where CRASH_AT says. It prints its URL when it listens, and
 * ends when its input does. ANSWER_MS: how long a statement may take, also for jobs; default: as operators have it.
 */
import { createLog } from "#platform/log";
import { buildApp } from "#actions-server/app";
import { loadConfig } from "#actions-server/config/config";
import { assembleServer } from "#actions-server/assemble";
import type { IdempotencyStore } from "#platform/idempotency/store";
import type { BatchEffect } from "#platform/idempotency/work";

export type CrashPoint = "after-claim" | "before-commit" | "mid-batch" | "after-commit" | "never";

/** No handler runs and no connection is closed properly. The promise never settles. */
function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}

function crashAt(point: string | undefined) {
  /** Dies with the effects done and nothing committed; `mid-batch`: those of several requests. */
  const dieInside = (effect: BatchEffect): BatchEffect => ({
    ...effect,
    async all(trx, items) {
      const answers = await effect.all(trx, items);
      const dies = point === "before-commit" || (point === "mid-batch" && items.length > 1);
      return dies ? die() : answers;
    },
  });
  return (store: IdempotencyStore): IdempotencyStore => ({
    ...store,
    async claim(key, terms, seen) {
      const lease = await store.claim(key, terms, seen);
      return lease && point === "after-claim" ? die() : lease;
    },
    async complete(lease, completion) {
      const effect = dieInside(completion.effect);
      const answer = await store.complete(lease, { ...completion, effect });
      return point === "after-commit" ? die() : answer;
    },
    async completeUnclaimed(key, terms, effect) {
      const answer = await store.completeUnclaimed(key, terms, dieInside(effect));
      return point === "after-commit" ? die() : answer;
    },
  });
}

const config = loadConfig(process.env);
const answerMs = process.env["ANSWER_MS"];
const { deps, close } = await assembleServer(config, {
  log: createLog("silent"),
  wrapStore: crashAt(process.env["CRASH_AT"]),
  leaseMs: 1_000,
  superviseSeconds: 1,
  ...(answerMs !== undefined && {
    databaseAnswerMs: Number(answerMs),
    jobAnswerMs: Number(answerMs),
  }),
});
const app = await buildApp(deps);
console.log(await app.listen({ host: "127.0.0.1", port: 0 }));

process.stdin.resume();
process.stdin.once("end", () => {
  void app.close().then(close);
});
