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

export interface TokenTables {
  sealed_tokens: SealedTokensTable;
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
];
