/**
 * What changed since an earlier answer, in the order of the transactions that wrote it.
 *
 * Times cannot order it: a transaction that began early may commit late, behind a reader who has gone on. So the order is
 * that of transaction numbers, and a page ends before the oldest transaction of this database that is still under way.
 */
import { sql, type Kysely } from "kysely";
import type { ChangesReply, ConversationSummary } from "#contract/routes/conversations";
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
  const place = readCursor(after, PLACE);
  const ends = { place, before: await oldestUnderWay(db), limit: limit + 1 };
  // Both in the same order: what lies behind the end of the page is left for the next one.
  const changed = await changedAfter(db, account, ends);
  const erased = await erasedAfter(db, account, ends);
  const all = [...changed, ...erased].toSorted(inOrder);
  const shown = all.slice(0, limit);
  const last = shown.at(-1);
  return {
    conversations: shown.flatMap((row) => (row.summary ? [row.summary] : [])),
    removed: shown
      .filter((row) => !row.summary)
      .map((row) => ({ ticket_id: row.ticketId, for_good: row.isErased })),
    next: last ? writeCursor([last.xid, last.ticketId]) : after,
    has_more: all.length > limit,
  };
}

interface Change {
  readonly xid: string;
  readonly ticketId: string;
  /** Undefined: the conversation is not shown. */
  readonly summary: ConversationSummary | undefined;
  readonly isErased: boolean;
}

interface Ends {
  readonly place: readonly string[];
  /** The number of the first transaction that may not be counted on yet. */
  readonly before: string;
  readonly limit: number;
}

/** Postgres compares the tickets' ids as text, by its own collation; one order must do for both tables and for the page. */
const inOrder = (left: Change, right: Change) =>
  Number(BigInt(left.xid) - BigInt(right.xid)) || compareTexts(left.ticketId, right.ticketId);
const compareTexts = (left: string, right: string) => (left < right ? -1 : Number(left > right));

/**
 * Asked in a statement of its own, before the rows are read: whatever is not under way then is seen by the next statement.
 * `pg_snapshot_xmin` will not do: it waits for the transactions of every other database of the server too.
 */
async function oldestUnderWay(db: Kysely<Database>): Promise<string> {
  const { rows } = await sql<{ before: string }>`
    with ends as (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next),
    under_way as (
      -- The view has the lower 32 bits only; what would lie far ahead was begun before they started over.
      select (next >> 32 << 32) + backend_xid::text::bigint as xid
      from pg_stat_activity, ends where datname = current_database() and backend_xid is not null
    )
    select least(next, (
      select min(case when xid > next + (1::bigint << 31) then xid - (1::bigint << 32) else xid end) from under_way
    ))::text as before
    from ends`.execute(db);
  return rows[0]?.before ?? "0";
}

const between = ({ place: [xid, ticketId], before }: Ends) =>
  sql<boolean>`(row_xid, ticket_id collate "C") > (${xid}::xid8, ${ticketId}) and row_xid < ${before}::xid8`;

async function changedAfter(db: Kysely<Database>, account: string, ends: Ends): Promise<Change[]> {
  const rows = await db
    .selectFrom("qa_conversations as c")
    .select([...SUMMARY_COLUMNS, "c.deleted_at", "c.row_xid"])
    .where("c.account_id", "=", account)
    .where(between(ends))
    .orderBy("c.row_xid")
    .orderBy(sql`c.ticket_id collate "C"`)
    .limit(ends.limit)
    .execute();
  return rows.map(({ deleted_at: deletedAt, row_xid: xid, ...row }) => ({
    xid,
    ticketId: row.ticket_id,
    summary: deletedAt === null ? toSummary(row) : undefined,
    isErased: false,
  }));
}

async function erasedAfter(db: Kysely<Database>, account: string, ends: Ends): Promise<Change[]> {
  const rows = await db
    .selectFrom("qa_deletions")
    .select(["row_xid", "ticket_id"])
    .where("account_id", "=", account)
    .where("state", "=", "erased")
    .where(between(ends))
    .orderBy("row_xid")
    .orderBy(sql`ticket_id collate "C"`)
    .limit(ends.limit)
    .execute();
  return rows.map((row) => ({
    xid: row.row_xid,
    ticketId: row.ticket_id,
    summary: undefined,
    isErased: true,
  }));
}
