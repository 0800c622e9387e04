/**
 * Conversations in the form in which they grow: messages and events by month, full-text search, deletions, and the order
 * of changes that the incremental export goes by.
 */
import type { Migration } from "../migration.ts";

/** Marks that a letter carries, as `search-text.ts` removes them; texts stored before today were indexed by this alone. */
const MARKS = "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]";

export const conversationsByMonth: Migration = {
  name: "0021-conversations-by-month",
  sql: `
    alter table qa_conversations
      add column source text not null default 'zendesk',
      add column opened_on date not null
        generated always as (date_trunc('month', created_at at time zone 'UTC')::date) stored,
      add column deleted_at timestamptz,
      add column row_updated_at timestamptz not null default now(),
      add column row_xid xid8 not null default pg_current_xact_id();
    create index qa_conversations_changes on qa_conversations (account_id, row_xid, ticket_id);
    create index qa_conversations_by_update on qa_conversations (account_id, source_updated_at desc, ticket_id desc);

    alter table qa_messages rename to qa_messages_before_months;
    alter table qa_messages_before_months rename constraint qa_messages_pkey to qa_messages_before_months_pkey;
    create table qa_messages (
      account_id  text    not null,
      opened_on   date    not null,
      ticket_id   text    not null,
      comment_id  text    not null,
      kind        text    not null,
      author_id   text,
      public      boolean,
      body        text    not null,
      html_body   text,
      channel     text,
      attachments jsonb   not null,
      data        jsonb,
      created_at  timestamptz,
      position    integer not null,
      search      tsvector not null,
      primary key (account_id, ticket_id, comment_id, opened_on)
    ) partition by range (opened_on);
    create index qa_messages_search on qa_messages using gin (search);
    create index qa_messages_by_author on qa_messages (account_id, author_id, created_at);
    create table qa_messages_before partition of qa_messages for values from (minvalue) to ('2007-01-01');
    create table qa_messages_after partition of qa_messages for values from ('2100-01-01') to (maxvalue);
    do $$
    declare month date;
    begin
      for month in
        select distinct opened_on from qa_conversations where opened_on >= '2007-01-01' and opened_on < '2100-01-01'
      loop
        execute format('create table %I partition of qa_messages for values from (%L) to (%L)',
          'qa_messages_' || to_char(month, 'YYYY_MM'), month, (month + interval '1 month')::date);
      end loop;
    end $$;
    insert into qa_messages
      select account_id, opened_on, ticket_id, comment_id, kind, author_id, public, body, html_body, old.channel, attachments,
        data, old.created_at, position,
        to_tsvector('simple', left(regexp_replace(lower(normalize(body, nfkd)), '${MARKS}', '', 'g'), 100000))
      from qa_messages_before_months as old join qa_conversations using (account_id, ticket_id);
    drop table qa_messages_before_months;

    create table qa_events (
      account_id  text        not null,
      ticket_id   text        not null,
      occurred_at timestamptz not null,
      event_key   text        not null,
      kind        text        not null,
      actor_id    text,
      data        jsonb       not null,
      recorded_at timestamptz not null,
      primary key (account_id, ticket_id, occurred_at, event_key)
    ) partition by range (occurred_at);
    create table qa_events_before partition of qa_events for values from (minvalue) to ('2007-01-01Z');
    create table qa_events_after partition of qa_events for values from ('2100-01-01Z') to (maxvalue);

    create table qa_deletions (
      account_id  text        not null,
      ticket_id   text        not null,
      state       text        not null,
      event_key   text        not null,
      event_order text        collate "C" not null,
      occurred_at timestamptz not null,
      recorded_at timestamptz not null,
      primary key (account_id, ticket_id),
      constraint qa_deletions_state check (state in ('present', 'deleted', 'erased'))
    );
  `,
};
