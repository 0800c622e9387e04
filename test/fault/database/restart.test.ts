/** Postgres restarts, or ends single connections, under load: does the server stay up, answer 503, and recover by itself? */
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, expect, it } from "vitest";
import { startPostgres, waitUntil, type PostgresServer } from "../postgres-server.ts";
import { startServer } from "../server-process.ts";
import { recordedKeys, startWriters, type Writers } from "./writers.ts";

const NOWHERE = "http://127.0.0.1:9";

let postgres: PostgresServer;

beforeEach(async () => {
  postgres = await startPostgres();
  return () => postgres.stop();
});

async function setUp() {
  const env = { DATABASE_URL: postgres.databaseUrl, ZENDESK_URL: NOWHERE };
  const server = await startServer("never", env);
  const exits: unknown[] = [];
  void server.exited.then((exit) => exits.push(exit));
  const writers = startWriters(server.url);
  return { server, exits, writers };
}

/** So many more answers than there are now. */
async function waitForMore({ answered }: Writers, count: number): Promise<void> {
  const least = answered.size + count;
  await waitUntil(async () => answered.size >= least, `${count} more answers`);
}

async function expectAllOnce({ answered, statuses }: Writers): Promise<void> {
  expect([...statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(await recordedKeys(postgres.database)).toEqual([...answered].sort());
}

it.each(["SIGQUIT", "SIGKILL"] as const)(
  "survives restarts of Postgres (%s) under twelve writers",
  async (signal) => {
    const { exits, writers } = await setUp();
    for (let round = 0; round < 3; round += 1) {
      await waitForMore(writers, 50);
      await postgres.restart(signal);
    }
    await waitForMore(writers, 50);
    await writers.stop();
    expect(exits).toEqual([]);
    await expectAllOnce(writers);
  },
);

it("survives the end of single connections, whatever they are at", async () => {
  const { exits, writers } = await setUp();
  for (let round = 0; round < 30; round += 1) {
    await waitForMore(writers, 5);
    await postgres.terminateBackends(1 + (round % 3));
  }
  await writers.stop();
  expect(exits).toEqual([]);
  await expectAllOnce(writers);
});

it("survives a pause of its own, in which its connections ended", async () => {
  const { server, exits, writers } = await setUp();
  await waitForMore(writers, 50);
  server.kill("SIGSTOP");
  await sleep(200);
  await postgres.terminateBackends(100);
  await sleep(200);
  server.kill("SIGCONT");
  await waitForMore(writers, 50);
  await writers.stop();
  expect(exits).toEqual([]);
  await expectAllOnce(writers);
});
