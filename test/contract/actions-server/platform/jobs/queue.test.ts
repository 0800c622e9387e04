/** Is a job there exactly when its transaction committed, run soon, tried again, and kept when it cannot be done? */
import { sql } from "kysely";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createJobs, worker, type Queue } from "#platform/jobs/queue";
import type { OpenDatabase } from "#platform/db/open";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

type Greeting = { name: string };
const GREET: Queue<Greeting> = { name: "greet", timeoutSeconds: 30, retries: 2, concurrency: 2 };

interface Changes extends Partial<Queue<Greeting>> {
  readonly handle?: (greeting: Greeting) => Promise<void>;
}

async function startJobs({ handle, ...changes }: Changes = {}) {
  const handled: string[] = [];
  const jobs = createJobs({ databaseUrl: database.url, log: silentLog });
  const note = async ({ name }: Greeting) => void handled.push(name);
  await jobs.start([worker({ ...GREET, ...changes }, handle ?? note)]);
  onTestFinished(() => jobs.stop(1_000));
  const enqueue = (name: string) =>
    database.db.transaction().execute((trx) => jobs.enqueue(trx, GREET, { name }));
  return { jobs, handled, enqueue };
}

describe("jobs", () => {
  it("runs a committed job well before the next poll", async () => {
    const { jobs, handled, enqueue } = await startJobs();
    // The first poll of the worker is over then.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await enqueue("Ada");
    const began = performance.now();
    await expect.poll(() => handled, { interval: 10 }).toEqual(["Ada"]);
    expect(performance.now() - began).toBeLessThan(1_500);
    await expect.poll(() => jobs.openCount()).toBe(0);
  });

  it("works through a backlog without a pause between two jobs", async () => {
    const { jobs, handled } = await startJobs({ concurrency: 1 });
    const names = Array.from({ length: 60 }, (_, at) => `guest-${at}`);
    await database.db.transaction().execute(async (trx) => {
      for (const name of names) await jobs.enqueue(trx, GREET, { name });
    });
    // At one job a poll it would take two minutes.
    await expect.poll(() => handled.length).toBe(60);
    expect(new Set(handled)).toEqual(new Set(names));
    await expect.poll(() => jobs.openCount()).toBe(0);
  });

  it("does not count a job as late that was put off on purpose", async () => {
    const { jobs } = await startJobs();
    await database.db
      .transaction()
      .execute((trx) => jobs.enqueue(trx, GREET, { name: "later" }, 3_600));
    await sql`update pgboss.job set created_on = now() - interval '10 minutes' where state = 'created'`.execute(
      database.db,
    );
    expect(await jobs.depths()).toMatchObject([{ queue: "greet", open: 1, oldestSeconds: 0 }]);
    await sql`update pgboss.job set start_after = now() - interval '5 minutes' where state = 'created'`.execute(
      database.db,
    );
    const [depth] = await jobs.depths();
    if (depth?.open === 1) expect(Math.round(depth.oldestSeconds / 10)).toBe(30);
    await expect.poll(() => jobs.openCount()).toBe(0);
  });

  it("knows nothing of a job whose transaction was rolled back", async () => {
    const { jobs, handled } = await startJobs();
    const transaction = database.db.transaction().execute(async (trx) => {
      await jobs.enqueue(trx, GREET, { name: "nobody" });
      throw new Error("rolled back");
    });
    await expect(transaction).rejects.toThrow("rolled back");
    expect(await jobs.openCount()).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(handled).toEqual([]);
  });

  it("tries a failed job again, later", async () => {
    let tries = 0;
    const { jobs, enqueue } = await startJobs({
      handle: async () => {
        tries += 1;
        if (tries === 1) throw new Error("busy");
      },
    });
    await enqueue("Grace");
    await expect.poll(() => tries).toBe(1);
    await expect.poll(() => jobs.openCount()).toBe(1);
    await expect.poll(() => tries).toBe(2);
    await expect.poll(() => jobs.openCount()).toBe(0);
  });

  it("keeps a job that cannot be done among the dead letters", async () => {
    const { enqueue } = await startJobs({
      retries: 0,
      handle: async () => {
        throw new Error("never works");
      },
    });
    await enqueue("Joan");
    const dead = async () => {
      const { rows } = await sql<{ data: object }>`
        select data from pgboss.job where name = 'greet.dead'`.execute(database.db);
      return rows.map(({ data }) => data);
    };
    await expect.poll(dead).toEqual([{ name: "Joan" }]);
  });

  it("goes on when Postgres has cut all its connections", async () => {
    const { jobs, handled, enqueue } = await startJobs();
    await enqueue("before");
    await expect.poll(() => handled).toEqual(["before"]);
    const { rows } = await sql<{ cut: boolean }>`
      select pg_terminate_backend(pid) as cut from pg_stat_activity
      where application_name = 'caseqa jobs' and datname = current_database()`.execute(database.db);
    expect(rows.length).toBeGreaterThan(0);
    const tryToEnqueue = () =>
      enqueue("after").then(
        () => true,
        () => false,
      );
    await expect.poll(tryToEnqueue).toBe(true);
    await expect.poll(() => handled).toEqual(["before", "after"]);
    await expect.poll(() => jobs.openCount()).toBe(0);
  });

  it("takes a run that never ends for a failure, and tries again", async () => {
    let runs = 0;
    const { jobs, enqueue } = await startJobs({
      timeoutSeconds: 1,
      handle: async () => {
        runs += 1;
        if (runs === 1) await new Promise(() => {});
      },
    });
    await enqueue("Sisyphus");
    await expect.poll(() => runs).toBe(2);
    await expect.poll(() => jobs.openCount()).toBe(0);
  });

  it("lets a running job end before it stops", async () => {
    const gate = Promise.withResolvers<void>();
    const ended: string[] = [];
    const { jobs, enqueue } = await startJobs({
      handle: async ({ name }) => {
        gate.resolve();
        await new Promise((resolve) => setTimeout(resolve, 300));
        ended.push(name);
      },
    });
    await enqueue("Rear");
    await gate.promise;
    await jobs.stop(5_000);
    expect(ended).toEqual(["Rear"]);
  });
});
