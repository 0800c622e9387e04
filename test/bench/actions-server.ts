/** One contender of the actions benchmark as a process: prints its URL when it listens, ends when its input does. */
import { createRequire } from "node:module";
import { fastify, type FastifyInstance } from "fastify";
import { Pool } from "pg";
import { buildApp } from "../../actions-server/app.ts";
import { loadConfig } from "../../actions-server/config.ts";
import { createDeps } from "../../actions-server/deps.ts";

/** What is used of @node-idempotency, which is installed beside this file only. */
interface PeerCore {
  readonly Idempotency: new (storage: object, options: object) => PeerIdempotency;
}
interface PeerIdempotency {
  onRequest(request: object): Promise<{ readonly body?: unknown } | undefined>;
  onResponse(request: object, response: object): Promise<void>;
}
interface PeerStorage {
  readonly RedisStorageAdapter: new (options: object) => { connect(): Promise<void> };
}

/** Found by the manifest beside this file, never dependencies of the project itself. */
const CORE = "@node-idempotency/core";
const STORAGE = "@node-idempotency/storage-adapter-redis";

const PATH = "/v1/actions/record-assignment";

interface Assignment {
  readonly ticket_id: number;
  readonly agent_id: number;
}

const answerOf = ({ ticket_id }: Assignment) => ({
  outcome: "recorded",
  ticket_id: String(ticket_id),
  current: true,
});

interface Contender {
  readonly app: FastifyInstance;
  readonly close?: () => Promise<void>;
}

/** The least that answers a JSON body with a JSON body. */
async function bare(): Promise<Contender> {
  const app = fastify();
  app.post<{ Body: Assignment }>(PATH, async ({ body }) => answerOf(body));
  return { app };
}

/** The whole server, as `npm start` has it. */
async function ours(): Promise<Contender> {
  const { deps, close } = await createDeps(loadConfig(process.env));
  return { app: await buildApp(deps), close };
}

/**
 * The core of @node-idempotency with its Redis storage, called as its README says, before an insert of one row. Its
 * Fastify plugin is in no registry.
 */
async function peer(): Promise<Contender> {
  const require = createRequire(import.meta.url);
  const { Idempotency } = require(CORE) as PeerCore;
  const { RedisStorageAdapter } = require(STORAGE) as PeerStorage;
  const storage = new RedisStorageAdapter({ url: process.env["REDIS_URL"] });
  await storage.connect();
  const idempotency = new Idempotency(storage, { inProgressStrategy: { wait: true } });
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"], max: 10 });
  await pool.query("create table if not exists peer_rows (ticket_id text, agent_id text)");
  const app = fastify();
  app.post<{ Body: Assignment }>(PATH, async ({ method, headers, body }) => {
    const request = { method, headers, body, path: PATH };
    const replay = await idempotency.onRequest(request);
    if (replay) return replay.body;
    await pool.query("insert into peer_rows values ($1, $2)", [body.ticket_id, body.agent_id]);
    const answer = answerOf(body);
    await idempotency.onResponse(request, { body: answer, additional: { status: 200 } });
    return answer;
  });
  return { app };
}

const CONTENDERS: Readonly<Record<string, () => Promise<Contender>>> = { bare, ours, peer };

const contender = await CONTENDERS[process.argv[2] ?? ""]?.();
if (!contender) throw new Error("name a contender");
const { app, close } = contender;
console.log(await app.listen({ host: "127.0.0.1", port: 0 }));
process.stdin.resume();
process.stdin.once("end", () => {
  // The peer's connection has no end that could be waited for.
  void app
    .close()
    .then(close)
    .finally(() => process.exit());
});
