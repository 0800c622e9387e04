/** Does an operator see what waits and what was given up, and can it be tried again? */
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { createJobs, worker, type Queue } from "#platform/jobs/queue";
import { openDeadLetters } from "#platform/jobs/dead-letters";
import { freshDatabase } from "#test/support/postgres";
import { runScript } from "#test/support/run-script";
import { silentLog } from "#test/support/silent-log";

const COMMON = { timeoutSeconds: 30, retries: 0, concurrency: 1 };
const GREET: Queue<{ name: string }> = { ...COMMON, name: "greet" };

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

async function startJobs() {
  const greeted: string[] = [];
  let isAway = true;
  const jobs = createJobs({ databaseUrl: database.url, log: silentLog });
  await jobs.start([
    worker(GREET, async ({ name }) => {
      if (isAway) throw new Error(`${name} is away`);
      greeted.push(name);
    }),
    worker({ ...COMMON, name: "idle" }, async () => {}),
  ]);
  onTestFinished(() => jobs.stop(1_000));
  return {
    jobs,
    greeted,
    comeBack: () => (isAway = false),
    enqueue: (name: string) =>
      database.db.transaction().execute((trx) => jobs.enqueue(trx, GREET, { name })),
  };
}

const run = (...args: string[]) =>
  runScript("scripts/jobs.ts", args, { DATABASE_URL: database.url });

describe("dead letters", () => {
  it("says what is wrong before a server has made the queues", async () => {
    const { code, stderr } = await run("list");
    expect(code).toBe(1);
    expect(stderr).toBe("the database has no queues yet: start a server on it once\n");
  });

  it("are listed, and tried again when they are put back", async () => {
    const { jobs, greeted, comeBack, enqueue } = await startJobs();
    const letters = await openDeadLetters(database.url);
    onTestFinished(() => letters.close());
    await enqueue("Ada");
    await enqueue("Grace");
    await expect.poll(async () => (await letters.list(10)).length).toBe(2);
    const [ada] = await letters.list(1);
    expect(ada).toMatchObject({
      queue: "greet",
      payload: { name: "Ada" },
      tries: 1,
      error: "Ada is away",
    });
    expect(await letters.queues()).toEqual([
      { queue: "greet", waiting: 0, running: 0, dead: 2, oldestSeconds: null },
      { queue: "idle", waiting: 0, running: 0, dead: 0, oldestSeconds: null },
    ]);
    expect(await jobs.depths()).toContainEqual({
      queue: "greet",
      open: 0,
      dead: 2,
      oldestSeconds: 0,
    });

    comeBack();
    expect(await letters.requeue([ada!.id])).toBe(1);
    await expect.poll(() => greeted).toEqual(["Ada"]);
    expect(await letters.requeue([ada!.id])).toBe(0);

    const dead = await run("dead", "--json");
    expect(JSON.parse(dead.stdout)).toMatchObject({ dead: [{ payload: { name: "Grace" } }] });
    const listed = await run("list");
    expect(listed.stdout).toMatch(/^greet +0 +0 +1 +-$/m);
    const requeued = await run("requeue", "--all");
    expect(requeued).toMatchObject({ code: 0, stdout: "1 jobs will be tried again.\n" });
    await expect.poll(() => greeted).toEqual(["Ada", "Grace"]);
    const gone = await run("requeue", ada!.id);
    expect(gone.code).toBe(1);
    expect(gone.stdout).toContain("1 of these IDs are not dead letters");
  });

  it("are put back once by two operators at once", async () => {
    const { greeted, comeBack, enqueue } = await startJobs();
    const operators = await Promise.all([
      openDeadLetters(database.url),
      openDeadLetters(database.url),
    ]);
    onTestFinished(async () => void (await Promise.all(operators.map((each) => each.close()))));
    for (let at = 0; at < 20; at += 1) await enqueue(`guest-${at}`);
    const [first] = operators;
    await expect.poll(async () => (await first.list(99)).length).toBe(20);
    comeBack();
    const moved = await Promise.all(operators.map((each) => each.requeue("all")));
    expect(moved[0]! + moved[1]!).toBe(20);
    await expect.poll(() => greeted.length).toBe(20);
    expect(new Set(greeted).size).toBe(20);
    expect(await first.list(99)).toEqual([]);
  });

  it.each([
    [[], "Usage: npm run jobs -- [options] [command]"],
    [["lsit"], "unknown command 'lsit' (Did you mean list?)"],
    [["requeue"], "requeue takes the IDs that dead shows, or --all"],
    [["requeue", "7"], '"7" is not the ID of a job'],
    [["list", "--all"], "unknown option '--all'"],
    [
      ["dead", "--limit", "0"],
      "option '--limit <N>' argument '0' is invalid. It is a whole number from 1 to 100000.",
    ],
  ])("misuse %j is explained", async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
