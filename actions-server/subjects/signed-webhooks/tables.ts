/** The table of webhook deliveries that were taken, and its migrations. */
import type { Migration } from "#platform/db/migration";

interface WebhookReceiptTable {
  account_id: string;
  /** What tells one delivery from another: its signature, or its invocation. */
  receipt: string;
  /** When somebody began to handle it. */
  taken_at: Date;
  /** Null: nobody has finished it yet. */
  settled_at: Date | null;
  expires_at: Date;
}

export interface WebhookTables {
  webhook_receipts: WebhookReceiptTable;
}

export const webhookMigrations: readonly Migration[] = [
  {
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
  },
];
