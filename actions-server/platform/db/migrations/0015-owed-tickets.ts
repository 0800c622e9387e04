/** Tickets that a sweep could not finish. */
import type { Migration } from "../migration.ts";

export const owedTickets: Migration = {
  name: "sync-003-owed-tickets",
  sql: `
    create table owed_tickets (
      account_id text        not null,
      ticket_id  text        not null,
      owed_since timestamptz not null,
      tried_by   text        not null,
      primary key (account_id, ticket_id)
    );
  `,
};
