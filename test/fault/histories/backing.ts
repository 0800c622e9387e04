/** Postgres and Redis of the suite's own, which may be broken: the shared ones of the tests may not. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase } from "../../../actions-server/db/databases.ts";
import { openEmbedded } from "../../../actions-server/db/embedded.ts";
import { openDatabase, type OpenDatabase } from "../../../actions-server/db/open.ts";
import { preparePostgresHome } from "../../../actions-server/db/postgres-home.ts";
import { findRunning, start } from "../../../actions-server/db/postmaster.ts";
import { migrate } from "../../../actions-server/db/migrate.ts";
import { silentLog } from "../../support/silent-log.ts";
import { hasRedis, startRedis, type RedisServer } from "../../support/redis.ts";
import { startRelay } from "./relay.ts";

export interface Backing {
  /** For servers; stays the same when Postgres comes back on another port. */
  readonly databaseUrl: string;
  /** For looking at what is there. */
  readonly database: OpenDatabase;
  /** Undefined where redis-server is not installed. */
  readonly redis: RedisServer | undefined;
  /** Every connection breaks and nothing is written to disk any more; then it recovers. */
  restartPostgres(): Promise<void>;
  stop(): Promise<void>;
}

const LOOKS = 400;
const BETWEEN_LOOKS_MS = 25;

async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
  throw new Error("Postgres did not stop");
}

export async function startBacking(): Promise<Backing> {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-fault-"));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const cluster = await openEmbedded(folder);
  const home = await preparePostgresHome(folder);
  const direct = new URL(await createDatabase(cluster.urlOf("postgres"), "fault"));
  const relay = await startRelay(Number(direct.port));
  direct.port = String(relay.port);
  const database = await openDatabase({ databaseUrl: direct.href, dataDir: "", log: silentLog });
  await migrate(database.db);
  const redis = hasRedis ? await startRedis() : undefined;

  return {
    databaseUrl: direct.href,
    database,
    redis,
    async restartPostgres() {
      const running = await findRunning(home);
      // Immediate shutdown: as after a crash, it recovers from its log.
      if (running) process.kill(running.pid, "SIGQUIT");
      await waitUntil(async () => (await findRunning(home)) === undefined);
      await start(home);
      const again = await findRunning(home);
      if (!again) throw new Error("Postgres did not come back");
      relay.pointTo(again.port);
    },
    async stop() {
      await redis?.stop();
      await database.close();
      await relay.close();
      const running = await findRunning(home);
      await cluster.leave();
      // After a restart the cluster no longer knows that we are here.
      if ((await findRunning(home)) && running) process.kill(running.pid, "SIGINT");
      await waitUntil(async () => (await findRunning(home)) === undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
