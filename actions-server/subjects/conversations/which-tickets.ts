/** Which of some tickets are stored, and which were erased: in one statement for all. */
import type { Transaction } from "kysely";
import { prepare } from "#platform/db/prepared";
import type { Database } from "#platform/db/schema";
import type { TicketRef } from "./ticket-lock.ts";

interface Row {
  readonly account_id: string;
  readonly ticket_id: string;
}

const among = (table: string) => `
  select account_id, ticket_id from ${table}
  where (account_id, ticket_id) in (select * from unnest($1::text[], $2::text[]))`;
const ERASED = prepare<Row>("tickets_erased", `${among("qa_deletions")} and state = 'erased'`);
const STORED = prepare<Row>("tickets_stored", among("qa_conversations"));

type Which = <T extends TicketRef>(
  trx: Transaction<Database>,
  items: readonly T[],
) => Promise<ReadonlySet<T>>;

const which =
  (find: typeof STORED): Which =>
  async (trx, items) => {
    const rows = await find(trx, [
      items.map(({ account }) => account),
      items.map(({ ticketId }) => ticketId),
    ]);
    const found = new Set(rows.map((row) => JSON.stringify([row.account_id, row.ticket_id])));
    return new Set(
      items.filter(({ account, ticketId }) => found.has(JSON.stringify([account, ticketId]))),
    );
  };

/** The items whose tickets were erased for good. */
export const whichErased = which(ERASED);
/** The items whose tickets have a conversation. */
export const whichStored = which(STORED);
