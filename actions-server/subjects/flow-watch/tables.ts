/** The tables that show whether flows reach the server. */

declare module "#platform/db/schema" {
  interface Database {
    flow_contacts: FlowContactTable;
    test_events: TestEventTable;
    known_credentials: KnownCredentialTable;
    refused_credentials: RefusedCredentialTable;
  }
}

/** One row for each account whose flows have called, or of which no calls are expected. */
interface FlowContactTable {
  account_id: string;
  /** The last accepted call of a flow; null: none yet. */
  last_call_at: Date | null;
  /** The last one for an event of a ticket. */
  last_event_at: Date | null;
  /** Set while an administrator has CaseQA disabled: silence is then expected. */
  paused_at: Date | null;
  /** Since when an administrator expects flows again. */
  expected_since: Date | null;
  /** Set when an alert about silence was sent; null again when a flow calls. */
  alerted_at: Date | null;
}

/** One row for each run of settings_sync that was asked for; it takes the same path as every event. */
interface TestEventTable {
  account_id: string;
  id: string;
  asked_at: Date;
  /** Why Zendesk did not accept it; null: it did. */
  problem: string | null;
  /** When the flow called the server; null: not yet. */
  arrived_at: Date | null;
  /** What the server answered to the flow: an outcome, or a code of the error table. */
  outcome: string | null;
  failed: boolean | null;
}

/** Fingerprints of the credentials that an account has had, so that one that is refused later can be recognized. */
interface KnownCredentialTable {
  account_id: string;
  fingerprint: string;
  seen_at: Date;
}

/** Action calls that were refused because of their credential, one row for each credential. */
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
