/** The tables of sealed tokens and their renewals. */

declare module "../db/schema.ts" {
  interface Database {
    sealed_tokens: SealedTokensTable;
    token_renewals: TokenRenewalsTable;
  }
}

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
