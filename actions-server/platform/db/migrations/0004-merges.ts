/** Which ticket a ticket was merged into. */
import type { Migration } from "../migration.ts";

export const merges: Migration = {
  name: "qa-003-merges",
  sql: `
    alter table qa_conversations add column merged_into text;
    create table qa_merges (
      account_id       text        not null,
      ticket_id        text        not null,
      target_ticket_id text        not null,
      recorded_at      timestamptz not null,
      primary key (account_id, ticket_id)
    );
    create index qa_merges_target on qa_merges (account_id, target_ticket_id);
  `,
};
