/** Indexes for the filters of the list of conversations. */
import type { Migration } from "../migration.ts";

export const readingConversations: Migration = {
  name: "0022-reading-conversations",
  sql: `
    create index qa_conversations_by_assignee
      on qa_conversations (account_id, assignee_id, source_updated_at desc, ticket_id desc);
    create index qa_conversations_by_group
      on qa_conversations (account_id, group_id, source_updated_at desc, ticket_id desc);
    create index qa_conversations_by_requester
      on qa_conversations (account_id, requester_id, source_updated_at desc, ticket_id desc);
    create index qa_conversations_by_tag on qa_conversations using gin (tags);
    create index qa_conversations_by_field on qa_conversations using gin (custom_fields jsonb_path_ops);
  `,
};
