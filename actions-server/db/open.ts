/** Opens the database: the one that DATABASE_URL names, else the embedded Postgres of the data directory. */
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import type { Log } from "../handlers.ts";
import { createDatabase, withDatabase } from "./databases.ts";
import { openEmbedded } from "./embedded.ts";
import type { Database } from "./schema.ts";

export interface OpenDatabaseOptions {
  /** `postgres://…`; undefined: the embedded Postgres. */
  readonly databaseUrl?: string | undefined;
  /** Where the embedded Postgres keeps its data; not touched when `databaseUrl` is given. */
  readonly dataDir: string;
  /** The database to use; made when absent, on the embedded Postgres only. Default: the URL's, or `caseqa`. */
  readonly databaseName?: string | undefined;
  readonly log: Log;
}

export interface OpenDatabase {
  readonly db: Kysely<Database>;
  readonly pool: Pool;
  readonly url: string;
  /** Closes the pool and leaves the embedded Postgres; safe to call twice. */
  readonly close: () => Promise<void>;
}

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** Within every action's budget: whoever waits longer for another's transaction is told to come again. */
const LOCK_TIMEOUT_MS = 2_000;
/** No transaction waits for anything but the database; one whose server is gone must not keep its locks. */
const IDLE_IN_TRANSACTION_MS = 10_000;

interface Target {
  readonly url: string;
  readonly leave: () => Promise<void>;
}

async function findTarget(options: OpenDatabaseOptions): Promise<Target> {
  const { databaseUrl, dataDir, databaseName } = options;
  if (databaseUrl !== undefined) {
    const url = databaseName === undefined ? databaseUrl : withDatabase(databaseUrl, databaseName);
    return { url, leave: async () => {} };
  }
  const cluster = await openEmbedded(dataDir);
  const url = cluster.urlOf(databaseName ?? "caseqa");
  try {
    await createDatabase(url, databaseName ?? "caseqa");
  } catch (error) {
    await cluster.leave();
    throw error;
  }
  return { url, leave: cluster.leave };
}

/** A database that answers, or an error that says which one did not. Migrations are a step of their own. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenDatabase> {
  const { url, leave } = await findTarget(options);
  const pool = new Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    application_name: "caseqa",
  });
  // Without a listener an idle connection that breaks would end the process.
  pool.on("error", (error) => options.log.warn({ err: error }, "an idle connection broke"));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });

  let closing: Promise<void> | undefined;
  const close = async () => {
    await db.destroy();
    // Kysely ends the pool only when it has used it.
    if (!pool.ended) await pool.end();
    await leave();
  };
  const opened: OpenDatabase = { db, pool, url, close: () => (closing ??= close()) };
  try {
    await pool.query("select 1");
    return opened;
  } catch (cause) {
    await opened.close();
    const { host, pathname } = new URL(url);
    throw new Error(`the database ${pathname.slice(1)} at ${host} does not answer`, { cause });
  }
}
