/** The table of sealed tokens, and its migrations. */
import type { Migration } from "../db/migration.ts";

/** One row for each remote account, replaced with each new token. */
interface SealedTokensTable {
  /** The host of the remote account or org. */
  account_id: string;
  provider: string;
  /** The token as `tokens/seal.ts` writes it; its context is account and provider. */
  sealed: string;
  updated_at: Date;
}

/** A row while a refresh token may have been used up whose successor is not saved. */
interface TokenRenewalsTable {
  account_id: string;
  provider: string;
  /** As in the sealed token: another credential has another refresh token. */
  credential: string;
  began_at: Date;
}

export interface TokenTables {
  sealed_tokens: SealedTokensTable;
  token_renewals: TokenRenewalsTable;
}

export const tokenMigrations: readonly Migration[] = [
  {
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
  },
  {
    name: "tokens-002-renewals",
    sql: `
      create table token_renewals (
        account_id text        not null,
        provider   text        not null,
        credential text        not null,
        began_at   timestamptz not null,
        primary key (account_id, provider)
      );
    `,
  },
];
