/** @node-idempotency with its Redis storage, called as its README says, around the effect in Postgres. */
import { createRequire } from "node:module";
import type { Pool } from "pg";
import type { RecordAssignmentReply } from "../../../contract/actions/record-assignment.ts";
import { applyAssignment } from "./assignment-effect.ts";
import { ACCOUNT, PATH, type Perform } from "./peer-app.ts";

/** What is used of its packages. Its Fastify plugin is in no registry. */
interface Core {
  readonly Idempotency: new (storage: Storage, options: object) => Idempotency;
}
interface Idempotency {
  onRequest(request: object): Promise<{ readonly body?: RecordAssignmentReply } | undefined>;
  onResponse(request: object, response: object): Promise<void>;
}
interface Storage {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}
interface Adapter {
  readonly RedisStorageAdapter: new (options: { readonly url: string }) => Storage;
}

/** Found by the manifest of the benchmarks, never dependencies of the project itself. */
const CORE = "@node-idempotency/core";
const ADAPTER = "@node-idempotency/storage-adapter-redis";
const MISMATCH = "IDEMPOTENCY_FINGERPRINT_MISSMATCH";
/** Its default is 100 ms; who waits for the first delivery is to wait no longer than needed. */
const POLL_MS = 10;

/** `require` finds the peers; `close` ends the connection to Redis. */
export async function openNodeIdempotency(
  pool: Pool,
  redisUrl: string,
  require = createRequire(new URL("package.json", import.meta.url)),
): Promise<{ readonly perform: Perform; readonly close: () => Promise<void> }> {
  const { Idempotency } = require(CORE) as Core;
  const { RedisStorageAdapter } = require(ADAPTER) as Adapter;
  const storage = new RedisStorageAdapter({ url: redisUrl });
  await storage.connect();
  const idempotency = new Idempotency(storage, {
    inProgressStrategy: { wait: true, pollingIntervalMs: POLL_MS },
  });

  const perform: Perform = async ({ key, body }) => {
    const request = { method: "POST", path: PATH, headers: { "idempotency-key": key }, body };
    try {
      const replay = await idempotency.onRequest(request);
      if (replay) return replay.body;
    } catch (error) {
      if ((error as { readonly code?: string }).code === MISMATCH) return undefined;
      throw error;
    }
    const answer = await applyAssignment(pool, ACCOUNT, key, body);
    await idempotency.onResponse(request, { body: answer, additional: { status: 200 } });
    return answer;
  };
  return { perform, close: () => storage.disconnect() };
}
