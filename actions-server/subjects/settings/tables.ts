/** The table of the settings that were taken over, and its migrations. */
import type { Generated, JSONColumnType } from "kysely";
import type { Migration } from "#platform/db/migration";

/** One row for each time that other settings came into force; none is changed or deleted. */
interface SettingsHistoryTable {
  account_id: string;
  /** bigint, hence text in JavaScript. The greatest of an account is in force. */
  serial: Generated<string>;
  /** Of the document; two administrators who save at once may make two documents of one revision. */
  revision: number;
  document: JSONColumnType<Record<string, unknown>>;
  /** Over the document: equal documents have equal ones. */
  fingerprint: string;
  applied_at: Date;
}

export interface SettingsTables {
  settings_history: SettingsHistoryTable;
}

export const settingsMigrations: readonly Migration[] = [
  {
    name: "settings-001-history",
    sql: `
      create table settings_history (
        account_id  text        not null,
        serial      bigint      not null generated always as identity,
        revision    integer     not null,
        document    jsonb       not null,
        fingerprint text        not null,
        applied_at  timestamptz not null,
        primary key (account_id, serial)
      );
    `,
  },
];
