/**
 * The queue scenarios of idemkit's conformance suite (github.com/idemkit/idemkit, spec/conformance.yaml; titles begin with
 * their names there), on Postgres.
 */
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import type { OpenDatabase } from "#platform/db/open";
import { createPostgresStore } from "#platform/idempotency/postgres-store";
import { createRunOnce } from "#platform/idempotency/run-once";
import { createJobs, worker } from "#platform/jobs/queue";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";

const LEASE_MS = 60_000;

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

describe("idemkit's queue scenarios", () => {
  let lastMessage = 0;

  /** A consumer of messages: ZIS is the broker, it delivers again what was not answered with 200. */
  function createConsumer(leaseMs = LEASE_MS, now = () => new Date()) {
    const store = createPostgresStore(database.db);
    const runOnce = createRunOnce({ store, now, random: () => 0.5, log: silentLog, leaseMs });
    return async (key: string, work: () => Promise<object>) => {
      const deadline = createDeadline(10_000);
      onTestFinished(() => deadline.clear());
      const { kind, body } = await runOnce(
        { account: "acme", operation: "consume", key, identity: "same", ttlSeconds: 60, deadline },
        async () => ({ answer: await work() }),
      );
      return { kind, body };
    };
  }
  const newMessage = () => `message-${(lastMessage += 1)}`;

  it("queue-at-least-once-dedup, queue-result-bearing-replay: five deliveries, one run, one result", async () => {
    const [consume, message] = [createConsumer(), newMessage()];
    let runs = 0;
    const work = async () => ({ run: (runs += 1) });
    for (let delivery = 0; delivery < 5; delivery += 1) {
      expect((await consume(message, work)).body).toBe('{"run":1}');
    }
    expect(runs).toBe(1);
  });

  it("queue-concurrent-redelivery: of eight consumers at once one runs", async () => {
    const message = newMessage();
    let runs = 0;
    const work = async () => ({ run: (runs += 1) });
    const consumers = Array.from({ length: 8 }, () => createConsumer());
    const results = await Promise.all(consumers.map((consume) => consume(message, work)));
    expect(new Set(results.map(({ body }) => body))).toEqual(new Set(['{"run":1}']));
    expect(runs).toBe(1);
  });

  it("queue-crash-recovery: the redelivery runs, and what the first does later does not count", async () => {
    let movedMs = 0;
    const now = () => new Date(Date.parse("2026-11-25T08:00:00Z") + movedMs);
    const [dead, living] = [createConsumer(LEASE_MS, now), createConsumer(LEASE_MS, now)];
    const message = newMessage();
    const gate = Promise.withResolvers<void>();
    let began = false;
    const zombie = dead(message, async () => {
      began = true;
      await gate.promise;
      return { by: "the first" };
    });
    await expect.poll(() => began).toBe(true);
    movedMs = LEASE_MS;
    expect(await living(message, async () => ({ by: "the second" }))).toMatchObject({
      kind: "ran",
    });
    gate.resolve();
    expect(await zombie).toEqual({ kind: "replayed", body: '{"by":"the second"}' });
  });

  it("queue-lease-shorter-than-visibility: a lease is renewed, so that no redelivery finds it over", async () => {
    const [consume, other] = [createConsumer(90), createConsumer(90)];
    const message = newMessage();
    let runs = 0;
    // Longer than several leases; the other is delivered meanwhile.
    const work = async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 400));
      return { runs };
    };
    const first = consume(message, work);
    await expect.poll(() => runs).toBe(1);
    expect((await other(message, work)).kind).toBe("replayed");
    await first;
    expect(runs).toBe(1);
  });

  it("queue-poison-dlq: a job that always fails is tried as often as it may be, then kept aside once", async () => {
    let runs = 0;
    const jobs = createJobs({ databaseUrl: database.url, log: silentLog });
    const poison = { name: "poison", timeoutSeconds: 30, retries: 1, concurrency: 1 };
    const fail = worker(poison, async () => {
      runs += 1;
      throw new Error("poison");
    });
    await jobs.start([fail]);
    onTestFinished(() => jobs.stop(1_000));
    await database.db.transaction().execute((trx) => jobs.enqueue(trx, poison, {}));
    await expect.poll(() => jobs.depths()).toMatchObject([{ queue: "poison", open: 0, dead: 1 }]);
    expect(runs).toBe(2);
  });
});
