/** How far the last first load is, as administrators read it. */
import type { Kysely } from "kysely";
import type { SyncStatus } from "#contract/routes/sync";
import type { Database } from "#platform/db/schema";
import { latestLoad, type LoadRow } from "./load-store.ts";

/** Conversations that were stored without their messages. */
export interface WantedMessages {
  readonly left: number;
  readonly refused: number;
}

export async function readLoadStatus(
  db: Kysely<Database>,
  account: string,
  wanted: WantedMessages,
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
