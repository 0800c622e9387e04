declare module "#platform/db/schema" {
  interface Database {
    inbound_webhooks: InboundWebhookTable;
  }
}

/** The one-time credentials of ZIS's inbound webhooks. */
interface InboundWebhookTable {
  account_id: string;
  name: string;
  /** As `tokens/seal.ts` writes it; its context is account and name. */
  sealed: string;
  updated_at: Date;
}
