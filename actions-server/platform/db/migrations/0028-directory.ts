/** How accounts are set up: groups, who is in them, and fields. */
import type { Migration } from "../migration.ts";

export const directory: Migration = {
  name: "0028-directory",
  sql: `
    create table qa_groups (
      account_id text        not null,
      group_id   text        not null,
      name       text        not null,
      removed_at timestamptz,
      read_at    timestamptz not null,
      primary key (account_id, group_id)
    );
    create table qa_group_members (
      account_id text    not null,
      group_id   text    not null,
      user_id    text    not null,
      is_default boolean not null,
      primary key (account_id, group_id, user_id)
    );
    create index qa_group_members_by_user on qa_group_members (account_id, user_id);
    create table qa_fields (
      account_id text        not null,
      field_id   text        not null,
      type       text        not null,
      title      text        not null,
      options    jsonb       not null,
      is_active  boolean     not null,
      removed_at timestamptz,
      read_at    timestamptz not null,
      primary key (account_id, field_id)
    );
  `,
};
