/** Makes and drops whole databases of a Postgres server. */
import { escapeIdentifier, type Client } from "pg";
import { connectOnce } from "./connection.ts";

/** A database is copied as a whole. */
const COPY_MS = 120_000;

/** The same server, another database. */
export function withDatabase(url: string, databaseName: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${encodeURIComponent(databaseName)}`;
  return parsed.href;
}

async function administer<T>(url: string, task: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectOnce(withDatabase(url, "postgres"), {
    applicationName: "caseqa",
    answerMs: COPY_MS,
  });
  try {
    return await task(client);
  } finally {
    await client.end();
  }
}

async function isThere(client: Client, databaseName: string): Promise<boolean> {
  const { rows } = await client.query("select 1 from pg_database where datname = $1", [
    databaseName,
  ]);
  return rows.length > 0;
}

/** Makes the database, as a copy of `template` when given; one that is there already is left as it is. */
export async function createDatabase(
  url: string,
  databaseName: string,
  template?: string,
): Promise<string> {
  const from = template === undefined ? "" : ` template ${escapeIdentifier(template)}`;
  await administer(url, async (client) => {
    if (await isThere(client, databaseName)) return;
    try {
      await client.query(`create database ${escapeIdentifier(databaseName)}${from}`);
    } catch (error) {
      // Another process may have made it since the look.
      if (!(await isThere(client, databaseName))) throw error;
    }
  });
  return withDatabase(url, databaseName);
}

/** Drops the database with whatever is still connected to it. */
export async function dropDatabase(url: string, databaseName: string): Promise<void> {
  const statement = `drop database if exists ${escapeIdentifier(databaseName)} with (force)`;
  await administer(url, async (client) => client.query(statement));
}

/** Drops the databases that the predicate names and that nobody is connected to. */
export async function dropOrphans(
  url: string,
  isOrphan: (databaseName: string) => boolean,
): Promise<void> {
  await administer(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where not exists (
         select from pg_stat_activity where pg_stat_activity.datname = pg_database.datname)`,
    );
    for (const { datname } of rows.filter((row) => isOrphan(row.datname))) {
      try {
        await client.query(`drop database if exists ${escapeIdentifier(datname)}`);
      } catch {
        // Somebody connected to it since the look, or dropped it.
      }
    }
  });
}
