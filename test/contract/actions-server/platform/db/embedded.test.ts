/** Does the embedded Postgres start, serve several processes, survive their deaths, and stop with the last? */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openDatabase } from "#platform/db/open";
import { silentLog } from "#test/support/silent-log";

const HOLDER = fileURLToPath(new URL("hold-database.ts", import.meta.url));

let dataDir: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-embedded-"));
  await chmod(folder, 0o755);
  dataDir = join(folder, "data");
  return () => rm(folder, { recursive: true, force: true });
});

/** A test that failed half-way leaves Postgres running. */
afterEach(async () => {
  const pid = await findPid();
  if (pid !== undefined) process.kill(pid, "SIGINT");
  await expect.poll(findPid).toBeUndefined();
});

async function findPid(): Promise<number | undefined> {
  const path = join(dataDir, "postgres", "postmaster.pid");
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : Number(text.split("\n")[0]);
}

const open = () => openDatabase({ dataDir, log: silentLog });

/** Another process that has the database open until its input ends. */
async function startHolder(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [HOLDER, dataDir], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout });
  const [url] = (await once(lines, "line")) as [string];
  return { child, url };
}

describe("embedded Postgres", () => {
  it("is made once by processes that start at once, and stops with the last", async () => {
    const holders = await Promise.all([startHolder(), startHolder(), startHolder()]);
    expect(new Set(holders.map(({ url }) => url)).size).toBe(1);
    for (const { child } of holders) {
      expect(await findPid()).toBeDefined();
      child.stdin!.end();
      expect(await once(child, "exit")).toEqual([0, null]);
    }
    expect(await findPid()).toBeUndefined();
  });

  it("keeps what was written, durably, from start to start", async () => {
    const first = await open();
    await first.pool.query("create table notes (text text)");
    await first.pool.query("insert into notes values ('kept')");
    const { rows } = await first.pool.query("show fsync");
    expect(rows).toEqual([{ fsync: "on" }]);
    await first.close();
    await first.close();
    expect(await findPid()).toBeUndefined();
    const second = await open();
    expect((await second.pool.query("select * from notes")).rows).toEqual([{ text: "kept" }]);
    await second.close();
  });

  it("listens on the loopback interface only, and lets nobody read its password", async () => {
    const { pool, url, close } = await open();
    expect(new URL(url).hostname).toBe("127.0.0.1");
    expect((await pool.query("show listen_addresses")).rows[0]).toEqual({
      listen_addresses: "127.0.0.1",
    });
    const password = join(dataDir, "postgres", "caseqa-password");
    expect((await stat(password)).mode & 0o777).toBe(0o600);
    const stranger = new URL(url);
    stranger.password = "wrong";
    await expect(new Client(stranger.href).connect()).rejects.toThrow("password");
    await close();
  });

  it("is joined after its starter was killed", async () => {
    const { child, url } = await startHolder();
    const pid = await findPid();
    child.kill("SIGKILL");
    await once(child, "exit");
    const database = await open();
    expect([await findPid(), database.url]).toEqual([pid, url]);
    await database.close();
    expect(await findPid()).toBeUndefined();
  });

  it("starts again after it was killed itself", async () => {
    const { close, pool } = await open();
    await pool.query("create table survivors (text text)");
    process.kill((await findPid())!, "SIGKILL");
    await close();
    const again = await open();
    expect((await again.pool.query("select * from survivors")).rows).toEqual([]);
    await again.close();
  });

  it("is started again at the same address when it dies while it is used, once for all who use it", async () => {
    const [first, second] = await Promise.all([open(), startHolder()]);
    await first.pool.query("create table lasting (text text)");
    for (let round = 0; round < 2; round += 1) {
      const pid = await findPid();
      process.kill(pid!, "SIGKILL");
      const isAnother = async () => ![undefined, pid].includes(await findPid());
      await expect.poll(isAnother).toBe(true);
      const count = () => first.pool.query("select * from lasting").catch(() => undefined);
      await expect.poll(count).toMatchObject({ rows: [] });
    }
    const presences = `select count(*)::int as count from pg_stat_activity where application_name = 'caseqa presence'`;
    const present = async () =>
      (await first.pool.query<{ count: number }>(presences)).rows[0]?.count;
    await expect.poll(present).toBe(2);
    await first.close();
    expect(await findPid()).toBeDefined();
    second.child.stdin!.end();
    expect(await once(second.child, "exit")).toEqual([0, null]);
    expect(await findPid()).toBeUndefined();
  });

  it("is not taken for alive when its process is a zombie", async () => {
    await (await open()).close();
    const program = join(dataDir, "..", "postgres");
    await symlink("/bin/sleep", program);
    // The shell makes way for a program that waits for no child.
    const parent = spawn("/bin/sh", ["-c", '"$0" 1 & echo $!; exec sleep 120', program]);
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    const state = async () => (await readFile(`/proc/${line}/stat`, "utf8")).split(" ")[2];
    await expect.poll(state).toBe("Z");
    const lines = [line, join(dataDir, "postgres"), 0, 5432, "", "127.0.0.1", "", "ready"];
    await writeFile(join(dataDir, "postgres", "postmaster.pid"), lines.join("\n"));
    const database = await open();
    expect(await findPid()).not.toBe(Number(line));
    await database.close();
  });

  it("is not fooled by a process number that belongs to another program", async () => {
    await (await open()).close();
    const lines = [process.pid, join(dataDir, "postgres"), 0, 5432, "", "127.0.0.1", "", "ready"];
    await writeFile(join(dataDir, "postgres", "postmaster.pid"), lines.join("\n"));
    const database = await open();
    expect(await findPid()).not.toBe(process.pid);
    await database.close();
  });
});

describe("DATABASE_URL", () => {
  it("is told when it does not answer, without its password", async () => {
    const opening = openDatabase({
      databaseUrl: "postgres://me:canary@127.0.0.1:1/shop",
      dataDir,
      log: silentLog,
    });
    await expect(opening).rejects.toThrow("the database shop at 127.0.0.1:1 does not answer");
    await expect(opening).rejects.not.toThrow("canary");
  });
});
