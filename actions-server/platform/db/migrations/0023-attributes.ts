/** Attributes of tickets, users and agents: their definitions, their values, and how far values are computed anew. */
import type { Migration } from "../migration.ts";

export const attributes: Migration = {
  name: "0023-attributes",
  sql: `
    create table attribute_definitions (
      account_id   text        not null,
      attribute_id text        not null,
      version      integer     not null,
      subject      text        not null,
      name         text        not null,
      state        text        not null,
      document     jsonb       not null,
      saved_at     timestamptz not null,
      previewed_at timestamptz,
      activated_at timestamptz,
      primary key (account_id, attribute_id, version),
      constraint attribute_definitions_state check (state in ('draft', 'active', 'retired'))
    );
    create unique index attribute_definitions_active on attribute_definitions (account_id, attribute_id) where state = 'active';
    create unique index attribute_definitions_names on attribute_definitions (account_id, subject, name) where state = 'active';

    create table attribute_values (
      account_id    text    not null,
      subject       text    not null,
      subject_id    text    not null,
      attribute_id  text    not null,
      version       integer not null,
      raw           jsonb   not null,
      text_value    text,
      texts_value   text[],
      number_value  double precision,
      boolean_value boolean,
      instant_value timestamptz,
      problem       text,
      problem_step  integer,
      primary key (account_id, subject, subject_id, attribute_id)
    ) partition by hash (account_id, subject_id);
    do $$
    begin
      for part in 0..15 loop
        execute format('create table %I partition of attribute_values for values with (modulus 16, remainder %s)',
          'attribute_values_' || to_char(part, 'FM00'), part);
      end loop;
    end $$;
    create index attribute_values_texts on attribute_values (account_id, attribute_id, left(text_value, 100), subject_id)
      where text_value is not null;
    create index attribute_values_numbers on attribute_values (account_id, attribute_id, number_value, subject_id)
      where number_value is not null;
    create index attribute_values_booleans on attribute_values (account_id, attribute_id, boolean_value, subject_id)
      where boolean_value is not null;
    create index attribute_values_instants on attribute_values (account_id, attribute_id, instant_value, subject_id)
      where instant_value is not null;
    create index attribute_values_lists on attribute_values using gin (texts_value) where texts_value is not null;

    create table attribute_reruns (
      account_id   text        not null,
      attribute_id text        not null,
      version      integer     not null,
      state        text        not null,
      cursor       text        not null,
      rows_done    integer     not null,
      rows_total   integer,
      problems     integer     not null,
      requested_at timestamptz not null,
      finished_at  timestamptz,
      primary key (account_id, attribute_id),
      constraint attribute_reruns_state check (state in ('running', 'finished', 'stopped'))
    );
  `,
};
