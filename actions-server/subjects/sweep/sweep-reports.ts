/** What a sweep found and did, as administrators read it. */
import type { Kysely, Selectable } from "kysely";
import type { SweepReport } from "#contract/routes/sweep";
import type { Database } from "#platform/db/schema";
import type { FindingKind } from "./judge.ts";
import { FIRST_LOAD } from "./load-store.ts";

type SweepRow = Selectable<Database["sweeps"]>;

const MOST_FINDINGS = 1_000;

/** Newest first; of windows of a first load only one that is asked for by its id. */
export async function readSweeps(
  db: Kysely<Database>,
  account: string,
  which: { readonly id: string } | { readonly newest: number },
): Promise<SweepReport[]> {
  let query = db.selectFrom("sweeps").selectAll().where("account_id", "=", account);
  query =
    "id" in which
      ? query.where("id", "=", which.id)
      : query.where("reason", "<>", FIRST_LOAD).limit(which.newest);
  const rows = await query.orderBy("serial", "desc").execute();
  const reports: SweepReport[] = [];
  for (const row of rows) reports.push(await toReport(db, row));
  return reports;
}

function leftAloneMessage(tickets: number): string | null {
  if (tickets === 0) return null;
  return `${tickets} old tickets that only Zendesk itself touched were left alone (setting sweep_old_tickets)`;
}

async function toReport(db: Kysely<Database>, row: SweepRow): Promise<SweepReport> {
  const ofSweep = db
    .selectFrom("sweep_findings")
    .where("account_id", "=", row.account_id)
    .where("sweep_id", "=", row.id);
  const counts = await ofSweep
    .select((eb) => [
      eb.fn.countAll<string>().filterWhere("kind", "=", "missed").as("missed"),
      eb.fn.countAll<string>().filterWhere("kind", "=", "stale").as("stale"),
      eb.fn.countAll<string>().filterWhere("kind", "=", "extra").as("extra"),
      eb.fn.countAll<string>().filterWhere("repaired", "=", true).as("repaired"),
    ])
    .executeTakeFirstOrThrow();
  const findings = await ofSweep
    .select(["ticket_id", "kind", "what", "repaired"])
    .orderBy("ticket_id")
    .orderBy("what")
    .limit(MOST_FINDINGS)
    .execute();
  return {
    id: row.id,
    state: row.state as SweepReport["state"],
    reason: row.reason,
    dry_run: row.dry_run,
    since: row.since.toISOString(),
    started_at: (row.begun_at ?? row.requested_at).toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    waits_until: row.state === "running" ? (row.waits_until?.toISOString() ?? null) : null,
    tickets_looked_at: row.tickets_looked_at,
    missed: Number(counts.missed),
    stale: Number(counts.stale),
    extra: Number(counts.extra),
    repaired: Number(counts.repaired),
    message: row.message ?? leftAloneMessage(row.tickets_left_alone),
    findings: findings.map((one) => ({ ...one, kind: one.kind as FindingKind })),
  };
}
