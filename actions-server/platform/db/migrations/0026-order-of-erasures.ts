/** Erased tickets take their place in the incremental export: whoever keeps a copy has to hear of them. */
import type { Migration } from "../migration.ts";

export const orderOfErasures: Migration = {
  name: "0026-order-of-erasures",
  sql: `
    alter table qa_deletions add column row_xid xid8 not null default pg_current_xact_id();
    create index qa_deletions_erased on qa_deletions (account_id, row_xid, ticket_id) where state = 'erased';
  `,
};
