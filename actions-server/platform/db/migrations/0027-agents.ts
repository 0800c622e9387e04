/** Agents: the people, whose conversations are whose, and how far that follows the rules in force. */
import type { Migration } from "../migration.ts";

export const agents: Migration = {
  name: "0027-agents",
  sql: `
    alter table qa_people
      add column merged_into text,
      add column active boolean,
      add column suspended boolean;

    create table agents (
      account_id text        not null,
      agent_id   text        not null,
      name       text,
      email      text,
      available  boolean     not null,
      made_at    timestamptz not null,
      primary key (account_id, agent_id)
    );
    create table agent_ids (
      account_id  text        not null,
      system      text        not null,
      external_id text        not null,
      agent_id    text        not null,
      joined_at   timestamptz not null,
      primary key (account_id, system, external_id),
      constraint agent_ids_system check (system in ('zendesk', 'salesforce'))
    );
    create index agent_ids_by_agent on agent_ids (account_id, agent_id);
    insert into agent_ids (account_id, system, external_id, agent_id, joined_at)
      select account_id, 'zendesk', user_id, gen_random_uuid()::text, now()
      from qa_people where role in ('agent', 'admin');
    insert into agents (account_id, agent_id, available, made_at)
      select account_id, agent_id, true, joined_at from agent_ids;

    create table agent_associations (
      account_id text        not null,
      ticket_id  text        not null,
      agent_id   text        not null,
      rules      text[]      not null,
      updated_at timestamptz not null,
      primary key (account_id, ticket_id, agent_id)
    );
    create index agent_associations_list
      on agent_associations (account_id, agent_id, updated_at desc, ticket_id desc);

    create table agent_rules (
      account_id   text        not null,
      rules        text[]      not null,
      version      integer     not null,
      state        text        not null,
      cursor       text        not null,
      tickets_done integer     not null,
      changed_at   timestamptz not null,
      computed_at  timestamptz,
      finished_at  timestamptz,
      primary key (account_id),
      constraint agent_rules_state check (state in ('running', 'finished'))
    );
  `,
};
