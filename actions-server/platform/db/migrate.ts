/** Migrates the database: every migration once, in order, by whichever server starts first. */
import { setTimeout as sleep } from "node:timers/promises";
import { Kysely, PostgresDialect, sql } from "kysely";
import type { Log } from "../log.ts";
import { reasonOf, StartError } from "../start-error.ts";
import { createPool } from "./connection.ts";
import type { Migration } from "./migration.ts";
import { MIGRATIONS } from "./migrations.ts";
import type { Database } from "./schema.ts";

/** The number of the advisory lock that one migrating process holds. */
const MIGRATION_LOCK = 7_236_002;

/** An index of a large table may take long, and so may another process that migrates. */
const LONGEST_MIGRATION_MS = 30 * 60_000;
const BETWEEN_TRIES_MS = 100;

const AFTER_A_FAILURE =
  "The database is as the migration before it left it. Fix what the message says, then start again.";

/** Migrates the database of `url`, however long that takes. Returns the names applied by this call. */
export async function migrateAt(url: string, log: Log): Promise<string[]> {
  const options = { url, applicationName: "caseqa migration", max: 1 };
  const { pool } = createPool({ ...options, answerMs: LONGEST_MIGRATION_MS }, log);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await migrate(db);
  } finally {
    await db.destroy();
  }
}

/**
 * Applies what is missing, each migration as a whole or not at all; those before one that fails stay. Other processes that
 * start at the same time wait. Returns the names applied by this call.
 */
export async function migrate(
  db: Kysely<Database>,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<string[]> {
  return db.connection().execute(async (connection) => {
    await takeLock(connection);
    try {
      return await applyMissing(connection, migrations);
    } finally {
      // A connection that broke has lost the lock with it.
      await sql`select pg_advisory_unlock(${MIGRATION_LOCK})`.execute(connection).catch(() => {});
    }
  });
}

/** Asks again and again: a statement that waited for the lock would keep the lock's holder from ending a concurrent index. */
async function takeLock(connection: Kysely<Database>): Promise<void> {
  const tryLock = sql<{ taken: boolean }>`select pg_try_advisory_lock(${MIGRATION_LOCK}) as taken`;
  for (let waitedMs = 0; waitedMs < LONGEST_MIGRATION_MS; waitedMs += BETWEEN_TRIES_MS) {
    const { rows } = await tryLock.execute(connection);
    if (rows[0]?.taken) return;
    await sleep(BETWEEN_TRIES_MS);
  }
  throw new StartError(
    "another process has been migrating the database for half an hour",
    "Look at what its connection `caseqa migration` waits for in pg_stat_activity. End it, then start again.",
  );
}

async function applyMissing(
  connection: Kysely<Database>,
  migrations: readonly Migration[],
): Promise<string[]> {
  await sql`create table if not exists migrations (
    name text primary key,
    applied_at timestamptz not null default now()
  )`.execute(connection);
  const { rows } = await sql<{ name: string }>`select name from migrations`.execute(connection);
  const applied = new Set(rows.map((row) => row.name));
  const missing = migrations.filter(({ name }) => !applied.has(name));
  for (const migration of missing) {
    await apply(connection, migration).catch((cause: unknown) => {
      const message = `the migration ${migration.name} fails: ${reasonOf(cause)}`;
      throw new StartError(message, AFTER_A_FAILURE, { cause });
    });
  }
  return missing.map(({ name }) => name);
}

async function apply(connection: Kysely<Database>, migration: Migration): Promise<void> {
  const { name, concurrentIndex } = migration;
  const run = async (db: Kysely<Database>) => {
    await sql.raw(migration.sql).execute(db);
    await sql`insert into migrations (name) values (${name})`.execute(db);
  };
  if (concurrentIndex === undefined) return connection.transaction().execute(run);
  const { rows } = await sql`
    select from pg_index
    where indexrelid = to_regclass(${concurrentIndex}) and not indisvalid`.execute(connection);
  if (rows.length > 0)
    await sql`drop index concurrently ${sql.id(concurrentIndex)}`.execute(connection);
  await run(connection);
}
