/** Finds the few conversations that are hidden, without a walk through all. */
import type { Migration } from "../migration.ts";

export const hiddenConversations: Migration = {
  name: "0030-hidden-conversations",
  sql: `
    create index qa_conversations_hidden on qa_conversations (account_id, deleted_at, ticket_id)
      where deleted_at is not null;
  `,
};
