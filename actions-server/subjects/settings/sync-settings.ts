/**
 * Starts every account's flow settings_sync once an hour. A save whose own run got lost still comes into force, and each run
 * is a test event, which shows whether flows reach the server even when no ticket changes.
 */
import type { Kysely } from "kysely";
import { SETTINGS_SYNC } from "#contract/webhooks";
import type { Database } from "#platform/db/schema";
import { createDeadline } from "#platform/deadline";
import type { Log } from "#platform/log";
import type { RemoteCall } from "#platform/outbound/send";

/** Starts settings_sync for an account; the same id is the same event. Does nothing when its webhook is not known. */
export type AskSettingsSync = (
  event: { readonly account: string; readonly id: string },
  call: RemoteCall,
) => Promise<void>;

interface SyncAllSettingsDeps {
  readonly db: Kysely<Database>;
  readonly askSettingsSync: AskSettingsSync;
  readonly now: () => Date;
  readonly log: Log;
}

const BUDGET_MS = 20_000;

/**
 * The event's id comes from the hour, so that a repeated job asks for the same run. When an account could not be asked,
 * throws after asking all the others.
 */
export async function syncAllSettings({
  db,
  askSettingsSync,
  now,
  log,
}: SyncAllSettingsDeps): Promise<void> {
  const rows = await db
    .selectFrom("inbound_webhooks")
    .select("account_id")
    .where("name", "=", SETTINGS_SYNC)
    .orderBy("account_id")
    .execute();
  const id = `hourly-${now().toISOString().slice(0, 13)}`;
  let failed = 0;
  for (const { account_id: account } of rows) {
    const deadline = createDeadline(BUDGET_MS);
    try {
      const call = { deadline, requestId: id, priority: "backfill" } as const;
      await askSettingsSync({ account, id }, call);
    } catch (error) {
      failed += 1;
      log.warn({ err: error, account }, "the hourly settings_sync could not be asked for");
    } finally {
      deadline.clear();
    }
  }
  if (failed > 0) throw new Error(`settings_sync could not be asked for of ${failed} accounts`);
}
