/** Keeps the tickets that a sweep could not finish: each later sweep asks for them again, until they are done. */
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";

/** What became of the tickets that a sweep has just dealt with. */
export interface TriedTickets {
  readonly sweepId: string;
  readonly ids: readonly string[];
  /** Of these: refused, so that something is still to be done. */
  readonly unfinished: ReadonlySet<string>;
  readonly now: Date;
}

/** A ticket that is refused for so long is given up: the reports of its sweeps are gone by then. */
const KEPT_MS = 90 * 24 * 3_600_000;

/** Remembers what is unfinished, and forgets what is done. */
export async function updateOwed(
  db: Kysely<Database>,
  account: string,
  { sweepId, ids, unfinished, now }: TriedTickets,
): Promise<void> {
  const done = ids.filter((id) => !unfinished.has(id));
  if (done.length > 0) {
    await db
      .deleteFrom("owed_tickets")
      .where("account_id", "=", account)
      .where("ticket_id", "in", done)
      .execute();
  }
  if (unfinished.size === 0) return;
  await db
    .insertInto("owed_tickets")
    .values(
      [...unfinished].map((id) => ({
        account_id: account,
        ticket_id: id,
        owed_since: now,
        tried_by: sweepId,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(["account_id", "ticket_id"])
        .doUpdateSet((row) => ({ tried_by: row.ref("excluded.tried_by") })),
    )
    .execute();
}

/** The ids of tickets that this sweep has not tried yet, at most `count`, the oldest debts first. */
export async function nextOwed(
  db: Kysely<Database>,
  account: string,
  { sweepId, count }: { readonly sweepId: string; readonly count: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom("owed_tickets")
    .select("ticket_id")
    .where("account_id", "=", account)
    .where("tried_by", "<>", sweepId)
    .orderBy("owed_since")
    .orderBy("ticket_id")
    .limit(count)
    .execute();
  return rows.map((row) => row.ticket_id);
}

/** How many tickets are owed, of one account or of all. */
export async function countOwed(db: Kysely<Database>, account?: string): Promise<number> {
  const { owed } = await db
    .selectFrom("owed_tickets")
    .select((row) => row.fn.countAll().as("owed"))
    .$if(account !== undefined, (query) => query.where("account_id", "=", account ?? ""))
    .executeTakeFirstOrThrow();
  return Number(owed);
}

export async function purgeOwed(db: Kysely<Database>, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_MS);
  await db.deleteFrom("owed_tickets").where("owed_since", "<", before).execute();
}
