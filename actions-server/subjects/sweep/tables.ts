/** The tables of the catch-up sweep, and their migrations. */
import type { Generated } from "kysely";
import type { Migration } from "#platform/db/migration";

/** One row for each sweep. */
interface SweepTable {
  account_id: string;
  id: string;
  /** bigint, hence text in JavaScript: the order of the requests. */
  serial: Generated<string>;
  reason: string;
  dry_run: boolean;
  since: Date;
  state: string;
  requested_at: Date;
  /** Until when it waits, because Zendesk holds back what changed in the last minute; null: it does not wait. */
  waits_until: Date | null;
  /** Null: it waits for its turn. */
  begun_at: Date | null;
  finished_at: Date | null;
  /** Zendesk's own, of the last page that was dealt with. */
  cursor: string | null;
  /** Tickets of the next page; null: as many as usual. */
  page_size: number | null;
  tickets_looked_at: number;
  /** Of these: old ones that only Zendesk touched. */
  tickets_left_alone: Generated<number>;
  message: string | null;
}

interface SweepFindingTable {
  account_id: string;
  sweep_id: string;
  ticket_id: string;
  /** For people, and the same whenever the same thing is found again. */
  what: string;
  kind: string;
  repaired: boolean;
}

/** The last look-up of each ticket, whoever made it: an event of the ticket came, or a sweep has seen to it. */
interface CaseLookupTable {
  account_id: string;
  ticket_id: string;
  /** Null: there was no single case. */
  case_id: string | null;
  /** As it was typed into the ticket; null: none was, or it is not known. */
  case_number: string | null;
  looked_at: Date;
}

/** A ticket that a sweep could not finish. */
interface OwedTicketTable {
  account_id: string;
  ticket_id: string;
  /** When it was first refused. */
  owed_since: Date;
  /** The id of the last sweep that tried. */
  tried_by: string;
}

export interface SyncTables {
  owed_tickets: OwedTicketTable;
  sweeps: SweepTable;
  sweep_findings: SweepFindingTable;
  case_lookups: CaseLookupTable;
}

export const syncMigrations: readonly Migration[] = [
  {
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
  },
  {
    name: "sync-002-looked-up-number",
    sql: `alter table case_lookups add column case_number text`,
  },
  {
    name: "sync-003-owed-tickets",
    sql: `
      create table owed_tickets (
        account_id text        not null,
        ticket_id  text        not null,
        owed_since timestamptz not null,
        tried_by   text        not null,
        primary key (account_id, ticket_id)
      );
    `,
  },
  {
    name: "sync-004-page-size",
    sql: `alter table sweeps add column page_size integer`,
  },
  {
    name: "sync-005-left-alone",
    sql: `alter table sweeps add column tickets_left_alone integer not null default 0`,
  },
  {
    name: "sync-006-sweeps-wait",
    sql: `alter table sweeps add column waits_until timestamptz`,
  },
];
