/** When flows reached the server, test events, and the credentials that were accepted or refused. */
import type { Migration } from "../migration.ts";

export const flowContacts: Migration = {
  name: "watch-001-flow-contacts",
  sql: `
    create table flow_contacts (
      account_id     text not null,
      last_call_at   timestamptz,
      last_event_at  timestamptz,
      paused_at      timestamptz,
      expected_since timestamptz,
      alerted_at     timestamptz,
      primary key (account_id)
    );
    create table test_events (
      account_id text        not null,
      id         text        not null,
      asked_at   timestamptz not null,
      problem    text,
      arrived_at timestamptz,
      outcome    text,
      failed     boolean,
      primary key (account_id, id)
    );
    create index test_events_newest on test_events (account_id, asked_at desc);
    create table known_credentials (
      account_id  text        not null,
      fingerprint text        not null,
      seen_at     timestamptz not null,
      primary key (account_id, fingerprint)
    );
    create table refused_credentials (
      account_id  text        not null,
      fingerprint text        not null,
      kind        text        not null,
      calls       bigint      not null,
      first_at    timestamptz not null,
      last_at     timestamptz not null,
      primary key (account_id, fingerprint, kind)
    );
  `,
};
