/**
 * What keeps definitions and values in step. Taken in one order, so they cannot deadlock: definitions, the row of the re-run,
 * the rows of tickets or people, then values.
 */
import { sql, type Transaction } from "kysely";
import { lockByName } from "#platform/db/lock-by-name";
import type { Database } from "#platform/db/schema";

const nameOf = (what: string, account: string) => JSON.stringify([what, account]);

/** One change of the account's definitions at a time. */
export async function lockDefinitions(trx: Transaction<Database>, account: string): Promise<void> {
  const name = nameOf("attribute-definitions", account);
  await lockByName(trx, name);
}

/** Whoever computes values reads the definitions after this: none is put in force until the values are committed. */
export async function shareValues(trx: Transaction<Database>, account: string): Promise<void> {
  const name = nameOf("attribute-values", account);
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${name}, 0))`.execute(trx);
}

/** Waits for all who compute values: every later one sees what this transaction puts in force. */
export async function holdValues(trx: Transaction<Database>, account: string): Promise<void> {
  const name = nameOf("attribute-values", account);
  await lockByName(trx, name);
}
