/** Stores sweeps: their requests, their place in the export, and what they found. */
import { type Kysely, type Transaction } from "kysely";
import { lockByName } from "#platform/db/lock-by-name";
import type { SweepRequest } from "#contract/routes/sweep";
import type { Database } from "#platform/db/schema";
import { storableText } from "#platform/db/storable";
import { shorten } from "#platform/shorten";
import type { FindingKind } from "./judge.ts";
import { owedSince } from "./owed-since.ts";
import { LARGEST_LOADED, LARGEST_PAGE } from "#remotes/zendesk/page-size";
import { FIRST_LOAD } from "./load-store.ts";

/** A sweep that is not finished. */
export interface OpenSweep {
  readonly id: string;
  readonly reason: string;
  readonly dryRun: boolean;
  readonly since: Date;
  /** The end of a window of a first load; undefined: the sweep goes on to the end of the export. */
  readonly until: Date | undefined;
  readonly requestedAt: Date;
  readonly cursor: string | undefined;
  /** Tickets to ask for at once. */
  readonly pageSize: number;
}

export interface Finding {
  readonly ticketId: string;
  readonly kind: FindingKind;
  readonly what: string;
}

const LONGEST_MESSAGE = 500;
const KEPT_MS = 90 * 24 * 3_600_000;

interface NewSweep {
  readonly account: string;
  readonly id: string;
  readonly now: Date;
  readonly request: SweepRequest;
}

/**
 * The id of the sweep that answers the request; one account's requests are taken one after the other. A sweep that waits
 * and covers the request is its answer; by the hour none is begun while one runs.
 */
export async function takeSweep(
  trx: Transaction<Database>,
  { account, id, now, request }: NewSweep,
): Promise<string> {
  const name = `sweeps:${account}`;
  await lockByName(trx, name);
  const { reason = "demand", dry_run: dryRun = false } = request;
  const since = request.since ? new Date(request.since) : await defaultSince(trx, account, now);
  const open = await trx
    .selectFrom("sweeps")
    .select(["id", "begun_at", "since", "dry_run"])
    .where("account_id", "=", account)
    .where("state", "=", "running")
    .where("reason", "<>", FIRST_LOAD)
    .orderBy("serial")
    .execute();
  const covering = open.find(
    (one) =>
      reason === "hourly" ||
      (one.begun_at === null && one.dry_run === dryRun && one.since <= since),
  );
  if (covering) return covering.id;
  await trx
    .insertInto("sweeps")
    .values({
      account_id: account,
      id,
      reason,
      dry_run: dryRun,
      since,
      state: "running",
      requested_at: now,
      tickets_looked_at: 0,
    })
    .execute();
  return id;
}

async function defaultSince(db: Kysely<Database>, account: string, now: Date): Promise<Date> {
  const rows = await db
    .selectFrom("sweeps")
    .select(["since", "requested_at", "state"])
    .where("account_id", "=", account)
    .where("state", "in", ["finished", "failed"])
    .where("reason", "<>", FIRST_LOAD)
    .where("dry_run", "=", false)
    .orderBy("serial")
    .execute();
  const past = rows.map(({ since, requested_at: requestedAt, state }) => ({
    since,
    requestedAt,
    state: state === "finished" ? ("finished" as const) : ("failed" as const),
  }));
  return owedSince(past, now);
}

/** The next one, marked as begun: the oldest that is not finished; windows of a first load come last, the newest first. */
export async function beginSweep(
  db: Kysely<Database>,
  account: string,
  now: Date,
): Promise<OpenSweep | undefined> {
  const row = await db
    .selectFrom("sweeps")
    .selectAll()
    .where("account_id", "=", account)
    .where("state", "=", "running")
    .orderBy((row) => row("reason", "=", FIRST_LOAD))
    .orderBy("until", "desc")
    .orderBy("serial")
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  await db
    .updateTable("sweeps")
    .set({ begun_at: row.begun_at ?? now, waits_until: null })
    .where("account_id", "=", account)
    .where("id", "=", row.id)
    .execute();
  return {
    id: row.id,
    reason: row.reason,
    dryRun: row.dry_run,
    since: row.since,
    until: row.until ?? undefined,
    requestedAt: row.requested_at,
    cursor: row.cursor ?? undefined,
    pageSize: row.page_size ?? (row.until === null ? LARGEST_PAGE : LARGEST_LOADED),
  };
}

export interface Waiting {
  /** The sweep itself is still to be done: nobody stopped it. */
  readonly goesOn: boolean;
  /** A sweep waits that comes before windows of a first load. */
  readonly othersWait: boolean;
}

/** Asked between the pages of a first load. */
export async function whoWaits(
  db: Kysely<Database>,
  account: string,
  id: string,
): Promise<Waiting> {
  const rows = await db
    .selectFrom("sweeps")
    .select(["id", "reason"])
    .where("account_id", "=", account)
    .where("state", "=", "running")
    .where((row) => row.or([row("id", "=", id), row("reason", "<>", FIRST_LOAD)]))
    .execute();
  return {
    goesOn: rows.some((row) => row.id === id),
    othersWait: rows.some((row) => row.reason !== FIRST_LOAD),
  };
}

/** Also for another run: a page that could not be built is never asked for again unchanged. */
export async function savePageSize(
  db: Kysely<Database>,
  account: string,
  id: string,
  pageSize: number,
): Promise<void> {
  await db
    .updateTable("sweeps")
    .set({ page_size: pageSize })
    .where("account_id", "=", account)
    .where("id", "=", id)
    .execute();
}

interface Place {
  /** Undefined: it stays. */
  readonly cursor: string | undefined;
  readonly tickets: number;
  /** Of these: old ones. */
  readonly leftAlone: number;
  readonly pageSize: number;
}

/** A page was dealt with; the cursor only now, so that a page that was cut off is dealt with again. */
export async function savePlace(
  db: Kysely<Database>,
  account: string,
  id: string,
  { cursor, tickets, leftAlone, pageSize }: Place,
): Promise<void> {
  await db
    .updateTable("sweeps")
    .set((row) => ({
      ...(cursor !== undefined && { cursor }),
      page_size: pageSize,
      tickets_looked_at: row("tickets_looked_at", "+", tickets),
      tickets_left_alone: row("tickets_left_alone", "+", leftAlone),
    }))
    .where("account_id", "=", account)
    .where("id", "=", id)
    .execute();
}

/** All is read but what Zendesk still holds back. */
export async function noteWait(
  db: Kysely<Database>,
  account: string,
  id: string,
  until: Date,
): Promise<void> {
  await db
    .updateTable("sweeps")
    .set({ waits_until: until })
    .where("account_id", "=", account)
    .where("id", "=", id)
    .execute();
}

/** Writes a message or a state into a sweep's report; the last message counts. */
export async function reportOn(
  db: Kysely<Database>,
  account: string,
  id: string,
  change: { readonly message?: string; readonly state?: "finished" | "failed"; readonly now: Date },
): Promise<void> {
  const { message, state, now } = change;
  await db
    .updateTable("sweeps")
    .set({
      ...(message !== undefined && { message: storableText(shorten(message, LONGEST_MESSAGE)) }),
      ...(state !== undefined && { state, finished_at: now }),
    })
    .where("account_id", "=", account)
    .where("id", "=", id)
    // What was stopped meanwhile stays so.
    .$if(state !== undefined, (query) => query.where("state", "=", "running"))
    .execute();
}

/** Written before the repair, so that the report is true even when the sweep is stopped in between. */
export async function noteFinding(
  db: Kysely<Database>,
  account: string,
  id: string,
  { ticketId, kind, what, repaired }: Finding & { readonly repaired: boolean },
): Promise<void> {
  await db
    .insertInto("sweep_findings")
    .values({ account_id: account, sweep_id: id, ticket_id: ticketId, what, kind, repaired })
    .onConflict((conflict) =>
      conflict
        .columns(["account_id", "sweep_id", "ticket_id", "what"])
        .doUpdateSet((row) => ({ repaired: row.ref("excluded.repaired") })),
    )
    .execute();
}

/** Reports are kept for three months. */
export async function purgeSweeps(db: Kysely<Database>, now: Date): Promise<void> {
  await db
    .deleteFrom("sweeps")
    .where("requested_at", "<", new Date(now.getTime() - KEPT_MS))
    .where("state", "<>", "running")
    .execute();
}
