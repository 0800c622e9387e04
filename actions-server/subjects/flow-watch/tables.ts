/** The tables that show whether flows reach the server, and their migrations. */
import type { Migration } from "#platform/db/migration";

/** One row for each account whose flows have called, or are not expected to. */
interface FlowContactTable {
  account_id: string;
  /** The last call of a flow that was let in; null: none yet. */
  last_call_at: Date | null;
  /** The last one for an event of a ticket. */
  last_event_at: Date | null;
  /** Set while an administrator has CaseQA disabled: silence is then as it should be. */
  paused_at: Date | null;
  /** Since when an administrator expects flows again. */
  expected_since: Date | null;
  /** Set once somebody was notified of a silence; null again when a flow called. */
  alerted_at: Date | null;
}

/** One row for each run of settings_sync that was asked for: it goes the way of every event. */
interface TestEventTable {
  account_id: string;
  id: string;
  asked_at: Date;
  /** Why Zendesk did not take it; null: it did. */
  problem: string | null;
  /** When the flow called the server; null: not yet. */
  arrived_at: Date | null;
  /** What the server answered the flow: an outcome, or a code of the error table. */
  outcome: string | null;
  failed: boolean | null;
}

/** Fingerprints of the credentials that an account has had: a later one that is refused can be attributed. */
interface KnownCredentialTable {
  account_id: string;
  fingerprint: string;
  seen_at: Date;
}

/** Calls of actions that were refused for their credential, one row for each credential. */
interface RefusedCredentialTable {
  /** Empty: the credential was never one of ours. */
  account_id: string;
  /** Empty: none was shown. */
  fingerprint: string;
  kind: string;
  /** bigint, hence text in JavaScript. */
  calls: string;
  first_at: Date;
  last_at: Date;
}

export interface WatchTables {
  flow_contacts: FlowContactTable;
  test_events: TestEventTable;
  known_credentials: KnownCredentialTable;
  refused_credentials: RefusedCredentialTable;
}

export const watchMigrations: readonly Migration[] = [
  {
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
  },
];
