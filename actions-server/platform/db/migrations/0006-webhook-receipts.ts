/** Deliveries of signed webhooks that were taken. */
import type { Migration } from "../migration.ts";

export const webhookReceipts: Migration = {
  name: "webhooks-001-receipts",
  sql: `
    create table webhook_receipts (
      account_id text        not null,
      receipt    text        not null,
      taken_at   timestamptz not null,
      settled_at timestamptz,
      expires_at timestamptz not null,
      primary key (account_id, receipt)
    );
    create index webhook_receipts_expires_at on webhook_receipts (expires_at);
  `,
};
