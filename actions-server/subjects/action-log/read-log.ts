/** Reads the action log, and keeps it short. */
import { sql, type Kysely, type Selectable } from "kysely";
import type { LogEntry, LogQuery, LogReply, TicketReply } from "#contract/routes/action-log";
import type { Health } from "#contract/routes/health";
import type { Database } from "#platform/db/schema";
import { ERRORS } from "#platform/errors";

/** How many days, and how many rows of an account, are kept. */
const KEPT_DAYS = 14;
const KEPT_ROWS = 100_000;
/** Of one ticket; the newest. */
const TICKET_ENTRIES = 500;

type Row = Selectable<Database["action_log"]>;

function remedyOf(outcome: string): string | null {
  return Object.hasOwn(ERRORS, outcome) ? ERRORS[outcome as keyof typeof ERRORS].hint : null;
}

function toEntry(row: Row): LogEntry {
  return {
    id: row.serial,
    at: row.at.toISOString(),
    operation: row.operation,
    ticket_id: row.ticket_id,
    event_key: row.event_key,
    outcome: row.outcome,
    failed: row.failed,
    message: row.message,
    cure: row.failed ? remedyOf(row.outcome) : null,
    duration_ms: row.duration_ms,
  };
}

const newestFirst = (db: Kysely<Database>, account: string) =>
  db
    .selectFrom("action_log")
    .selectAll()
    .where("account_id", "=", account)
    .orderBy("serial", "desc");

export async function readLog(
  db: Kysely<Database>,
  account: string,
  { failed, before, limit }: LogQuery,
): Promise<LogReply> {
  let query = newestFirst(db, account).limit(limit + 1);
  if (failed) query = query.where("failed", "=", true);
  if (before !== undefined) query = query.where("serial", "<", before);
  const rows = await query.execute();
  const entries = rows.slice(0, limit).map(toEntry);
  return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
}

export async function readTicket(
  db: Kysely<Database>,
  account: string,
  ticketId: string,
): Promise<TicketReply> {
  const rows = await newestFirst(db, account)
    .where("ticket_id", "=", ticketId)
    .limit(TICKET_ENTRIES)
    .execute();
  const conversation = await db
    .selectFrom("qa_conversations")
    .select("captured_at")
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .executeTakeFirst();
  return {
    ticket_id: ticketId,
    entries: rows.toReversed().map(toEntry),
    conversation_captured_at: conversation?.captured_at.toISOString() ?? null,
  };
}

/** Over the last hour. */
export async function readLag(
  db: Kysely<Database>,
  account: string,
  now: Date,
): Promise<Health["lag"]> {
  const since = new Date(now.getTime() - 3_600_000);
  const { rows } = await sql<{ p50: number | null; p99: number | null; events: number }>`
    select percentile_cont(0.5) within group (order by lag_seconds) as p50,
      percentile_cont(0.99) within group (order by lag_seconds) as p99, count(*)::int as events
    from action_log where account_id = ${account} and at > ${since} and lag_seconds is not null`.execute(
    db,
  );
  const [row] = rows;
  if (!row || row.p50 === null || row.p99 === null) return null;
  return { p50_seconds: row.p50, p99_seconds: row.p99, events: row.events };
}

/** Removes entries that are too old, and those beyond an account's limit. */
export async function purgeLog(
  db: Kysely<Database>,
  now: Date,
  keptRows = KEPT_ROWS,
): Promise<void> {
  const oldest = new Date(now.getTime() - KEPT_DAYS * 24 * 3_600_000);
  await db.deleteFrom("action_log").where("at", "<", oldest).execute();
  const accounts = await db.selectFrom("action_log").select("account_id").distinct().execute();
  for (const { account_id: account } of accounts) {
    const surplus = await newestFirst(db, account).offset(keptRows).limit(1).executeTakeFirst();
    if (!surplus) continue;
    await db
      .deleteFrom("action_log")
      .where("account_id", "=", account)
      .where("serial", "<=", surplus.serial)
      .execute();
  }
}
