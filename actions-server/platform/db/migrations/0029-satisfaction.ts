/** What customers answered about tickets. */
import type { Migration } from "../migration.ts";

export const satisfaction: Migration = {
  name: "0029-satisfaction",
  sql: `
    create table qa_satisfaction (
      account_id   text        not null,
      ticket_id    text        not null,
      response_id  text        not null,
      kind         text        not null,
      score        text,
      rating       integer,
      comment      text,
      reason       text,
      requester_id text,
      event_order  text        not null,
      occurred_at  timestamptz not null,
      recorded_at  timestamptz not null,
      primary key (account_id, ticket_id, response_id)
    );
  `,
};
