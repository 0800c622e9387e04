/** The embedded Postgres of a data directory: started by the first process, joined by the others, stopped by the last. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { preparePostgresHome, type PostgresHome } from "./postgres-home.ts";
import {
  CLUSTER_USER,
  findRunning,
  initialise,
  readLogTail,
  readPassword,
  start,
  stop,
} from "./postmaster.ts";

export interface EmbeddedCluster {
  /** Connection URL of a database of the cluster. */
  urlOf(databaseName: string): string;
  /** Leaves the cluster; stops it when nobody else is there. */
  leave(): Promise<void>;
}

/** The number of the advisory lock that every process holds, shared, for as long as it uses the cluster. */
const PRESENCE_LOCK = 7_236_001;
const JOIN_ATTEMPTS = 50;
const JOIN_PAUSE_MS = 100;
const LEAVE_LOOKS = 20;
const LEAVE_PAUSE_MS = 25;

function toUrl(port: number, password: string, databaseName: string): string {
  return `postgres://${CLUSTER_USER}:${password}@127.0.0.1:${port}/${encodeURIComponent(databaseName)}`;
}

/** A connection that marks our presence. Rejects when the cluster stops while we wait for the lock. */
async function announce(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: "caseqa presence" });
  // A cluster that goes away is noticed by the pool, with a caller to tell.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("select pg_advisory_lock_shared($1)", [PRESENCE_LOCK]);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Whether no other process is present; from a yes on, newcomers wait for our presence connection to end. */
async function isLast(presence: Client): Promise<boolean> {
  await presence.query("select pg_advisory_unlock_shared($1)", [PRESENCE_LOCK]);
  const { rows } = await presence.query<{ last: boolean }>(
    "select pg_try_advisory_lock($1) as last",
    [PRESENCE_LOCK],
  );
  return rows[0]?.last === true;
}

/** Whether others are connected that hold no presence, such as a person with psql. */
async function hasOtherClients(presence: Client): Promise<boolean> {
  const { rows } = await presence.query(
    "select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  return rows.length > 0;
}

async function stopIfUnused(home: PostgresHome, presence: Client): Promise<void> {
  if (!(await isLast(presence))) return;
  // A closed connection takes a moment to vanish on the server's side.
  for (let look = 0; look < LEAVE_LOOKS; look += 1) {
    if (!(await hasOtherClients(presence))) {
      await stop(home);
      return;
    }
    await sleep(LEAVE_PAUSE_MS);
  }
}

async function joinOnce(home: PostgresHome) {
  const password = await readPassword(home);
  if (!(await findRunning(home))) await start(home);
  const running = await findRunning(home);
  if (!running) throw new Error("Postgres stopped right after its start");
  const presence = await announce(toUrl(running.port, password, "postgres"));
  return { presence, port: running.port, password };
}

/**
 * Several processes may start, join and leave at once: whoever meets a cluster that is starting or stopping, or loses
 * the race to start it, looks again.
 */
async function join(home: PostgresHome) {
  let lastError: unknown;
  for (let attempt = 0; attempt < JOIN_ATTEMPTS; attempt += 1) {
    try {
      return await joinOnce(home);
    } catch (error) {
      lastError = error;
      await sleep(JOIN_PAUSE_MS);
    }
  }
  throw new Error(
    `the embedded Postgres in ${home.cluster} could not be started or joined; the end of its log:\n${await readLogTail(home)}`,
    { cause: lastError },
  );
}

/** Starts or joins the cluster of `dataDir`; the first start makes it and takes one to two seconds. */
export async function openEmbedded(dataDir: string): Promise<EmbeddedCluster> {
  const home = await preparePostgresHome(dataDir);
  await initialise(home);
  const { presence, port, password } = await join(home);
  return {
    urlOf: (databaseName) => toUrl(port, password, databaseName),
    async leave() {
      try {
        await stopIfUnused(home, presence);
      } catch {
        // The cluster is gone already: killed, or stopped by hand.
      }
      await presence.end().catch(() => {});
    },
  };
}
