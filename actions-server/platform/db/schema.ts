/** What the database holds: the subjects' tables as one type, and their migrations in order. */
import type { AdminTables } from "#subjects/access/tables";
import { adminMigrations } from "#subjects/access/tables";
import type { IdempotencyTables } from "../idempotency/tables.ts";
import { idempotencyMigrations } from "../idempotency/tables.ts";
import type { QaTables } from "#subjects/conversations/tables";
import { qaMigrations } from "#subjects/conversations/tables";
import type { SettingsTables } from "#subjects/settings/tables";
import { settingsMigrations } from "#subjects/settings/tables";
import type { SyncTables } from "#subjects/sweep/tables";
import { syncMigrations } from "#subjects/sweep/tables";
import type { TokenTables } from "../tokens/tables.ts";
import { tokenMigrations } from "../tokens/tables.ts";
import type { WatchTables } from "#subjects/flow-watch/tables";
import { watchMigrations } from "#subjects/flow-watch/tables";
import type { WebhookTables } from "#subjects/signed-webhooks/tables";
import { webhookMigrations } from "#subjects/signed-webhooks/tables";
import type { Migration } from "./migration.ts";

/** Every table; the key of each is led by `account_id`. */
export interface Database
  extends
    AdminTables,
    IdempotencyTables,
    QaTables,
    SettingsTables,
    SyncTables,
    TokenTables,
    WatchTables,
    WebhookTables {}

/** In the order of their application; new ones go to the end of their subject's list. */
export const MIGRATIONS: readonly Migration[] = [
  ...idempotencyMigrations,
  ...qaMigrations,
  ...settingsMigrations,
  ...webhookMigrations,
  ...tokenMigrations,
  ...adminMigrations,
  ...syncMigrations,
  ...watchMigrations,
];
