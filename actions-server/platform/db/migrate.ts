/** Brings the database to its present form: every migration once, in order, whoever starts first. */
import { Kysely, PostgresDialect, sql } from "kysely";
import type { Log } from "../log.ts";
import { createPool } from "./connection.ts";
import type { Migration } from "./migration.ts";
import { MIGRATIONS } from "./migrations.ts";
import type { Database } from "./schema.ts";

/** The number of the advisory lock that one migrating process holds. */
const MIGRATION_LOCK = 7_236_002;

/** An index of a large table takes its time, and so does another process that migrates. */
const LONGEST_MIGRATION_MS = 30 * 60_000;

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
 * Applies what is missing in one transaction: all of it, or nothing. Other processes that start at the same time wait.
 * Returns the names applied by this call.
 */
export async function migrate(
  db: Kysely<Database>,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<string[]> {
  return db.transaction().execute(async (trx) => {
    // However long another process migrates.
    await sql`set local lock_timeout = 0`.execute(trx);
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(trx);
    await sql`create table if not exists migrations (
      name text primary key,
      applied_at timestamptz not null default now()
    )`.execute(trx);
    const { rows } = await sql<{ name: string }>`select name from migrations`.execute(trx);
    const applied = new Set(rows.map((row) => row.name));
    const pending = migrations.filter((migration) => !applied.has(migration.name));
    for (const { name, sql: statements } of pending) {
      await sql.raw(statements).execute(trx);
      await sql`insert into migrations (name) values (${name})`.execute(trx);
    }
    return pending.map((migration) => migration.name);
  });
}
