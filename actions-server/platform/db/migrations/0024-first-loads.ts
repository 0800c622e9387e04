/** First loads: sweeps with an end, and conversations whose messages are still to be read. */
import type { Migration } from "../migration.ts";

export const firstLoads: Migration = {
  name: "0024-first-loads",
  sql: `
    alter table sweeps
      add column until timestamptz,
      add column load_id text,
      add column expected_tickets integer;
    alter table qa_conversations add column messages_wanted smallint;
  `,
};
