/** What the database holds: the subjects' tables as one type, and their migrations in order. */
import type { AdminTables } from "../admin/tables.ts";
import { adminMigrations } from "../admin/tables.ts";
import type { IdempotencyTables } from "../idempotency/tables.ts";
import { idempotencyMigrations } from "../idempotency/tables.ts";
import type { QaTables } from "../qa/tables.ts";
import { qaMigrations } from "../qa/tables.ts";
import type { SettingsTables } from "../settings/tables.ts";
import { settingsMigrations } from "../settings/tables.ts";
import type { SyncTables } from "../sync/tables.ts";
import { syncMigrations } from "../sync/tables.ts";
import type { TokenTables } from "../tokens/tables.ts";
import { tokenMigrations } from "../tokens/tables.ts";
import type { WatchTables } from "../watch/tables.ts";
import { watchMigrations } from "../watch/tables.ts";
import type { WebhookTables } from "../webhooks/tables.ts";
import { webhookMigrations } from "../webhooks/tables.ts";
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
