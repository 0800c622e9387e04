/** Keeps the settings that were taken over, and finds those in force. */
import { type Kysely, type Transaction } from "kysely";
import { lockByName } from "#platform/db/lock-by-name";
import type { SettingsHistory } from "#contract/routes/settings";
import type { Settings } from "#contract/settings/settings";
import type { Database } from "#platform/db/schema";
import { readSettings } from "./read-settings.ts";

export interface SettingsEntry {
  readonly revision: number;
  readonly fingerprint: string;
}

/** How many entries are searched: a newer server may have taken over settings that this one cannot read. */
const MOST_LOOKED_THROUGH = 20;

/** Until the transaction ends, no other one can append for the account, so the result of `newestEntry` stays valid. */
export async function lockHistory(trx: Transaction<Database>, account: string): Promise<void> {
  await lockByName(trx, `settings:${account}`);
}

function newestFirst(db: Kysely<Database>, account: string) {
  return db
    .selectFrom("settings_history")
    .where("account_id", "=", account)
    .orderBy("serial", "desc");
}

/** The entry in force; undefined: there is none yet. */
export async function newestEntry(
  db: Kysely<Database>,
  account: string,
): Promise<SettingsEntry | undefined> {
  return newestFirst(db, account).select(["revision", "fingerprint"]).limit(1).executeTakeFirst();
}

export async function appendSettings(
  trx: Transaction<Database>,
  account: string,
  entry: { readonly settings: Settings; readonly fingerprint: string; readonly appliedAt: Date },
): Promise<void> {
  const { settings, fingerprint, appliedAt } = entry;
  await trx
    .insertInto("settings_history")
    .values({
      account_id: account,
      revision: settings.revision,
      document: JSON.stringify(settings),
      fingerprint,
      applied_at: appliedAt,
    })
    .execute();
}

/** The newest settings that this server can read; undefined: there are none. */
export async function readSettingsInForce(
  db: Kysely<Database>,
  account: string,
): Promise<Settings | undefined> {
  const rows = await newestFirst(db, account)
    .select("document")
    .limit(MOST_LOOKED_THROUGH)
    .execute();
  for (const { document } of rows) {
    const read = readSettings(document);
    if (read.ok) return read.settings;
  }
  return undefined;
}

/** Newest first, without entries of a newer server that this one cannot read. */
export async function readSettingsHistory(
  db: Kysely<Database>,
  account: string,
  limit: number,
): Promise<SettingsHistory["entries"]> {
  const rows = await newestFirst(db, account)
    .select(["revision", "document", "applied_at"])
    .limit(limit)
    .execute();
  return rows.flatMap(({ revision, document, applied_at }) => {
    const read = readSettings(document);
    if (!read.ok) return [];
    return [{ revision, applied_at: applied_at.toISOString(), settings: read.settings }];
  });
}

export async function accountsWithSettings(db: Kysely<Database>): Promise<readonly string[]> {
  const rows = await db.selectFrom("settings_history").select("account_id").distinct().execute();
  return rows.map((row) => row.account_id);
}
