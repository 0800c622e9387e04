/** Repeated requests with Redis beside Postgres: is it only ever faster, and never the truth? */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import type { OpenDatabase } from "#platform/db/open";
import { createRedisAnswers } from "#platform/idempotency/redis-answers";
import { createPostgresStore } from "#platform/idempotency/postgres-store";
import { createRunOnce } from "#platform/idempotency/run-once";
import type { IdempotencyStore } from "#platform/idempotency/store";
import { createWakeUps } from "#platform/idempotency/wake-ups";
import type { Redis } from "#platform/redis/connection";
import { freshDatabase } from "#test/support/postgres";
import { hasRedis, startRedis, type RedisServer } from "#test/support/redis";
import { connectRedis, untilThere } from "#test/support/redis-client";
import { silentLog } from "#test/support/silent-log";
import { describeIdempotencyStore, type StoreHarness } from "./idempotency-store.suite.ts";

const START = new Date("2026-11-25T08:00:00Z");
const now = () => START;

/** As the store in use names it: opaque, so it is reckoned here on its own. */
function nameOf(account: string, key: string): string {
  const text = JSON.stringify([account, "capture", key]);
  return `caseqa:answer:1:${createHash("sha256").update(text).digest("base64url")}`;
}

describe.skipIf(!hasRedis)("Redis beside the Postgres store", () => {
  let database: OpenDatabase;
  let server: RedisServer;
  let redis: Redis;

  beforeAll(async () => {
    database = await freshDatabase();
    await sql`create table effects (name text not null)`.execute(database.db);
    server = await startRedis();
    redis = await connectRedis(server.url);
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  describe("keeps the contract of the store", () => {
    describeIdempotencyStore((): StoreHarness => ({
      store: createPostgresStore(database.db),
      beside: { hotAnswers: createRedisAnswers(redis, now), wakeUps: createWakeUps(redis) },
      addEffect: async (trx, name) => {
        await sql`insert into effects (name) values (${name})`.execute(trx);
      },
      addEffects: async (trx, names) => {
        await sql`insert into effects select * from unnest(${[...names]}::text[])`.execute(trx);
      },
      countEffects: async (name) => {
        const { rows } = await sql`select 1 from effects where name = ${name}`.execute(database.db);
        return rows.length;
      },
      corrupt: async ({ key }) => {
        await sql`update idempotency_records set body = '{' where key = ${key}`.execute(
          database.db,
        );
        await server.command(`set ${nameOf("acme", key)} {`);
      },
    }));
  });

  let lastKey = 0;

  /** A server of its own: another connection, another store. */
  async function startInstance() {
    const connection = await connectRedis(server.url);
    onTestFinished(() => connection.close());
    const store = createPostgresStore(database.db);
    let looks = 0;
    const watched: IdempotencyStore = {
      ...store,
      claim: (...asked) => {
        looks += 1;
        return store.claim(...asked);
      },
    };
    const runOnce = createRunOnce({
      store: watched,
      now,
      random: () => 0.5,
      log: silentLog,
      hotAnswers: createRedisAnswers(connection, now),
      wakeUps: createWakeUps(connection),
    });
    const deliver = async (key: string, answer: object, account = "acme") => {
      const deadline = createDeadline(20_000);
      onTestFinished(() => deadline.clear());
      const before = looks;
      const result = await runOnce(
        { account, operation: "capture", key, identity: "same", ttlSeconds: 3600, deadline },
        async () => ({ answer }),
      );
      return { ...result, askedStore: looks > before };
    };
    return { deliver, connection };
  }

  const newKey = () => `hot-${(lastKey += 1)}`;
  const ran = (body: string) => ({ kind: "ran", status: 200, body, askedStore: true });
  const replayed = (body: string, askedStore: boolean) => ({
    kind: "replayed",
    status: 200,
    body,
    askedStore,
  });

  it("gives a duplicate the same bytes without asking the store, at another server too", async () => {
    const [first, other] = [await startInstance(), await startInstance()];
    const key = newKey();
    const text = "é \u0000 \u2028 😀 \ud800";
    const { body } = await first.deliver(key, { text });
    expect(JSON.parse(body)).toEqual({ text });
    await expect.poll(() => other.deliver(key, {})).toEqual(replayed(body, false));
    expect(await first.deliver(key, {})).toEqual(replayed(body, false));
  });

  it("gives another account nothing of it", async () => {
    const { deliver } = await startInstance();
    const key = newKey();
    await deliver(key, { for: "acme" });
    await expect.poll(() => deliver(key, {})).toEqual(replayed('{"for":"acme"}', false));
    expect(await deliver(key, { for: "globex" }, "globex")).toEqual(ran('{"for":"globex"}'));
  });

  it("loses nothing when Redis is flushed, and keeps the answer again", async () => {
    const { deliver } = await startInstance();
    const key = newKey();
    await deliver(key, { n: 1 });
    await server.flush();
    expect(await deliver(key, { n: 2 })).toEqual(replayed('{"n":1}', true));
    await expect.poll(() => deliver(key, { n: 3 })).toEqual(replayed('{"n":1}', false));
  });

  it("goes on while Redis is killed, and uses it again when it is back", async () => {
    const { deliver, connection } = await startInstance();
    const key = newKey();
    await deliver(key, { n: 1 });
    await server.kill();
    expect(await deliver(key, { n: 2 })).toEqual(replayed('{"n":1}', true));
    const during = newKey();
    expect(await deliver(during, { n: 3 })).toEqual(ran('{"n":3}'));
    await server.restart();
    await untilThere(connection);
    expect(await deliver(during, { n: 4 })).toEqual(replayed('{"n":3}', true));
    await expect.poll(() => deliver(during, { n: 5 })).toEqual(replayed('{"n":3}', false));
  });

  it("goes on while Redis is slow", async () => {
    const { deliver } = await startInstance();
    const key = newKey();
    await deliver(key, { n: 1 });
    await server.pause();
    expect(await deliver(key, { n: 2 })).toEqual(replayed('{"n":1}', true));
    expect(await deliver(newKey(), { n: 3 })).toEqual(ran('{"n":3}'));
    await server.kill();
    await server.restart();
    await untilThere(redis);
  });

  it.each<[string, (name: string, other: string) => string[]]>([
    ["empty", (name) => [`set ${name} ""`]],
    ["no text at all", (name) => [`del ${name}`, `lpush ${name} x`]],
    ["another account's", (name, other) => [`copy ${other} ${name} replace`]],
    ["cut short", (name) => [`set ${name} ${"x".repeat(43)}["acme"`]],
    ["changed in one byte", (name) => [`setrange ${name} 60 X`]],
  ])("takes a value that is %s for no answer", async (_, spoil) => {
    const { deliver } = await startInstance();
    const key = newKey();
    await deliver(key, { secret: "of globex" }, "globex");
    await deliver(key, { answer: "of acme" });
    const hot = replayed('{"answer":"of acme"}', false);
    await expect.poll(() => deliver(key, {})).toEqual(hot);
    await server.command(...spoil(nameOf("acme", key), nameOf("globex", key)));
    expect(await deliver(key, {})).toEqual({ ...hot, askedStore: true });
  });

  it("wakes who waits at another server", async () => {
    const [one, other] = [await connectRedis(server.url), await connectRedis(server.url)];
    onTestFinished(async () => {
      await one.close();
      await other.close();
    });
    const [here, there] = [createWakeUps(one), createWakeUps(other)];
    const key = { account: "acme", operation: "capture", key: newKey() };
    let awake = false;
    void there.wait(key, 60_000).then(() => (awake = true));
    await expect
      .poll(() => {
        here.wake(key);
        return awake;
      })
      .toBe(true);
  });

  it("shows no key and no account in the names of what it keeps and says", async () => {
    const { deliver } = await startInstance();
    await deliver("plain-key-to-see", { n: 1 }, "account-to-see");
    await expect.poll(() => server.command("keys *")).toContain("caseqa:answer:1:");
    expect(await server.command("keys *")).not.toContain("to-see");
  });
});
