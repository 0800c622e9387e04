/** Renewals of tokens that are not known to have ended. */
import type { Migration } from "../migration.ts";

export const tokenRenewals: Migration = {
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
};
