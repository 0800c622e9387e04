/** The table of idempotency records and its migrations. */
import type { Migration } from "../db/migration.ts";

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

export interface IdempotencyTables {
  idempotency_records: IdempotencyRecordTable;
}

export const idempotencyMigrations: readonly Migration[] = [
  {
    name: "idempotency-001-records",
    sql: `
      create sequence idempotency_fence;
      create table idempotency_records (
        account_id  text        not null,
        operation   text        not null,
        key         text        not null,
        fingerprint text        not null,
        fence       bigint      not null default nextval('idempotency_fence'),
        state       text        not null,
        lease_until timestamptz not null,
        expires_at  timestamptz not null,
        status      integer,
        body        text,
        primary key (account_id, operation, key)
      );
      create index idempotency_records_expires_at on idempotency_records (expires_at);
    `,
  },
];
