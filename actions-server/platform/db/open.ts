/** Opens the database: the one that DATABASE_URL names, else the embedded Postgres of the data directory. */
import { Kysely, PostgresDialect, sql } from "kysely";
import type { Pool } from "pg";
import { within } from "../deadline.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { createPool } from "./connection.ts";
import {
  DatabaseTimeout,
  isDatabaseExhausted,
  isDatabaseUnavailable,
  OUT_OF_ROOM,
} from "./database-errors.ts";
import { createDatabase, withDatabase } from "./databases.ts";
import { openEmbedded } from "./embedded.ts";
import type { Database } from "./schema.ts";
import { reasonOf, StartError } from "../start-error.ts";

export interface OpenDatabaseOptions {
  /** `postgres://…`; undefined: the embedded Postgres. */
  readonly databaseUrl?: string | undefined;
  /** Where the embedded Postgres keeps its data; not touched when `databaseUrl` is given. */
  readonly dataDir: string;
  /** The database to use; made when absent, on the embedded Postgres only. Default: the URL's, or `caseqa`. */
  readonly databaseName?: string | undefined;
  /** How long a statement may take. Default: 6 s. */
  readonly answerMs?: number | undefined;
  readonly log: Log;
}

export interface OpenDatabase {
  readonly db: Kysely<Database>;
  readonly pool: Pool;
  readonly url: string;
  /** Resolves when the database answers and, after it was out of disk space, has some again. */
  readonly ping: () => Promise<void>;
  /** Closes the pool, within three seconds, and leaves the embedded Postgres; safe to call twice. */
  readonly close: () => Promise<void>;
}

const POOL_SIZE = 10;
/** For statements under way to end when the database is closed. */
const END_MS = 3_000;
/** Within every action's budget: a caller that waits longer for another transaction is asked to retry. */
const LOCK_MS = 2_000;

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
  const cluster = await openEmbedded(dataDir, options.log).catch((cause: unknown) => {
    const remedy = `Set DATA_DIR (now ${dataDir}) to an empty folder that it may use, or DATABASE_URL to a Postgres of your own.`;
    throw new StartError(`the embedded Postgres does not start: ${reasonOf(cause)}`, remedy, {
      cause,
    });
  });
  const url = cluster.urlOf(databaseName ?? "caseqa");
  try {
    await createDatabase(url, databaseName ?? "caseqa");
  } catch (error) {
    await cluster.leave();
    throw error;
  }
  return { url, leave: cluster.leave };
}

/** Asks for disk space, and gives it back at once. */
async function takeRoom(db: Kysely<Database>): Promise<void> {
  await db.transaction().execute((trx) =>
    sql`
      create temp table caseqa_room on commit drop as
      select repeat(md5(line::text), 32) as text from generate_series(1, 512) as line`.execute(trx),
  );
}

/**
 * A database out of disk space still answers reads. So once a statement failed for it, the database counts as away until it is seen to
 * take data again.
 */
function watchRoom() {
  let isOut = false;
  return {
    note(error: unknown): void {
      isOut ||= isDatabaseExhausted(error);
    },
    async ping(db: Kysely<Database>): Promise<void> {
      if (!isOut) return void (await sql`select 1`.execute(db));
      try {
        await takeRoom(db);
      } catch (cause) {
        if (isDatabaseExhausted(cause)) throw new AppError("NOT_READY", OUT_OF_ROOM, { cause });
        if (isDatabaseUnavailable(cause)) throw cause;
        // It may refuse temporary tables, which says nothing about its disk space.
      }
      isOut = false;
    },
  };
}

/** A database that answers, or an error that says which one did not. Migrations are a step of their own. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenDatabase> {
  const { url, leave } = await findTarget(options);
  const { answerMs, log } = options;
  const { pool, drop } = createPool(
    { url, applicationName: "caseqa", max: POOL_SIZE, answerMs, lockMs: LOCK_MS },
    log,
  );
  const room = watchRoom();
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    log: (event) => {
      if (event.level === "error") room.note(event.error);
    },
  });

  let closing: Promise<void> | undefined;
  const end = async () => {
    await db.destroy();
    // Kysely ends the pool only when it has used it.
    if (!pool.ended) await pool.end();
  };
  const close = async () => {
    await within(END_MS, end(), () => new DatabaseTimeout()).catch((error: unknown) => {
      log.warn({ err: error }, "the database is left with statements under way");
    });
    drop();
    await leave();
  };
  const ping = () => room.ping(db);
  const opened: OpenDatabase = { db, pool, url, ping, close: () => (closing ??= close()) };
  try {
    await pool.query("select 1");
    return opened;
  } catch (cause) {
    await opened.close();
    const { host, pathname } = new URL(url);
    throw new StartError(
      `the database ${pathname.slice(1)} at ${host} does not answer: ${reasonOf(cause)}`,
      "Start Postgres, and compare DATABASE_URL with its address, user and password.",
      { cause },
    );
  }
}
