/** A Postgres of a test's own that may be broken: the shared one of the tests may not. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { createDatabase } from "#platform/db/databases";
import { openEmbedded } from "#platform/db/embedded";
import { openDatabase, type OpenDatabase } from "#platform/db/open";
import { migrate } from "#platform/db/migrate";
import { preparePostgresHome } from "#platform/db/postgres-home";
import { findRunning } from "#platform/db/postmaster";
import { servedDatabase } from "../support/postgres.ts";
import { silentLog } from "../support/silent-log.ts";
import { startRelay, type Relay } from "./relay.ts";

export interface PostgresServer {
  /** For servers: through the relay, and the same when Postgres comes back on another port. */
  readonly databaseUrl: string;
  /** For looking at what is there; past the relay. */
  readonly database: OpenDatabase;
  readonly relay: Relay;
  /**
   * Every connection breaks and nothing more is written to disk; it then recovers from its log. SIGQUIT: at once, with a
   * word to every client. SIGKILL: without one.
   */
  restart(signal: "SIGQUIT" | "SIGKILL"): Promise<void>;
  /** Ends connections of servers, so many at most, whatever they are at. */
  terminateBackends(most: number): Promise<void>;
  stop(): Promise<void>;
}

const LOOKS = 2_400;
const BETWEEN_LOOKS_MS = 25;

/** Those of servers that are at something come first. */
const TERMINATE = `
  select pg_terminate_backend(pid) from (
    select pid from pg_stat_activity where datname = current_database() and application_name like 'caseqa%'
    order by state = 'idle', query_start limit $1) as victims`;

export async function waitUntil(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    if (await isSo()) return;
    await sleep(BETWEEN_LOOKS_MS);
  }
  throw new Error(`${what} did not happen`);
}

/** A wire to a database of the shared Postgres; both end with the test. */
export async function startWire(): Promise<
  Pick<PostgresServer, "databaseUrl" | "database" | "relay">
> {
  const database = await servedDatabase();
  const databaseUrl = new URL(database.url);
  const relay = await startRelay(Number(databaseUrl.port));
  onTestFinished(() => relay.close());
  databaseUrl.port = String(relay.port);
  return { databaseUrl: databaseUrl.href, database, relay };
}

export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-fault-"));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const cluster = await openEmbedded(folder);
  const home = await preparePostgresHome(folder);
  const direct = new URL(await createDatabase(cluster.urlOf("postgres"), "fault"));
  const relay = await startRelay(Number(direct.port));
  const databaseUrl = new URL(direct);
  databaseUrl.port = String(relay.port);
  direct.searchParams.set("application_name", "looking");
  const database = await openDatabase({ databaseUrl: direct.href, dataDir: "", log: silentLog });
  await migrate(database.db);

  return {
    databaseUrl: databaseUrl.href,
    database,
    relay,
    async restart(signal) {
      const before = await findRunning(home);
      if (before) process.kill(before.pid, signal);
      // Whoever is present in the cluster starts it again: we are.
      await waitUntil(async () => {
        const running = await findRunning(home);
        return running !== undefined && running.pid !== before?.pid;
      }, "the restart of Postgres");
      await waitUntil(
        () =>
          database.ping().then(
            () => true,
            () => false,
          ),
        "the recovery of Postgres",
      );
    },
    async terminateBackends(most) {
      await database.pool.query(TERMINATE, [most]);
    },
    async stop() {
      await database.close();
      await relay.close();
      await cluster.leave();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
