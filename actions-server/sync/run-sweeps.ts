/** Runs the sweeps of an account, one after the other, from where the last run was stopped. */
import { sql, type Kysely } from "kysely";
import type { Settings } from "../contract/settings.ts";
import type { Database } from "../db/schema.ts";
import { createDeadline } from "../deadline.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../handlers.ts";
import type { RemoteCall } from "../outbound/send.ts";
import type { ChangedPage, ReadChanged } from "./changed-tickets.ts";
import { judge } from "./judge.ts";
import { readKnownTickets } from "./known-tickets.ts";
import { repairTicket, type TicketActions } from "./repair-ticket.ts";
import { beginSweep, noteFinding, savePlace, tellSweep, type OpenSweep } from "./sweep-store.ts";

export interface RunSweepsDeps {
  readonly db: Kysely<Database>;
  readonly readChanged: ReadChanged;
  /** Undefined: none were taken over, so nothing can be judged. */
  readonly settings: (account: string) => Promise<Settings | undefined>;
  readonly actionsOf: (account: string) => Omit<TicketActions, "note" | "tell">;
  readonly now: () => Date;
  readonly log: Log;
}

/** The export holds back what changed in the last minute (Zendesk API reference, "Incremental exports"). */
const HELD_BACK_MS = 60_000;
/** For clocks that differ, and because the export goes by a clock that is up to nine seconds ahead (ticket-clocks.ts). */
const SLACK_MS = 15_000;
/** A page may have to wait for the next minute, because the export answers ten times in one. */
const PAGE_BUDGET_MS = 90_000;
/** A run ends after this time and another goes on: a job that takes longer would count as dead. */
const RUN_MS = 5 * 60_000;
/** A sweep that fails for so long is given up; the next one covers the last day. */
const GIVEN_UP_MS = 24 * 3_600_000;

/** Milliseconds after which another run has to go on; undefined: all is done. */
type GoOn = number | undefined;

/**
 * Never waits for Zendesk's minute: a job that sleeps would hold up the server's end. Throws REQUEST_IN_PROGRESS while another process sweeps the account, and whatever
 * the sweep fails with and may go better later.
 */
export async function runSweeps(deps: RunSweepsDeps, account: string): Promise<GoOn> {
  const name = `sweep:${account}`;
  // The lock is the connection's: it ends with the process that held it.
  return deps.db.connection().execute(async (held) => {
    const lock = sql<{ locked: boolean }>`
      select pg_try_advisory_lock(hashtextextended(${name}, 0)) as locked`;
    const [row] = (await lock.execute(held)).rows;
    if (row?.locked !== true) {
      throw new AppError("REQUEST_IN_PROGRESS", "another process sweeps this account");
    }
    try {
      return await runAll(deps, account);
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${name}, 0))`.execute(held);
    }
  });
}

async function runAll(deps: RunSweepsDeps, account: string): Promise<GoOn> {
  const endMs = deps.now().getTime() + RUN_MS;
  for (;;) {
    const sweep = await beginSweep(deps.db, account, deps.now());
    if (!sweep) return undefined;
    const goOnMs = await runOne(deps, account, sweep, endMs);
    if (goOnMs !== undefined) return goOnMs;
  }
}

async function runOne(
  deps: RunSweepsDeps,
  account: string,
  sweep: OpenSweep,
  endMs: number,
): Promise<GoOn> {
  const { db, now } = deps;
  try {
    const settings = await deps.settings(account);
    if (!settings) {
      const message = "no settings are in force: have settings_sync run, then sweep again";
      await tellSweep(db, account, sweep.id, { message, state: "failed", now: now() });
      return undefined;
    }
    const goOnMs = await readThrough(deps, { account, sweep, settings }, endMs);
    if (goOnMs !== undefined) return goOnMs;
    await tellSweep(db, account, sweep.id, { state: "finished", now: now() });
    return undefined;
  } catch (error) {
    const message = error instanceof AppError ? error.message : "a fault of ours; see the log";
    const isOld = now().getTime() - sweep.requestedAt.getTime() > GIVEN_UP_MS;
    const isFinal = isOld || (error instanceof AppError && !error.retryable);
    const state = isFinal ? { state: "failed" as const } : {};
    await tellSweep(db, account, sweep.id, { message, ...state, now: now() });
    if (!isFinal) throw error;
    deps.log.error({ err: error, sweep: sweep.id }, "a sweep was given up");
    return undefined;
  }
}

interface Run {
  readonly account: string;
  readonly sweep: OpenSweep;
  readonly settings: Settings;
}

/** Until the end of the export, or of this run's time. */
async function readThrough(deps: RunSweepsDeps, run: Run, endMs: number): Promise<GoOn> {
  const { sweep } = run;
  const { now } = deps;
  let { cursor } = sweep;
  for (;;) {
    if (now().getTime() > endMs) return 0;
    const askedMs = now().getTime();
    const latestStart = askedMs - 2 * HELD_BACK_MS;
    const since = new Date(Math.min(sweep.since.getTime(), latestStart));
    const page = await withCall(sweep.id, (call) =>
      deps.readChanged(cursor === undefined ? { since } : { cursor }, call),
    );
    await dealWith(deps, run, page);
    ({ cursor } = page);
    if (!page.endOfStream) continue;
    // By the hour the next sweep reads what is held back now; whoever asked wants all up to the request.
    const completeMs = sweep.requestedAt.getTime() + HELD_BACK_MS + SLACK_MS;
    if (sweep.reason === "hourly" || askedMs >= completeMs) return undefined;
    return completeMs - askedMs;
  }
}

async function withCall<T>(requestId: string, work: (call: RemoteCall) => Promise<T>): Promise<T> {
  const deadline = createDeadline(PAGE_BUDGET_MS);
  try {
    return await work({ deadline, requestId, priority: "backfill" });
  } finally {
    deadline.clear();
  }
}

/**
 * What was found before this page was cut off has been repaired then, unless it is found again: that is noted anew.
 */
async function settleFindings(db: Kysely<Database>, account: string, id: string, ids: string[]) {
  await db
    .updateTable("sweep_findings")
    .set({ repaired: true })
    .where("account_id", "=", account)
    .where("sweep_id", "=", id)
    .where("kind", "<>", "extra")
    .where("ticket_id", "in", ids)
    .execute();
}

async function dealWith(deps: RunSweepsDeps, run: Run, page: ChangedPage): Promise<void> {
  const { db, now } = deps;
  const { account, sweep, settings } = run;
  const { dryRun } = sweep;
  const actions: TicketActions = {
    ...deps.actionsOf(account),
    note: (finding, repaired) => noteFinding(db, account, sweep.id, { ...finding, repaired }),
    tell: (message) => tellSweep(db, account, sweep.id, { message, now: now() }),
  };
  const ids = page.tickets.map(({ ticket }) => ticket.id);
  const knownOf = await readKnownTickets(db, account, ids);
  if (ids.length > 0 && !dryRun) await settleFindings(db, account, sweep.id, ids);
  for (const found of page.tickets) {
    const known = knownOf(found.ticket.id);
    const judgement = judge(settings, found.ticket, known);
    await repairTicket(actions, { account, settings, found, known, judgement, dryRun });
  }
  if (page.unreadable > 0) {
    await actions.tell(`${page.unreadable} tickets came in an unknown form and were passed over`);
  }
  const { cursor, tickets } = page;
  await savePlace(db, account, sweep.id, { cursor, tickets: tickets.length });
}
