/** Stores first loads: each is a row of `sweeps` for each of its windows. */
import { type Kysely, type Selectable, type Transaction } from "kysely";
import { lockByName } from "#platform/db/lock-by-name";
import type { Database } from "#platform/db/schema";
import type { LoadWindow } from "./windows.ts";

/** The reason of a sweep that is a window of a first load. */
export const FIRST_LOAD = "first_load";

export type LoadRow = Selectable<Database["sweeps"]>;

interface NewLoad {
  readonly account: string;
  readonly now: Date;
  readonly newId: () => string;
  /** As asked for; undefined: all. */
  readonly since: Date | undefined;
  /** The newest first. */
  readonly windows: readonly LoadWindow[];
}

/** Whether one runs, or was stopped and would go on from there. */
export async function hasLoadToGoOn(
  db: Kysely<Database>,
  account: string,
  since: Date | undefined,
): Promise<boolean> {
  const rows = await latestLoad(db, account);
  return rows.some(({ state }) => state === "running") || isResumed(rows, since);
}

function isResumed(rows: readonly LoadRow[], since: Date | undefined): boolean {
  const begins = Math.min(...rows.map((row) => row.since.getTime()));
  const isBroken = rows.some(({ state }) => state !== "finished");
  return isBroken && (since === undefined || since.getTime() === begins);
}

/**
 * Begins a first load. One that runs stays as it is; one that was stopped or failed goes on where it was, unless another
 * beginning is asked for. One account's requests are taken one after the other.
 */
export async function startLoad(
  trx: Transaction<Database>,
  { account, now, newId, since, windows }: NewLoad,
): Promise<void> {
  const name = `sweeps:${account}`;
  await lockByName(trx, name);
  const rows = await latestLoad(trx, account);
  if (rows.some(({ state }) => state === "running")) return;
  if (isResumed(rows, since)) {
    await trx
      .updateTable("sweeps")
      .where("account_id", "=", account)
      .where("load_id", "=", rows[0]?.load_id ?? "")
      .set({ state: "running", message: null, finished_at: null, waits_until: null })
      .where("state", "<>", "finished")
      .execute();
    return;
  }
  if (windows.length === 0) return;
  const loadId = newId();
  await trx
    .insertInto("sweeps")
    .values(
      windows.map((window) => ({
        account_id: account,
        id: newId(),
        reason: FIRST_LOAD,
        dry_run: false,
        since: window.since,
        until: window.until,
        load_id: loadId,
        expected_tickets: window.tickets ?? null,
        state: "running",
        requested_at: now,
        tickets_looked_at: 0,
      })),
    )
    .execute();
}

/** Nothing more of it is read from the next page on; what is stored stays. */
export async function stopLoad(
  db: Kysely<Database>,
  account: string,
  { now }: { readonly now: Date },
): Promise<void> {
  await db
    .updateTable("sweeps")
    .set({ state: "stopped", finished_at: now, waits_until: null })
    .where("account_id", "=", account)
    .where("reason", "=", FIRST_LOAD)
    .where("state", "=", "running")
    .execute();
}

/** The windows of the last load that was begun, the newest first; none: there was none. */
export async function latestLoad(db: Kysely<Database>, account: string): Promise<LoadRow[]> {
  return db
    .selectFrom("sweeps")
    .selectAll()
    .where("account_id", "=", account)
    .where("load_id", "=", (row) =>
      row
        .selectFrom("sweeps")
        .select("load_id")
        .where("account_id", "=", account)
        .where("reason", "=", FIRST_LOAD)
        .orderBy("serial", "desc")
        .limit(1),
    )
    .orderBy("until", "desc")
    .execute();
}
