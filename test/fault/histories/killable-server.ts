/**
 * The real server in a process of its own that takes orders from its parent: where to kill itself, and how wrong its
 * clock is. Sends its URL when it listens; ends when the parent disconnects.
 */
import { ServerResponse } from "node:http";
import { buildApp } from "#actions-server/app";
import { loadConfig } from "#actions-server/config/config";
import { assembleServer } from "#actions-server/assemble";
import type { IdempotencyStore } from "#platform/idempotency/store";
import type { BatchEffect } from "#platform/idempotency/work";
import { createLog } from "#platform/log";
import type { Outbound, OutboundRequest } from "#platform/outbound/send";
import { isDatabaseUnavailable } from "#platform/db/database-errors";
import { CANNOT_START, type Order } from "./killable-server-orders.ts";
import type { CrashPoint } from "./plan.ts";
import { plantBug } from "./planted-bugs.ts";

const LEASE_MS = 1_000;
/** Shorter than in life, so that a history with silent connections does not last. */
const DATABASE_ANSWER_MS = 3_000;
const JOB_ANSWER_MS = 6_000;

let armed: { point: CrashPoint; passes: number } | undefined;
let clockOffsetMs = 0;

/** No handler runs and no connection is closed properly. The promise never settles. */
function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}

function isDue(point: CrashPoint): boolean {
  if (armed?.point !== point) return false;
  armed.passes -= 1;
  return armed.passes < 0;
}

async function pass(point: CrashPoint): Promise<void> {
  if (isDue(point)) await die();
}

function watchEffect(effect: BatchEffect): BatchEffect {
  return {
    ...effect,
    async all(trx, items) {
      await pass("after-intent");
      const answers = await effect.all(trx, items);
      await pass("after-effect");
      return answers;
    },
  };
}

/** The effects in our database, which share the record's transaction. */
function watchStore(store: IdempotencyStore): IdempotencyStore {
  return {
    ...store,
    async claim(key, terms, seen) {
      await pass("before-claim");
      const lease = await store.claim(key, terms, seen);
      if (lease) await pass("after-claim");
      return lease;
    },
    async complete(lease, completion) {
      const effect = watchEffect(completion.effect);
      const answer = await store.complete(lease, { ...completion, effect });
      await pass("after-record");
      return answer;
    },
    async completeUnclaimed(key, terms, effect) {
      await pass("before-claim");
      const answer = await store.completeUnclaimed(key, terms, watchEffect(effect));
      if (answer) await pass("after-record");
      return answer;
    },
  };
}

function changesSomething({ method, url }: OutboundRequest): boolean {
  return method !== "GET" && !new URL(url).pathname.includes("/oauth");
}

/** The effects elsewhere. */
function watchOutbound(outbound: Outbound): Outbound {
  return {
    ...outbound,
    async send(outgoing, deadline) {
      if (!changesSomething(outgoing)) return outbound.send(outgoing, deadline);
      await pass("after-intent");
      const result = await outbound.send(outgoing, deadline);
      await pass("after-effect");
      return result;
    },
  };
}

/** Half of an answer's body goes out, and nothing after it. */
function watchAnswers(): void {
  const end = ServerResponse.prototype.end as (
    this: ServerResponse,
    ...args: unknown[]
  ) => ServerResponse;
  ServerResponse.prototype.end = function (
    this: ServerResponse,
    ...args: unknown[]
  ): ServerResponse {
    const [body] = args;
    const hasBody = typeof body === "string" || Buffer.isBuffer(body);
    const isAnswer = hasBody && this.req.url?.startsWith("/v1/actions/") === true;
    if (!isAnswer || !isDue("mid-answer")) return end.apply(this, args);
    this.write(body.slice(0, body.length / 2), () => void die());
    return this;
  };
}

watchAnswers();
const config = loadConfig(process.env);
const plant = plantBug(process.env["PLANTED_BUG"], config);

function isAway(error: unknown): boolean {
  return isDatabaseUnavailable(error) || (error instanceof Error && isAway(error.cause));
}

const { deps, close } = await assembleServer(config, {
  log: createLog("silent"),
  wrapStore: (store) => plant(watchStore(store)),
  wrapOutbound: watchOutbound,
  leaseMs: LEASE_MS,
  databaseAnswerMs: DATABASE_ANSWER_MS,
  jobAnswerMs: JOB_ANSWER_MS,
  superviseSeconds: 1,
  now: () => new Date(Date.now() + clockOffsetMs),
}).catch((error: unknown) => {
  if (isAway(error)) process.exit(CANNOT_START);
  throw error;
});
const app = await buildApp(deps);

process.on("message", (order: Order) => {
  if (order.kind === "clock") clockOffsetMs = order.offsetMs;
  else armed = order.kind === "die" ? { point: order.point, passes: order.passes } : undefined;
});
async function stop(): Promise<void> {
  await app.close();
  await close();
  // As main.ts: a connection on which nobody answers any more does not keep the process.
  setTimeout(() => process.exit(), 1_000).unref();
}

process.once("disconnect", () => void stop());
process.send?.(await app.listen({ host: "127.0.0.1", port: 0 }));
