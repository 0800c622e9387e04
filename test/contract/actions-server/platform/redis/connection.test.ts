/** A Redis that is away, slow or refuses: what do those who use it see? */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Log } from "#platform/log";
import { hasRedis, startRedis, type RedisServer } from "#test/support/redis";
import { connectRedis, untilThere } from "#test/support/redis-client";

describe.skipIf(!hasRedis)("the connection to Redis", () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => server.stop());

  async function setUp() {
    const warnings: unknown[] = [];
    let misses = 0;
    const log: Log = {
      debug: () => {},
      info: () => {},
      error: () => {},
      warn: (...said: unknown[]) => void warnings.push(said),
    };
    const redis = await connectRedis(server.url, { log, onMiss: () => void (misses += 1) });
    onTestFinished(() => redis.close());
    const before = misses;
    return { redis, warnings, misses: () => misses - before };
  }

  it("hands on what Redis answers", async () => {
    const { redis, misses } = await setUp();
    await redis.attempt((commands) => commands.set("greeting", "hello"));
    expect(await redis.attempt((commands) => commands.get("greeting"))).toBe("hello");
    expect(misses()).toBe(0);
  });

  it("does without a Redis that is killed, says so once, and comes back by itself", async () => {
    const { redis, warnings, misses } = await setUp();
    await server.kill();
    const tries = Array.from({ length: 20 }, () => redis.attempt((commands) => commands.get("x")));
    expect(await Promise.all(tries)).toEqual(Array.from({ length: 20 }, () => undefined));
    expect(misses()).toBe(20);
    await expect.poll(() => warnings.length).toBe(1);
    await server.restart();
    await untilThere(redis);
    expect(warnings).toHaveLength(1);
    await server.kill();
    await expect.poll(() => warnings.length).toBe(2);
    await server.restart();
  });

  it("waits a moment for a slow one, then leaves it alone for a while", async () => {
    const { redis, misses } = await setUp();
    await server.pause();
    expect(await redis.attempt((commands) => commands.get("x"))).toBeUndefined();
    let asked = 0;
    const ask = async () => void (asked += 1);
    expect(await redis.attempt(ask)).toBeUndefined();
    expect([asked, misses()]).toEqual([0, 2]);
    await server.kill();
    await server.restart();
  });

  it("does without what Redis refuses, goes on at once, and shows nothing of the command", async () => {
    const { redis, warnings } = await setUp();
    await redis.attempt((commands) => commands.set("text", "not a number"));
    expect(await redis.attempt((commands) => commands.incrby("text", 424242))).toBeUndefined();
    expect(await redis.attempt((commands) => commands.get("text"))).toBe("not a number");
    expect(JSON.stringify(warnings)).toContain("not an integer");
    expect(JSON.stringify(warnings)).not.toContain("424242");
  });

  it("hears what is published, also after Redis was away", async () => {
    const { redis } = await setUp();
    const { redis: other } = await setUp();
    const heard: string[] = [];
    redis.subscribe("news", (message) => void heard.push(message));
    const say = (message: string) =>
      expect
        .poll(async () => {
          await other.attempt((commands) => commands.publish("news", message));
          return heard;
        })
        .toContain(message);
    await say("first");
    await server.kill();
    await server.restart();
    await untilThere(other);
    await say("second");
  });
});
