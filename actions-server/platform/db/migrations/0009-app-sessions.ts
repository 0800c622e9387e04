/** Installations of the app, its sessions, and the signed tokens that opened them. */
import type { Migration } from "../migration.ts";

export const appSessions: Migration = {
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
};
