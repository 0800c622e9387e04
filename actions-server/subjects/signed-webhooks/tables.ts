declare module "#platform/db/schema" {
  interface Database {
    webhook_receipts: WebhookReceiptTable;
  }
}

interface WebhookReceiptTable {
  account_id: string;
  /** Identifies a delivery: its signature, or its invocation. */
  receipt: string;
  /** When somebody began to handle it. */
  taken_at: Date;
  /** Null: nobody has finished it yet. */
  settled_at: Date | null;
  expires_at: Date;
}
