/** Handles some tickets of a sweep: judges each, repairs it, and records what could not be finished. */
import type { Kysely } from "kysely";
import type { Settings } from "#contract/settings/settings";
import type { Database } from "#platform/db/schema";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import { isOldNews, judge } from "./judge.ts";
import { readKnownTickets } from "./known-tickets.ts";
import { updateOwed } from "./owed-tickets.ts";
import { repairTicket, type TicketActions } from "./repair-ticket.ts";
import { noteFinding, reportOn, type OpenSweep } from "./sweep-store.ts";

/** What a sweep can do; what it notes is its own. */
export type SweepActions = Omit<TicketActions, "note" | "leaveOwed" | "report">;

export interface BatchDeps {
  readonly db: Kysely<Database>;
  readonly actionsOf: (account: string) => SweepActions;
  readonly now: () => Date;
}

export interface Run {
  readonly account: string;
  readonly sweep: OpenSweep;
  readonly settings: Settings;
}

interface Batch {
  /** All that were asked for; those that are neither among the tickets nor refused are gone. */
  readonly ids: readonly string[];
  readonly tickets: readonly TicketWithUsers[];
  /** Why a ticket could not be read, by its id. */
  readonly refused: ReadonlyMap<string, string>;
  /** Of a page of the export: when the time begins that the sweep covers. Undefined: each is wanted, however old. */
  readonly since?: Date;
}

/** How many were left alone because they are old. */
export async function dealWith(deps: BatchDeps, run: Run, batch: Batch): Promise<number> {
  const { db, now } = deps;
  const { account, sweep, settings } = run;
  const { dryRun } = sweep;
  const { ids, tickets, refused, since } = batch;
  const unfinished = new Set<string>();
  const report: TicketActions["report"] = (ticketId, reason) =>
    reportOn(db, account, sweep.id, { message: `ticket ${ticketId}: ${reason}`, now: now() });
  const actions: TicketActions = {
    ...deps.actionsOf(account),
    note: (finding, repaired) => noteFinding(db, account, sweep.id, { ...finding, repaired }),
    leaveOwed: async (ticketId, reason) => {
      unfinished.add(ticketId);
      await report(ticketId, reason);
    },
    report,
  };
  const knownOf = await readKnownTickets(db, account, ids);
  if (ids.length > 0 && !dryRun) await markRepaired(db, account, sweep.id, ids);
  for (const [id, reason] of refused) await actions.leaveOwed(id, reason);
  const leftAlone = new Set<string>();
  for (const found of tickets) {
    const known = knownOf(found.ticket.id);
    if (since && isOldNews(settings, found.ticket, known, since)) {
      leftAlone.add(found.ticket.id);
      continue;
    }
    const judgement = judge(settings, found.ticket, known, account);
    await repairTicket(actions, { settings, found, known, judgement, dryRun });
  }
  // While all is switched off nothing is done, and what is owed stays so.
  if (!dryRun && settings.enabled) {
    const tried = ids.filter((id) => !leftAlone.has(id));
    await updateOwed(db, account, { sweepId: sweep.id, ids: tried, unfinished, now: now() });
  }
  return leftAlone.size;
}

/**
 * Findings of an interrupted run were repaired then, unless they are found again; those are noted anew.
 */
async function markRepaired(
  db: Kysely<Database>,
  account: string,
  id: string,
  ids: readonly string[],
): Promise<void> {
  await db
    .updateTable("sweep_findings")
    .set({ repaired: true })
    .where("account_id", "=", account)
    .where("sweep_id", "=", id)
    .where("kind", "<>", "extra")
    .where("ticket_id", "in", ids)
    .execute();
}
