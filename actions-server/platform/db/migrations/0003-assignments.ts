/** Who worked on a ticket from when on. */
import type { Migration } from "../migration.ts";

export const assignments: Migration = {
  name: "qa-002-assignments",
  sql: `
    create table qa_assignments (
      account_id  text        not null,
      ticket_id   text        not null,
      event_key   text        not null,
      event_order text        collate "C" not null,
      agent_id    text,
      group_id    text,
      occurred_at timestamptz not null,
      recorded_at timestamptz not null,
      primary key (account_id, ticket_id, event_key)
    );
    create index qa_assignments_latest
      on qa_assignments (account_id, ticket_id, occurred_at desc, event_order desc);
  `,
};
