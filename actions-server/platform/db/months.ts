/** Makes the partitions of tables that are divided by month, when the first row of a month comes. */
import { sql, type Transaction } from "kysely";
import { lockByName } from "./lock-by-name.ts";
import type { Database } from "./schema.ts";

type MonthlyTable = "qa_messages" | "qa_events";

/** Before and after these years the tables have one partition each: a wrong date must not make a thousand. */
const FIRST_YEAR = 2007;
const LAST_YEAR = 2099;

/**
 * Call it before rows of the month, in UTC, are written. The new partition is attached rather than made in place, because
 * that blocks no reader and no writer of the others.
 */
export async function ensureMonth(
  trx: Transaction<Database>,
  table: MonthlyTable,
  at: Date,
): Promise<void> {
  const year = at.getUTCFullYear();
  if (year < FIRST_YEAR || year > LAST_YEAR) return;
  const name = `${table}_${at.toISOString().slice(0, 7).replace("-", "_")}`;
  if (await exists(trx, name)) return;
  // One at a time; whoever waited finds the partition there.
  await lockByName(trx, name);
  if (await exists(trx, name)) return;
  const [from, to] = [
    firstOfMonth(year, at.getUTCMonth()),
    firstOfMonth(year, at.getUTCMonth() + 1),
  ];
  await sql`create table ${sql.id(name)} (like ${sql.id(table)} including all)`.execute(trx);
  await sql`
    alter table ${sql.id(table)} attach partition ${sql.id(name)}
    for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(trx);
}

/** Asks the catalog itself: `to_regclass` may answer from a cache that knows nothing yet of what another has just made. */
async function exists(trx: Transaction<Database>, name: string): Promise<boolean> {
  const { rows } = await sql`
    select from pg_class where relname = ${name} and relnamespace = 'public'::regnamespace`.execute(
    trx,
  );
  return rows.length > 0;
}

/** As both a date and an instant: the zone is ignored where a date is wanted. */
function firstOfMonth(year: number, month: number): string {
  return `${new Date(Date.UTC(year, month)).toISOString().slice(0, 10)} 00:00:00Z`;
}
