/** Answers of earlier deliveries, and the claims of those under way. */
import type { Migration } from "../migration.ts";

export const idempotencyRecords: Migration = {
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
};
