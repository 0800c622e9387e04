/** Does every hour bring one sweep for each account that has settings, and take old reports away? */
import { beforeEach, describe, expect, it } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { createSweeps, type SweepJob } from "#subjects/sweep/module";
import { purgeOwed, updateOwed } from "#subjects/sweep/owed-tickets";
import { readSweeps } from "#subjects/sweep/sweep-reports";
import { beginSweep, noteFinding, purgeSweeps, takeSweep } from "#subjects/sweep/sweep-store";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";

const NOW = new Date("2026-11-25T08:07:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 24 * 3_600_000);

let database: OpenDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});

/** The hour alone: nothing that a sweep works with is touched. */
function start() {
  const jobs: string[] = [];
  let ids = 0;
  const unused = undefined as never;
  const sync = createSweeps({
    db: database.db,
    client: unused,
    zendesk: { ticket: unused },
    settingsOf: unused,
    actions: unused,
    cases: unused,
    limits: unused,
    conversations: {
      storeHeaders: unused,
      askForMessages: unused,
      countWanted: async () => ({ left: 0, refused: 0 }),
    },
    runOnce: unused,
    jobs: {
      enqueue: async (_trx, { name }, payload) => {
        expect(name).toBe("sweep");
        jobs.push((payload as unknown as SweepJob).account);
      },
    },
    now: () => NOW,
    newId: () => `sweep-${(ids += 1)}`,
    log: silentLog,
  });
  return { sync, jobs };
}

const haveSettings = (account: string, revision = 1) =>
  database.pool.query(
    `insert into settings_history (account_id, revision, applied_at, document, fingerprint)
     values ($1, $2, $3, '{}', 'f')`,
    [account, revision, NOW],
  );
const sweepsOf = (account: string) => readSweeps(database.db, account, { newest: 10 });
const take = (id: string, at: Date) =>
  database.db
    .transaction()
    .execute((trx) => takeSweep(trx, { account: "acme", id, now: at, request: { dry_run: true } }));
const finish = (id: string, at: Date) =>
  database.db
    .updateTable("sweeps")
    .set({ state: "finished", finished_at: at })
    .where("id", "=", id)
    .execute();

describe("runHourly", () => {
  it("asks for one sweep of each account with settings, however many revisions it had", async () => {
    await haveSettings("acme");
    await haveSettings("acme", 2);
    await haveSettings("umbra");
    const { sync, jobs } = start();
    await sync.runHourly();
    expect(jobs.toSorted()).toEqual(["acme", "umbra"]);
    for (const account of ["acme", "umbra"]) {
      expect(await sweepsOf(account)).toMatchObject([{ reason: "hourly", state: "running" }]);
    }
  });

  it("begins none beside one that is not finished, but sees to its job again", async () => {
    await haveSettings("acme");
    const { sync, jobs } = start();
    await Promise.all([sync.runHourly(), sync.runHourly()]);
    await beginSweep(database.db, "acme", NOW);
    await sync.runHourly();
    expect(await sweepsOf("acme")).toHaveLength(1);
    expect(jobs).toEqual(["acme", "acme", "acme"]);
  });

  it("does nothing where no settings were handed over", async () => {
    const { sync, jobs } = start();
    await sync.runHourly();
    expect(jobs).toEqual([]);
  });
});

describe("purgeOwed", () => {
  it("takes away what has been owed for ninety days", async () => {
    for (const days of [89, 91]) {
      await updateOwed(database.db, "acme", {
        sweepId: "s",
        ids: [],
        unfinished: new Set([String(days)]),
        now: daysAgo(days),
      });
    }
    await purgeOwed(database.db, NOW);
    const left = await database.db.selectFrom("owed_tickets").select("ticket_id").execute();
    expect(left).toEqual([{ ticket_id: "89" }]);
  });
});

describe("purgeSweeps", () => {
  it("takes reports away after ninety days with their findings, and none that is not finished", async () => {
    await take("old", daysAgo(91));
    const finding = { ticketId: "1", kind: "missed", what: "x", repaired: false } as const;
    await noteFinding(database.db, "acme", "old", finding);
    await finish("old", daysAgo(91));
    await take("kept", daysAgo(89));
    await finish("kept", daysAgo(89));
    await take("stuck", daysAgo(91));

    await purgeSweeps(database.db, NOW);
    await purgeSweeps(database.db, NOW);

    expect((await sweepsOf("acme")).map(({ id }) => id).toSorted()).toEqual(["kept", "stuck"]);
    const left = await database.db.selectFrom("sweep_findings").selectAll().execute();
    expect(left).toEqual([]);
  });
});
