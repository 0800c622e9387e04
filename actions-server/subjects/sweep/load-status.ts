/** How far the last first load is, as administrators read it. */
import type { Kysely } from "kysely";
import type { SyncStatus } from "#contract/routes/sync";
import type { Database } from "#platform/db/schema";
import { LARGEST_LOADED } from "#remotes/zendesk/page-size";
import { latestLoad, type LoadRow } from "./load-store.ts";
import { exportCallsOf, hoursOf, type LoadLimits } from "./windows.ts";

/** Conversations that were stored without their messages. */
export interface WantedMessages {
  readonly left: number;
  readonly refused: number;
}

export interface Surroundings {
  readonly wanted: WantedMessages;
  /** To Zendesk, in the last minute. */
  readonly calls: number;
  readonly limits: LoadLimits;
}

export async function readLoadStatus(
  db: Kysely<Database>,
  account: string,
  { wanted, calls, limits }: Surroundings,
): Promise<SyncStatus> {
  const rows = await latestLoad(db, account);
  const startedAt = rows[0]?.requested_at;
  const found = await countFindings(db, account, startedAt);
  const open = rows.find(({ state }) => state === "running");
  const state = stateOf(rows, wanted);
  const expected = rows.map((row) => row.expected_tickets);
  const ends = rows.flatMap((row) => row.finished_at?.getTime() ?? []);
  return {
    state,
    since: instant(rows.at(-1)?.since),
    started_at: instant(startedAt),
    finished_at: open || rows.length === 0 ? null : new Date(Math.max(...ends)).toISOString(),
    windows: rows.length,
    windows_done: rows.filter((row) => row.state === "finished").length,
    tickets_seen: sum(rows.map((row) => row.tickets_looked_at)),
    tickets_left_alone: sum(rows.map((row) => row.tickets_left_alone)),
    tickets_expected:
      rows.length === 0 || expected.includes(null) ? null : sum(expected.map(Number)),
    messages_left: wanted.left,
    messages_refused: wanted.refused,
    calls_per_minute: calls,
    seconds_left: secondsLeft(rows, state, wanted, limits),
    waits_until: instant(open?.waits_until),
    ...found,
    message: rows.find(({ message }) => message !== null)?.message ?? null,
  };
}

function stateOf(rows: readonly LoadRow[], { left }: WantedMessages): SyncStatus["state"] {
  if (rows.length === 0) return "none";
  const states = new Set(rows.map(({ state }) => state));
  for (const state of ["running", "failed", "stopped"] as const) {
    if (states.has(state)) return state;
  }
  return left > 0 ? "reading" : "finished";
}

function secondsLeft(
  rows: readonly LoadRow[],
  state: SyncStatus["state"],
  { left }: WantedMessages,
  limits: LoadLimits,
): number | null {
  if (state !== "running" && state !== "reading") return null;
  const open = rows.filter((row) => row.state === "running");
  if (open.some((row) => row.expected_tickets === null)) return null;
  const toSee = open.map((row) => Math.max(0, (row.expected_tickets ?? 0) - row.tickets_looked_at));
  const seen = sum(rows.map((row) => row.tickets_looked_at));
  const wantedOfSeen = seen - sum(rows.map((row) => row.tickets_left_alone));
  const share = seen === 0 ? 1 : wantedOfSeen / seen;
  const exportCalls = sum(toSee.map((tickets) => exportCallsOf(tickets, LARGEST_LOADED)));
  const messageTickets = left + Math.round(sum(toSee) * share);
  return Math.ceil(hoursOf({ exportCalls, messageTickets }, limits) * 3_600);
}

async function countFindings(db: Kysely<Database>, account: string, since: Date | undefined) {
  const counts = await db
    .selectFrom("sweep_findings as found")
    .innerJoin("sweeps", (join) =>
      join
        .onRef("sweeps.account_id", "=", "found.account_id")
        .onRef("sweeps.id", "=", "found.sweep_id"),
    )
    .select((eb) => [
      eb.fn.countAll<string>().filterWhere("kind", "=", "missed").as("missed"),
      eb.fn.countAll<string>().filterWhere("kind", "=", "stale").as("stale"),
      eb.fn.countAll<string>().filterWhere("kind", "=", "extra").as("extra"),
      eb.fn.countAll<string>().filterWhere("repaired", "=", true).as("repaired"),
    ])
    .where("sweeps.account_id", "=", account)
    .where("sweeps.dry_run", "=", false)
    .$if(since !== undefined, (query) =>
      query.where("sweeps.requested_at", ">=", since ?? new Date(0)),
    )
    .executeTakeFirstOrThrow();
  return {
    missed: Number(counts.missed),
    stale: Number(counts.stale),
    extra: Number(counts.extra),
    repaired: Number(counts.repaired),
  };
}

const instant = (at: Date | null | undefined) => at?.toISOString() ?? null;
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
