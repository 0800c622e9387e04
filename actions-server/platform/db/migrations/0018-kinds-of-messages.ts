/** Calls and chat messages beside comments, and rows that could not be kept. */
import type { Migration } from "../migration.ts";

export const kindsOfMessages: Migration = {
  name: "qa-005-kinds-of-messages",
  sql: `
    alter table qa_conversations add column skipped_rows integer not null default 0;
    alter table qa_messages
      add column kind text not null default 'comment',
      add column data jsonb,
      alter column author_id drop not null,
      alter column public drop not null,
      alter column created_at drop not null;
  `,
};
