/** Runs the sweeps of an account, one after the other, from where the last run was stopped. */
import type { Settings } from "#contract/settings/settings";
import { withSessionLock } from "#platform/db/session-lock";
import { createDeadline } from "#platform/deadline";
import { AppError } from "#platform/errors";
import type { Log } from "#platform/log";
import type { RemoteCall } from "#platform/outbound/send";
import type { TicketWithUsers, ZendeskReader } from "#remotes/zendesk/reader";
import type { ChangedPage, ReadChanged } from "#remotes/zendesk/changed-tickets";
import { isPastWindow, loadPage, type HeaderStore } from "./load-page.ts";
import { stopLoad } from "./load-store.ts";
import { eraseGone, type EraseGoneDeps } from "./erase-gone.ts";
import { nextOwed } from "./owed-tickets.ts";
import { dealWith, type BatchDeps, type Run } from "./sweep-batch.ts";
import {
  beginSweep,
  noteWait,
  savePageSize,
  savePlace,
  reportOn,
  whoWaits,
  type OpenSweep,
} from "./sweep-store.ts";
import { LARGEST_LOADED, LARGEST_PAGE, largerPage, smallerPage } from "#remotes/zendesk/page-size";
import type { TooMuch } from "#remotes/zendesk/client";

export interface RunSweepsDeps extends BatchDeps, EraseGoneDeps {
  readonly conversations: HeaderStore;
  readonly readChanged: ReadChanged;
  /** One ticket in its present form; undefined: it is gone. Throws ZENDESK_ errors. */
  readonly readTicket: ZendeskReader["ticket"];
  /** Undefined: none were taken over, so nothing can be judged. */
  readonly settings: (account: string) => Promise<Settings | undefined>;
  readonly log: Log;
}

/** The export holds back what changed in the last minute (Zendesk API reference, "Incremental exports"). */
const HELD_BACK_MS = 60_000;
/** For clocks that differ, and because the export goes by a clock that is up to nine seconds ahead (ticket-clocks.ts). */
const SLACK_MS = 15_000;
/**
 * How far a window reaches into the one before it. A row is exported with a time up to a minute and a clock's lead after the
 * change, so one of the last moments before the boundary may have been held back when the newer window began. Everything
 * older is in one of the two.
 */
const OVERLAP_MS = HELD_BACK_MS + SLACK_MS;
/** A page may have to wait for the next minute, because the export answers ten times in one. */
const PAGE_BUDGET_MS = 90_000;
/** A run ends after this time and another goes on: a job that takes longer would count as dead. */
const RUN_MS = 5 * 60_000;
/** Tickets that earlier sweeps could not finish, read before they are dealt with. */
const OWED_AT_ONCE = 50;
/** A sweep that fails for so long is given up; the next one begins where it began. */
const GIVEN_UP_MS = 24 * 3_600_000;

const NO_SETTINGS = "no settings are in force: have settings_sync run, then sweep again";
const SWITCHED_OFF = "CaseQA is switched off: run `caseqa enable`, then `caseqa sync start`";

/** Milliseconds after which another run has to go on; undefined: all is done. */
type GoOn = number | undefined;
/** What became of a sweep in this run; `given_way`: it is not done, but another one comes first, or it was stopped. */
type SweepEnd = GoOn | "given_way";

/**
 * Never waits for Zendesk's minute: a sleeping job would delay the server's shutdown. Throws REQUEST_IN_PROGRESS while
 * another process sweeps the account, and the sweep's own error when a retry may help.
 */
export async function runSweeps(deps: RunSweepsDeps, account: string): Promise<GoOn> {
  const lock = { name: `sweep:${account}`, log: deps.log };
  const locked = await withSessionLock(deps.db, lock, () => runAll(deps, account));
  if (locked.kind === "done") return locked.value;
  throw new AppError("REQUEST_IN_PROGRESS", "another process sweeps this account");
}

async function runAll(deps: RunSweepsDeps, account: string): Promise<GoOn> {
  const endMs = deps.now().getTime() + RUN_MS;
  for (;;) {
    const sweep = await beginSweep(deps.db, account, deps.now());
    if (!sweep) return undefined;
    const end = await runOne(deps, account, sweep, endMs);
    if (typeof end === "number") return end;
  }
}

async function runOne(
  deps: RunSweepsDeps,
  account: string,
  sweep: OpenSweep,
  endMs: number,
): Promise<SweepEnd> {
  const { db, now } = deps;
  try {
    const settings = await deps.settings(account);
    if (!settings || (sweep.until !== undefined && !settings.enabled)) {
      await giveUp(deps, account, sweep, settings ? SWITCHED_OFF : NO_SETTINGS);
      return undefined;
    }
    const end = await readThrough(deps, { account, sweep, settings }, endMs);
    if (end !== undefined) return end;
    if (settings.enabled && sweep.until === undefined) {
      await eraseGone(deps, deps.actionsOf(account), { account, ...sweep });
    }
    await reportOn(db, account, sweep.id, { state: "finished", now: now() });
    return undefined;
  } catch (error) {
    const message = error instanceof AppError ? error.message : "a fault of ours; see the log";
    const isOld = now().getTime() - sweep.requestedAt.getTime() > GIVEN_UP_MS;
    const isLoad = sweep.until !== undefined;
    const isFinal = (isOld && !isLoad) || (error instanceof AppError && !error.retryable);
    if (!isFinal) {
      await reportOn(db, account, sweep.id, { message, now: now() });
      throw error;
    }
    await giveUp(deps, account, sweep, message);
    deps.log.error({ err: error, sweep: sweep.id }, "a sweep was given up");
    return undefined;
  }
}

async function giveUp(
  { db, now }: RunSweepsDeps,
  account: string,
  sweep: OpenSweep,
  message: string,
): Promise<void> {
  await reportOn(db, account, sweep.id, { message, state: "failed", now: now() });
  // The next window would be refused too.
  if (sweep.until !== undefined) await stopLoad(db, account, { now: now() });
}

/** Until the end of the window or of the export, or of this run's time. */
async function readThrough(deps: RunSweepsDeps, run: Run, endMs: number): Promise<SweepEnd> {
  const { sweep } = run;
  const { now } = deps;
  const { until } = sweep;
  if (until === undefined && !(await askForOwed(deps, run, endMs))) return 0;
  let { cursor, pageSize } = sweep;
  for (;;) {
    if (now().getTime() > endMs) return 0;
    if (until !== undefined) {
      const { goesOn, othersWait } = await whoWaits(deps.db, run.account, sweep.id);
      if (!goesOn || othersWait) return "given_way";
    }
    const askedMs = now().getTime();
    const latestStart = askedMs - 2 * HELD_BACK_MS;
    const startMs = sweep.since.getTime() - (until === undefined ? 0 : OVERLAP_MS);
    const since = new Date(Math.max(0, Math.min(startMs, latestStart)));
    const page = await withCall(sweep.id, (call) =>
      deps.readChanged(cursor === undefined ? { since } : { cursor }, pageSize, call),
    );
    if (page.kind === "too_much") {
      pageSize = await askForLess(deps, run, pageSize, page);
      continue;
    }
    pageSize = largerPage(pageSize, until === undefined ? LARGEST_PAGE : LARGEST_LOADED);
    if (until === undefined) await dealWithPage(deps, run, page, pageSize);
    else await loadPage(deps, run, { page, pageSize, observedAt: new Date(askedMs) });
    cursor = page.cursor ?? cursor;
    if (until !== undefined && isPastWindow(page, until)) return undefined;
    if (!page.endOfStream) continue;
    // What changes after its request is found by the sweep of the hour.
    if (until !== undefined) return undefined;
    // The next hourly sweep reads what is held back now; a sweep on demand must read all up to its request.
    const completeMs = sweep.requestedAt.getTime() + HELD_BACK_MS + SLACK_MS;
    if (sweep.reason === "hourly" || askedMs >= completeMs) return undefined;
    await noteWait(deps.db, run.account, sweep.id, new Date(completeMs));
    return completeMs - askedMs;
  }
}

/** The next size, noted before it is tried. Throws what became of a page of one ticket. */
async function askForLess(
  { db }: RunSweepsDeps,
  { account, sweep }: Run,
  pageSize: number,
  { error }: TooMuch,
): Promise<number> {
  const smaller = smallerPage(pageSize);
  if (smaller === undefined) throw error;
  await savePageSize(db, account, sweep.id, smaller);
  return smaller;
}

/** What earlier sweeps could not finish. False: this run's time is over before all were asked for. */
async function askForOwed(deps: RunSweepsDeps, run: Run, endMs: number): Promise<boolean> {
  const { db, now } = deps;
  const { account, sweep, settings } = run;
  if (sweep.dryRun || !settings.enabled) return true;
  for (;;) {
    const ids = await nextOwed(db, account, { sweepId: sweep.id, count: OWED_AT_ONCE });
    if (ids.length === 0) return true;
    if (now().getTime() > endMs) return false;
    const asked: string[] = [];
    const tickets: TicketWithUsers[] = [];
    const refused = new Map<string, string>();
    for (const id of ids) {
      // Each may have to wait for its turn in Zendesk's budget.
      if (now().getTime() > endMs) break;
      asked.push(id);
      try {
        const found = await withCall(sweep.id, (call) => deps.readTicket(id, call));
        if (found) tickets.push(found);
      } catch (error) {
        if (!(error instanceof AppError) || error.retryable) throw error;
        refused.set(id, error.message);
      }
    }
    await dealWith(deps, run, { ids: asked, tickets, refused });
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

async function dealWithPage(
  deps: RunSweepsDeps,
  run: Run,
  page: ChangedPage,
  pageSize: number,
): Promise<void> {
  const { db, now } = deps;
  const { account, sweep } = run;
  const { cursor, tickets, unreadable } = page;
  const unread = unreadable.filter((id) => id !== undefined);
  const ids = [...tickets.map(({ ticket }) => ticket.id), ...unread];
  const refused = new Map(unread.map((id) => [id, "it came in an unknown form"]));
  const leftAlone = await dealWith(deps, run, { ids, tickets, refused, since: sweep.since });
  if (unreadable.length > 0) {
    const message = `${unreadable.length} tickets came in an unknown form; later sweeps ask again for those that have an id`;
    await reportOn(db, account, sweep.id, { message, now: now() });
  }
  await savePlace(db, account, sweep.id, { cursor, tickets: tickets.length, leftAlone, pageSize });
}
