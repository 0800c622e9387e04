/** The order in which messages are read. */
import type { Migration } from "../migration.ts";

export const wantedMessages: Migration = {
  name: "0025-wanted-messages",
  concurrentIndex: "qa_conversations_wanted",
  sql: `
    create index concurrently if not exists qa_conversations_wanted
      on qa_conversations (account_id, messages_wanted, source_updated_at desc, ticket_id desc)
      where messages_wanted is not null
  `,
};
