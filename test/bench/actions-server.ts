/**
 * One contender of the actions benchmark as a process: prints its URL when it listens, its CPU time in milliseconds for each
 * line that it reads, and ends when its input does.
 */
import { createInterface } from "node:readline";
import { fastify, type FastifyInstance } from "fastify";
import { Pool } from "pg";
import { buildApp } from "../../actions-server/app.ts";
import { loadConfig } from "../../actions-server/config/config.ts";
import type { RecordAssignmentRequest } from "../../contract/actions/record-assignment.ts";
import { migrateAt } from "../../actions-server/platform/db/migrate.ts";
import { assembleServer } from "../../actions-server/assemble.ts";
import { createLog } from "../../actions-server/platform/log.ts";
import { TOKEN } from "./contender-process.ts";
import { openByHand } from "./peers/by-hand.ts";
import { openNodeIdempotency } from "./peers/node-idempotency.ts";
import { buildPeerApp, PATH } from "./peers/peer-app.ts";

interface Contender {
  readonly app: FastifyInstance;
  readonly close?: () => Promise<void>;
}

/** As many as our server has (db/open.ts). */
const POOL_SIZE = 10;

/** The least that answers a JSON body with a JSON body. */
async function bare(): Promise<Contender> {
  const app = fastify();
  app.post<{ Body: RecordAssignmentRequest }>(PATH, async ({ body: { ticket_id } }) => ({
    outcome: "recorded",
    ticket_id: String(ticket_id),
    current: true,
  }));
  return { app };
}

/** The whole server, as `npm start` has it. */
async function ours(): Promise<Contender> {
  const { deps, close } = await assembleServer(loadConfig(process.env));
  return { app: await buildApp(deps), close };
}

/** Connections to a database with our tables: the peers write the same rows. */
async function openPeerPool(): Promise<Pool> {
  const url = process.env["DATABASE_URL"] ?? "";
  await migrateAt(url, createLog("warn"));
  return new Pool({ connectionString: url, max: POOL_SIZE });
}

async function byHand(): Promise<Contender> {
  const pool = await openPeerPool();
  return { app: buildPeerApp(TOKEN, await openByHand(pool)), close: () => pool.end() };
}

async function nodeIdempotency(): Promise<Contender> {
  const pool = await openPeerPool();
  const { perform } = await openNodeIdempotency(pool, process.env["REDIS_URL"] ?? "");
  return { app: buildPeerApp(TOKEN, perform), close: () => pool.end() };
}

const CONTENDERS: Readonly<Record<string, () => Promise<Contender>>> = {
  bare,
  ours,
  "by-hand": byHand,
  "node-idempotency": nodeIdempotency,
};

const contender = await CONTENDERS[process.argv[2] ?? ""]?.();
if (!contender) throw new Error("name a contender");
const { app, close } = contender;
console.log(await app.listen({ host: "127.0.0.1", port: 0 }));
const orders = createInterface({ input: process.stdin });
orders.on("line", () => {
  const { user, system } = process.cpuUsage();
  console.log((user + system) / 1000);
});
orders.once("close", () => {
  // The peer's connection to Redis has no end that could be waited for.
  void app
    .close()
    .then(close)
    .finally(() => process.exit());
});
