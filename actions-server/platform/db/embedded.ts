/**
 * The embedded Postgres of a data directory: started by the first process, joined by the others, started again by whoever
 * notices first that it died, stopped by the last.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import type { Log } from "../log.ts";
import { connectOnce } from "./connection.ts";
import { reasonOf } from "../start-error.ts";
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
/** After that many attempts the cause will not pass by itself soon. */
const LONG_JOIN_PAUSE_MS = 2_000;
const LEAVE_LOOKS = 20;
const LEAVE_PAUSE_MS = 25;

function toUrl(port: number, password: string, databaseName: string): string {
  return `postgres://${CLUSTER_USER}:${password}@127.0.0.1:${port}/${encodeURIComponent(databaseName)}`;
}

/** A connection that marks our presence. Rejects when the cluster stops while we wait for the lock. */
async function announce(url: string): Promise<Client> {
  const client = await connectOnce(url, { applicationName: "caseqa presence" });
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

interface Joined {
  readonly presence: Client;
  readonly port: number;
  readonly password: string;
}

/** `port`: where it has to run, undefined: anywhere. */
async function joinOnce(home: PostgresHome, port?: number): Promise<Joined> {
  const password = await readPassword(home);
  if (!(await findRunning(home))) await start(home, port);
  const running = await findRunning(home);
  if (!running) throw new Error("Postgres stopped right after its start");
  if (port !== undefined && running.port !== port) {
    throw new Error(
      `Postgres runs again, but on port ${running.port} instead of ${port}, because that was taken: start this process again`,
    );
  }
  const presence = await announce(toUrl(running.port, password, "postgres"));
  return { presence, port: running.port, password };
}

/**
 * Several processes may start, join and leave at once: whoever meets a cluster that is starting or stopping, or loses
 * the race to start it, looks again.
 */
async function join(home: PostgresHome): Promise<Joined> {
  let lastError: unknown;
  for (let attempt = 0; attempt < JOIN_ATTEMPTS; attempt += 1) {
    try {
      return await joinOnce(home);
    } catch (error) {
      lastError = error;
      await sleep(JOIN_PAUSE_MS);
    }
  }
  const log = await readLogTail(home);
  const why = log === "" ? reasonOf(lastError) : `the end of its log:\n${log}`;
  throw new Error(`${home.cluster} could not be started or joined; ${why}`, { cause: lastError });
}

/** Stays present until it leaves, also when the cluster dies: then it starts it again where it was, or joins who did. */
function stayPresent(home: PostgresHome, joined: Joined, log: Log | undefined) {
  let { presence } = joined;
  const leaving = new AbortController();
  const { signal } = leaving;
  let returning = Promise.resolve();

  async function comeBack(): Promise<void> {
    log?.error("the embedded Postgres is gone; it is started again");
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        ({ presence } = await joinOnce(home, joined.port));
        log?.warn("the embedded Postgres runs again");
        watch();
        return;
      } catch (error) {
        if (attempt === JOIN_ATTEMPTS) {
          log?.error(
            { err: error },
            "the embedded Postgres cannot be started again; we go on trying",
          );
        }
        const pauseMs = attempt < JOIN_ATTEMPTS ? JOIN_PAUSE_MS : LONG_JOIN_PAUSE_MS;
        await sleep(pauseMs, undefined, { ref: false });
      }
    }
  }

  function watch(): void {
    presence.once("end", () => {
      if (!signal.aborted) returning = comeBack();
    });
  }

  watch();
  return async () => {
    leaving.abort();
    await returning;
    try {
      await stopIfUnused(home, presence);
    } catch {
      // The cluster is gone: killed, or stopped by hand.
    }
    await presence.end().catch(() => {});
  };
}

/** Starts or joins the cluster of `dataDir`; the first start makes it and takes one to two seconds. */
export async function openEmbedded(dataDir: string, log?: Log): Promise<EmbeddedCluster> {
  const home = await preparePostgresHome(dataDir);
  await initialise(home);
  const joined = await join(home);
  return {
    urlOf: (databaseName) => toUrl(joined.port, joined.password, databaseName),
    leave: stayPresent(home, joined, log),
  };
}
