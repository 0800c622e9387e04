/** Sweeps, what they found, and the last look-up of each ticket. */
import type { Migration } from "../migration.ts";

export const sweeps: Migration = {
  name: "sync-001-sweeps",
  sql: `
    create table sweeps (
      account_id        text        not null,
      id                text        not null,
      serial            bigint      not null generated always as identity,
      reason            text        not null,
      dry_run           boolean     not null,
      since             timestamptz not null,
      state             text        not null,
      requested_at      timestamptz not null,
      begun_at          timestamptz,
      finished_at       timestamptz,
      cursor            text,
      tickets_looked_at integer     not null,
      message           text,
      primary key (account_id, id)
    );
    create index sweeps_newest on sweeps (account_id, serial desc);
    create table sweep_findings (
      account_id text    not null,
      sweep_id   text    not null,
      ticket_id  text    not null,
      what       text    not null,
      kind       text    not null,
      repaired   boolean not null,
      primary key (account_id, sweep_id, ticket_id, what),
      foreign key (account_id, sweep_id) references sweeps on delete cascade
    );
    create table case_lookups (
      account_id text        not null,
      ticket_id  text        not null,
      case_id    text,
      looked_at  timestamptz not null,
      primary key (account_id, ticket_id)
    );
  `,
};
