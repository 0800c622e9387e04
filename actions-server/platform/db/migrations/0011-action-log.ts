/** The activity log. */
import type { Migration } from "../migration.ts";

export const actionLog: Migration = {
  name: "admin-003-action-log",
  sql: `
    create table action_log (
      account_id  text             not null,
      serial      bigint           not null generated always as identity,
      at          timestamptz      not null,
      operation   text             not null,
      ticket_id   text,
      event_key   text,
      outcome     text             not null,
      failed      boolean          not null,
      message     text,
      duration_ms double precision not null,
      lag_seconds double precision,
      primary key (account_id, serial)
    );
    create index action_log_by_ticket on action_log (account_id, ticket_id, serial) where ticket_id is not null;
    create index action_log_failed on action_log (account_id, serial) where failed;
    create index action_log_at on action_log using brin (at);
  `,
};
