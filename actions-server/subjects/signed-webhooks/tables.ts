declare module "#platform/db/schema" {
  interface Database {
    webhook_receipts: WebhookReceiptTable;
  }
}

interface WebhookReceiptTable {
  account_id: string;
  /** Identifies a delivery: its signature, or its invocation. */
  receipt: string;
  /** When a request began to handle it. */
  taken_at: Date;
  /** Null: not finished yet. */
  settled_at: Date | null;
  expires_at: Date;
}
