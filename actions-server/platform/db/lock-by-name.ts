/** A lock on what has no row to lock, held until the transaction ends. */
import { sql, type Transaction } from "kysely";
import type { Database } from "./schema.ts";

/** Waits until no other transaction holds the name. */
export async function lockByName(trx: Transaction<Database>, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
}
