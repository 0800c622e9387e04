/** Tokens of remote accounts, encrypted. */
import type { Migration } from "../migration.ts";

export const sealedTokens: Migration = {
  name: "tokens-001-sealed",
  sql: `
    create table sealed_tokens (
      account_id text        not null,
      provider   text        not null,
      sealed     text        not null,
      updated_at timestamptz not null,
      primary key (account_id, provider)
    );
  `,
};
