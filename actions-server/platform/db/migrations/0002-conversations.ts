/** Conversations, their messages and the people in them. */
import type { Migration } from "../migration.ts";

export const conversations: Migration = {
  name: "qa-001-conversations",
  sql: `
    create table qa_conversations (
      account_id          text        not null,
      ticket_id           text        not null,
      subject             text,
      status              text        not null,
      channel             text,
      requester_id        text,
      assignee_id         text,
      group_id            text,
      brand_id            text,
      organization_id     text,
      form_id             text,
      tags                text[]      not null,
      custom_fields       jsonb       not null,
      case_id             text,
      created_at          timestamptz not null,
      source_updated_at   timestamptz not null,
      source_generated_at timestamptz not null,
      last_comment_id     text,
      observed_at         timestamptz not null,
      captured_at         timestamptz not null,
      captures            integer     not null,
      message_count       integer     not null,
      primary key (account_id, ticket_id)
    );
    create table qa_messages (
      account_id  text        not null,
      ticket_id   text        not null,
      comment_id  text        not null,
      author_id   text        not null,
      public      boolean     not null,
      body        text        not null,
      html_body   text,
      channel     text,
      attachments jsonb       not null,
      created_at  timestamptz not null,
      position    integer     not null,
      primary key (account_id, ticket_id, comment_id),
      foreign key (account_id, ticket_id) references qa_conversations on delete cascade
    );
    create table qa_people (
      account_id text        not null,
      user_id    text        not null,
      name       text,
      email      text,
      role       text,
      updated_at timestamptz not null,
      primary key (account_id, user_id)
    );
  `,
};
