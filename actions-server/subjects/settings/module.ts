/** The settings in force: taken over from ZIS Configs, and fetched again every hour. */
import type { Kysely } from "kysely";
import type { Settings } from "#contract/settings/settings";
import type { Database } from "#platform/db/schema";
import { worker, type Queue } from "#platform/jobs/queue";
import type { Log } from "#platform/log";
import type { Module } from "#platform/module";
import { applySettings, type ApplyDeps } from "./apply-settings.ts";
import { createCurrentSettings } from "./current.ts";
import { accountsWithSettings, newestEntry, readSettingsInForce } from "./history.ts";
import { createSettingsRoutes } from "./routes.ts";
import { syncAllSettings, type AskSettingsSync } from "./sync-settings.ts";

export interface SettingsOptions {
  readonly db: Kysely<Database>;
  readonly askSettingsSync: AskSettingsSync;
  readonly follow: ApplyDeps["follow"];
  readonly now: () => Date;
  readonly log: Log;
}

export interface SettingsModule extends Module {
  /** Cached: at most five seconds behind the store. Undefined: none were taken over yet. */
  readonly current: (account: string) => Promise<Settings | undefined>;
  readonly inForce: (account: string) => Promise<Settings | undefined>;
  /** Accounts whose flows have handed their settings over. */
  readonly accounts: () => Promise<readonly string[]>;
  /** The revision of the newest settings that were taken over, even if this server cannot read them. Null: there are none. */
  readonly revision: (account: string) => Promise<number | null>;
}

const SYNC_SETTINGS: Queue<object> = {
  name: "sync-settings",
  timeoutSeconds: 1_200,
  retries: 5,
  concurrency: 1,
  cron: "2 * * * *",
};

export function createSettings(options: SettingsOptions): SettingsModule {
  const { db, now } = options;
  const inForce = (account: string) => readSettingsInForce(db, account);
  const { current } = createCurrentSettings({ read: inForce, now });
  return {
    current,
    inForce,
    accounts: () => accountsWithSettings(db),
    revision: async (account) => (await newestEntry(db, account))?.revision ?? null,
    actions: {
      "apply-settings": (request, context) => applySettings(options, request, context),
    },
    routes: createSettingsRoutes(db),
    workers: [worker(SYNC_SETTINGS, () => syncAllSettings(options))],
  };
}
