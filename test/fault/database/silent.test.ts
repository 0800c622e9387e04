/** Postgres is there but says nothing, as after a failover without RST: is every wait for it bounded, and recovered from? */
import { sql } from "kysely";
import { beforeEach, expect, it } from "vitest";
import { OPERATIONS } from "#contract/actions/operations";
import { MAIN_ENV, startMain } from "../../support/main-process.ts";
import { startWire, waitUntil } from "../postgres-server.ts";
import { callAction, startServer } from "../server-process.ts";
import { recordedKeys, startWriters } from "./writers.ts";

let postgres: Awaited<ReturnType<typeof startWire>>;

beforeEach(async () => {
  postgres = await startWire();
});

const start = (env: Readonly<Record<string, string>> = {}) =>
  startServer("never", {
    DATABASE_URL: postgres.databaseUrl,
    ZENDESK_URL: MAIN_ENV.ZENDESK_URL,
    ...env,
  });

/** Where it does not matter how long a statement waits for its answer: not long. */
const IMPATIENT = { ANSWER_MS: "2000" };

const assign = (url: string, key: string) =>
  callAction(url, {
    action: "record-assignment",
    key,
    body: { ticket_id: 1, agent_id: 7, group_id: 8, occurred_at: "2026-11-25T08:00:00Z" },
  });

const isReady = async (url: string) => (await fetch(`${url}/health/ready`)).status === 200;

it("answers 503 within each action's budget, names the database, and recovers", async () => {
  const { url } = await start();
  expect((await assign(url, "before")).status).toBe(200);
  postgres.relay.fallSilent("are silent");
  // More than there are slots for batches, connections, and both together.
  const keys = Array.from({ length: 30 }, (_, at) => `during-${at}`);
  const began = performance.now();
  const replies = await Promise.all(keys.map((key) => assign(url, key)));
  // Without a limit there would be no answer at all; a busy machine gets some time more.
  expect(performance.now() - began).toBeLessThan(2 * OPERATIONS["record-assignment"].budgetMs);
  expect(replies.map(({ status }) => status)).toEqual(keys.map(() => 503));
  expect(JSON.parse(replies[0]?.body ?? "")).toMatchObject({
    error: { code: "NOT_READY", retryable: true, message: expect.stringContaining("database") },
  });
  const reads = await callAction(url, { action: "resolve-case", key: "", body: { ticket_id: 1 } });
  expect(reads.status).toBe(503);

  const readiness = async () => (await fetch(`${url}/health/ready`)).json();
  await expect.poll(readiness).toMatchObject({
    error: {
      code: "NOT_READY",
      message: "the database does not answer",
      details: { dependencies: { database: "away" } },
    },
  });

  postgres.relay.recover();
  await waitUntil(async () => (await assign(url, "after")).status === 200, "an answer");
  await waitUntil(() => isReady(url), "readiness");
  for (const key of keys) expect((await assign(url, key)).status).toBe(200);
  expect(await recordedKeys(postgres.database)).toEqual(["after", "before", ...keys].sort());
});

it("gives the connections up that fell silent under twelve writers, and goes on with new ones", async () => {
  const { url } = await start(IMPATIENT);
  const writers = startWriters(url);
  for (let round = 0; round < 3; round += 1) {
    const least = writers.answered.size + 50;
    await waitUntil(async () => writers.answered.size >= least, "fifty answers");
    postgres.relay.fallSilent("work");
  }
  const least = writers.answered.size + 50;
  await waitUntil(async () => writers.answered.size >= least, "fifty answers");
  await writers.stop();
  expect([...writers.statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual(
    [],
  );
  expect(await recordedKeys(postgres.database)).toEqual([...writers.answered].sort());
});

it("does jobs again after their connections fell silent", async () => {
  const { url } = await start(IMPATIENT);
  postgres.relay.fallSilent("work");
  const promise = () =>
    callAction(url, { action: "capture-conversation", key: "promised", body: { ticket_id: 1 } });
  await waitUntil(async () => (await promise()).status === 200, "a promise");
  await waitUntil(async () => {
    const { rows } = await sql<{ ran: boolean }>`
      select started_on is not null as ran from pgboss.job where name = 'finish-capture'`.execute(
      postgres.database.db,
    );
    return rows[0]?.ran === true;
  }, "a run of the job");
});

it("stops on SIGTERM all the same", async () => {
  const { child, closed, listening, output } = startMain({
    ...MAIN_ENV,
    DATABASE_URL: postgres.databaseUrl,
    SHUTDOWN_GRACE_MS: "1000",
  });
  const url = await listening();
  postgres.relay.fallSilent("are silent");
  const calls = ["a", "b", "c"].map((key) => assign(url, key).catch(() => undefined));
  await Promise.all(calls);
  child.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
  expect(output.stdout).toContain('"msg":"stopped"');
});
