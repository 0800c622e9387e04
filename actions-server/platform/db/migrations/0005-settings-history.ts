/** Every version of an account's settings that came into force. */
import type { Migration } from "../migration.ts";

export const settingsHistory: Migration = {
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
};
