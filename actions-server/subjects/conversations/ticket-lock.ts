/** Locks on what is stored of a ticket, held until the transaction ends, whether rows exist or not. */
import { type Transaction } from "kysely";
import { lockByName } from "#platform/db/lock-by-name";
import { prepare } from "#platform/db/prepared";
import type { Database } from "#platform/db/schema";

/**
 * What is stored of one ticket changes in one transaction at a time. A row cannot be the lock: captures, assignments and
 * merges of a ticket may come before it has one. Merges of the account wait meanwhile, because they change other
 * tickets' conversations too.
 */
export async function lockTicket(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<void> {
  await lockTickets(trx, [{ account, ticketId }]);
}

export interface TicketRef {
  readonly account: string;
  readonly ticketId: string;
}

const lockNames = prepare(
  "ticket_lock_names",
  `select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest($1::text[]) as name
  union all
  select pg_advisory_xact_lock_shared(hashtextextended(name, 0)) from unnest($2::text[]) as name`,
);

/** Locks all tickets as `lockTicket` does. Locks are taken in one order, so they cannot deadlock. */
export async function lockTickets(
  trx: Transaction<Database>,
  tickets: readonly TicketRef[],
): Promise<void> {
  const sorted = (names: string[]) => [...new Set(names)].toSorted();
  const ticketNames = sorted(
    tickets.map(({ account, ticketId }) => JSON.stringify(["ticket", account, ticketId])),
  );
  const mergeNames = sorted(tickets.map(({ account }) => JSON.stringify(["merges", account])));
  await lockNames(trx, [ticketNames, mergeNames]);
}

/** One merge of the account at a time, and no change of a ticket meanwhile. Merges are rare and their work is short. */
export async function lockMerges(trx: Transaction<Database>, account: string): Promise<void> {
  await lockByName(trx, JSON.stringify(["merges", account]));
}
