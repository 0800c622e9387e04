/** The table of idempotency records. */

declare module "../db/schema.ts" {
  interface Database {
    idempotency_records: IdempotencyRecordTable;
  }
}

interface IdempotencyRecordTable {
  account_id: string;
  operation: string;
  /** The caller's Idempotency-Key, as sent. */
  key: string;
  fingerprint: string;
  /** bigint, hence text in JavaScript. Every claim takes the next one, so a holder with an older one has lost the key. */
  fence: string;
  state: string;
  /** Until when the holder of a claim is believed alive. */
  lease_until: Date;
  expires_at: Date;
  status: number | null;
  /** JSON exactly as first sent, hence text. */
  body: string | null;
}
