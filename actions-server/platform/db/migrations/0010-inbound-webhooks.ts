/** Credentials of the inbound webhooks of ZIS, encrypted. */
import type { Migration } from "../migration.ts";

export const inboundWebhooks: Migration = {
  name: "admin-002-inbound-webhooks",
  sql: `
    create table inbound_webhooks (
      account_id text        not null,
      name       text        not null,
      sealed     text        not null,
      updated_at timestamptz not null,
      primary key (account_id, name)
    );
  `,
};
