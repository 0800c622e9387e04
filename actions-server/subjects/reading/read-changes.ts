/**
 * What changed since an earlier answer, in the order of the transactions that wrote it.
 *
 * Times cannot order it: a transaction that began early may commit late, behind a reader who has gone on. So the order is
 * that of transaction numbers, and a page ends before the oldest transaction that is still under way.
 */
import { sql, type Kysely } from "kysely";
import type { ChangesReply } from "#contract/routes/conversations";
import type { Database } from "#platform/db/schema";
import { readCursor, writeCursor } from "./page-cursor.ts";
import { SUMMARY_COLUMNS, toSummary } from "./present.ts";

const PLACE = [/^\d{1,20}$/, /^\d{1,19}$/];
const START = writeCursor(["0", "0"]);

export async function readChanges(
  db: Kysely<Database>,
  account: string,
  { after = START, limit }: { readonly after?: string; readonly limit: number },
): Promise<ChangesReply> {
  const [xid, ticketId] = readCursor(after, PLACE);
  const rows = await db
    .selectFrom("qa_conversations as c")
    .select([...SUMMARY_COLUMNS, "c.deleted_at", "c.row_xid"])
    .where("c.account_id", "=", account)
    .where(sql<boolean>`(c.row_xid, c.ticket_id) > (${xid}::xid8, ${ticketId})`)
    .where(sql<boolean>`c.row_xid < pg_snapshot_xmin(pg_current_snapshot())`)
    .orderBy("c.row_xid")
    .orderBy("c.ticket_id")
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    conversations: shown
      .filter((row) => row.deleted_at === null)
      .map(({ deleted_at: _deleted, row_xid: _xid, ...row }) => toSummary(row)),
    removed: shown
      .filter((row) => row.deleted_at !== null)
      .map((row) => ({ ticket_id: row.ticket_id, for_good: false })),
    next: last ? writeCursor([last.row_xid, last.ticket_id]) : after,
    has_more: rows.length > limit,
  };
}
