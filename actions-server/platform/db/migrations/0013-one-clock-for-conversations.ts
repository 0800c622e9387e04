/**
 * Orders the states of a conversation by one clock. Tickets that are read one by one have no generated_timestamp: the column
 * held updated_at, or a recorded 0.
 */
import type { Migration } from "../migration.ts";

export const oneClockForConversations: Migration = {
  name: "qa-004-one-clock",
  sql: `alter table qa_conversations drop column source_generated_at`,
};
