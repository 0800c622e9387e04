/** The tables of the administrators' side, and their migrations. */
import type { Generated } from "kysely";
import type { Migration } from "#platform/db/migration";

/** One row for each account: the installation of the app that may open sessions. */
interface AppInstallationTable {
  account_id: string;
  app_id: string;
  installation_id: string;
  /** PEM; the app's own, so it is no secret. */
  public_key: string;
  registered_at: Date;
}

interface AppSessionTable {
  account_id: string;
  token_hash: string;
  user_id: string;
  role: string;
  /** When Zendesk told the role. */
  role_checked_at: Date;
  expires_at: Date;
  /** No renewal goes beyond it. */
  ends_at: Date;
}

/** Signed tokens that were taken, until nobody would believe them any more. */
interface AppSignedTokenTable {
  account_id: string;
  token_hash: string;
  expires_at: Date;
}

/** The one-time credentials of ZIS's inbound webhooks. */
interface InboundWebhookTable {
  account_id: string;
  name: string;
  /** As `tokens/seal.ts` writes it; its context is account and name. */
  sealed: string;
  updated_at: Date;
}

/** One row for each finished write action, and for each read that failed. */
interface ActionLogTable {
  account_id: string;
  /** bigint, hence text in JavaScript. */
  serial: Generated<string>;
  at: Date;
  operation: string;
  ticket_id: string | null;
  event_key: string | null;
  /** `outcome` of the answer, or a code of the error table. */
  outcome: string;
  failed: boolean;
  message: string | null;
  duration_ms: number;
  /** From the event in Zendesk to its work here, where the request tells its time. */
  lag_seconds: number | null;
}

export interface AdminTables {
  app_installations: AppInstallationTable;
  app_sessions: AppSessionTable;
  app_signed_tokens: AppSignedTokenTable;
  inbound_webhooks: InboundWebhookTable;
  action_log: ActionLogTable;
}

export const adminMigrations: readonly Migration[] = [
  {
    name: "admin-001-sessions",
    sql: `
      create table app_installations (
        account_id      text        not null,
        app_id          text        not null,
        installation_id text        not null,
        public_key      text        not null,
        registered_at   timestamptz not null,
        primary key (account_id)
      );
      create index app_installations_by_id on app_installations (installation_id);
      create table app_sessions (
        account_id      text        not null,
        token_hash      text        not null,
        user_id         text        not null,
        role            text        not null,
        role_checked_at timestamptz not null,
        expires_at      timestamptz not null,
        ends_at         timestamptz not null,
        primary key (account_id, token_hash)
      );
      create index app_sessions_expires_at on app_sessions (expires_at);
      create table app_signed_tokens (
        account_id text        not null,
        token_hash text        not null,
        expires_at timestamptz not null,
        primary key (account_id, token_hash)
      );
      create index app_signed_tokens_expires_at on app_signed_tokens (expires_at);
    `,
  },
  {
    name: "admin-002-inbound-webhooks",
    sql: `
      create table inbound_webhooks (
        account_id text        not null,
        name       text        not null,
        sealed     text        not null,
        updated_at timestamptz not null,
        primary key (account_id, name)
      );
    `,
  },
  {
    name: "admin-003-action-log",
    sql: `
      create table action_log (
        account_id  text             not null,
        serial      bigint           not null generated always as identity,
        at          timestamptz      not null,
        operation   text             not null,
        ticket_id   text,
        event_key   text,
        outcome     text             not null,
        failed      boolean          not null,
        message     text,
        duration_ms double precision not null,
        lag_seconds double precision,
        primary key (account_id, serial)
      );
      create index action_log_by_ticket on action_log (account_id, ticket_id, serial) where ticket_id is not null;
      create index action_log_failed on action_log (account_id, serial) where failed;
      create index action_log_at on action_log using brin (at);
    `,
  },
];
