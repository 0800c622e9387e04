/** Is our share of a remote system's limits kept, also by several servers at once? */
import { setTimeout as sleep } from "node:timers/promises";
import { Redis as Client } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import type { Priority } from "#platform/outbound/budget";
import {
  createLocalCounters,
  type BudgetCounters,
  type WindowKind,
} from "#platform/outbound/budget-counters";
import { readSalesforceLimits, readZendeskLimits } from "#platform/outbound/limit-headers";
import { createRedisCounters } from "#platform/outbound/redis-counters";
import { createRemote } from "#platform/outbound/remote";
import { createOutbound } from "#platform/outbound/send";
import { createRedis, type Redis } from "#platform/redis/connection";
import { Secret } from "#platform/secret";
import { hasRedis, startRedis, type RedisServer } from "#test/support/redis";
import { silentLog } from "#test/support/silent-log";
import { json, startScriptedServer, text } from "../../scripted-server.ts";

const KIND = { windowMs: 60_000, longestMs: 600_000, probeMs: 60_000, rolling: false };
const monotonicMs = () => performance.now();
const localCounters = () => createLocalCounters(KIND, monotonicMs);

/** An account with a limit of its own, of which others take some, and as many servers of ours as are asked for. */
async function startAccount(limit: number, counters: () => BudgetCounters, share = 1) {
  let used = 0;
  const account = await startScriptedServer(() => {
    used += 1;
    const headers = {
      "ratelimit-limit": String(limit),
      "ratelimit-remaining": String(Math.max(0, limit - used)),
      "ratelimit-reset": "60",
    };
    return used > limit ? text("over the limit", 429, headers) : json({}, 200, headers);
  });
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());

  function startServer() {
    const remote = createRemote({
      outbound,
      monotonicMs,
      random: () => 0.5,
      budget: {
        counters: counters(),
        share,
        readLimits: readZendeskLimits,
        counts: ({ url }) => url.includes("/api/v2/"),
      },
    });
    return async (budgetMs = 1_000, priority: Priority = "agent", path = "/api/v2/x.json") => {
      const deadline = createDeadline(budgetMs);
      try {
        const url = `${account.origin}${path}`;
        return await remote.send({ method: "GET", url, headers: {}, priority }, deadline);
      } finally {
        deadline.clear();
      }
    };
  }
  return { account, startServer, others: (calls: number) => void (used += calls) };
}

const kinds = (results: readonly { readonly kind: string }[]) => ({
  sent: results.filter(({ kind }) => kind === "reply").length,
  refused: results.filter(({ kind }) => kind === "failed").length,
});

/** A remote that may take all that Zendesk's replies tell, which is half while others are unknown; every call counted. */
function createLimited() {
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  return createRemote({
    outbound,
    monotonicMs,
    random: () => 0.5,
    budget: {
      counters: localCounters(),
      share: 1,
      readLimits: readZendeskLimits,
      counts: () => true,
    },
  });
}

describe("the budget", () => {
  it("is never exceeded by calls that come at once", async () => {
    const { account, startServer } = await startAccount(100, localCounters);
    const send = startServer();
    const results = await Promise.all(Array.from({ length: 120 }, () => send()));
    expect(kinds(results)).toEqual({ sent: 50, refused: 70 });
    expect(account.calls).toHaveLength(50);
    expect(results.find(({ kind }) => kind === "failed")).toMatchObject({
      reason: "no_budget",
      retryAfterSeconds: 60,
    });
  });

  it("leaves the rest to those who are more urgent", async () => {
    const { startServer } = await startAccount(100, localCounters);
    const send = startServer();
    const wave = async (priority: Priority) =>
      kinds(await Promise.all(Array.from({ length: 60 }, () => send(500, priority)))).sent;
    // Of the twenty that background work may take, a quarter goes out at once.
    expect([await wave("backfill"), await wave("flow"), await wave("agent")]).toEqual([5, 40, 5]);
  });

  it("shrinks with what others take", async () => {
    const { startServer, others } = await startAccount(100, localCounters);
    others(60);
    const send = startServer();
    const results = await Promise.all(Array.from({ length: 60 }, () => send()));
    expect(kinds(results).sent).toBe(20);
  });

  it("does not bind calls that count against no limit, nor systems that report none", async () => {
    const { startServer } = await startAccount(4, localCounters);
    const send = startServer();
    const tokens = Array.from({ length: 20 }, () => send(1_000, "agent", "/oauth/tokens"));
    expect(kinds(await Promise.all(tokens)).refused).toBe(0);
    const silent = await startScriptedServer(() => json({}));
    const remote = createLimited();
    const deadline = createDeadline(2_000);
    onTestFinished(() => deadline.clear());
    const call = { method: "GET", url: silent.origin, headers: {} } as const;
    const results = await Promise.all(
      Array.from({ length: 50 }, () => remote.send(call, deadline)),
    );
    expect(kinds(results).sent).toBe(50);
  });

  it("keeps to the limit of an endpoint once a reply named it", async () => {
    let left = 10;
    const account = await startScriptedServer(({ path }) => {
      const name = path.includes("incremental") ? "incremental-exports" : undefined;
      if (name) left -= 1;
      return json({}, 200, {
        "ratelimit-limit": "700",
        "ratelimit-remaining": "600",
        ...(name && { [`zendesk-ratelimit-${name}`]: `total=10; remaining=${left}; resets=60` }),
      });
    });
    const remote = createLimited();
    const deadline = createDeadline(3_000);
    onTestFinished(() => deadline.clear());
    const send = (path: string) =>
      remote.send(
        { method: "GET", url: `${account.origin}${path}`, headers: {}, priority: "agent" },
        deadline,
      );
    const results = [];
    for (let page = 1; page <= 8; page += 1) {
      results.push(await send(`/api/v2/incremental/tickets/${page}.json`));
    }
    expect(kinds(results)).toEqual({ sent: 5, refused: 3 });
    expect((await send("/api/v2/tickets/1.json")).kind).toBe("reply");
  });
});

/** A remote on a clock that is turned by hand, and a system whose every reply says `headers`. */
async function startMisled(
  headers: Record<string, string>,
  limits: Pick<WindowKind, "windowMs" | "rolling"> & {
    readonly readLimits: typeof readZendeskLimits;
    readonly counters?: (clock: { ms: number }) => BudgetCounters;
  },
) {
  const clock = { ms: 0 };
  const { readLimits, ...window } = limits;
  const system = await startScriptedServer(() => json({}, 200, headers));
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  const kind = { ...KIND, longestMs: limits.windowMs, ...window };
  const remote = createRemote({
    outbound,
    monotonicMs: () => clock.ms,
    random: () => 0.5,
    budget: {
      counters: limits.counters?.(clock) ?? createLocalCounters(kind, () => clock.ms),
      share: 1,
      readLimits,
      counts: () => true,
    },
  });
  const send = async () => {
    const deadline = createDeadline(5_000);
    try {
      return await remote.send({ method: "GET", url: system.origin, headers: {} }, deadline);
    } finally {
      deadline.clear();
    }
  };
  return { clock, send, headers };
}

const EPOCH_RESET = {
  "ratelimit-limit": "700",
  "ratelimit-remaining": "0",
  "ratelimit-reset": "1795982400",
};

describe("a reply that misleads", () => {
  it("with the epoch for a reset stops nothing for longer than a minute", async () => {
    const { clock, send } = await startMisled(EPOCH_RESET, {
      windowMs: 60_000,
      rolling: false,
      readLimits: readZendeskLimits,
    });
    await send();
    expect(await send()).toMatchObject({ reason: "no_budget", retryAfterSeconds: 60 });
    clock.ms += 60_000;
    expect((await send()).kind).toBe("reply");
  });

  it("with a day that is used up is asked again by one call after each pause", async () => {
    const headers = { "sforce-limit-info": "api-usage=100000/100000" };
    const { clock, send } = await startMisled(headers, {
      windowMs: 24 * 3_600_000,
      rolling: true,
      readLimits: readSalesforceLimits,
    });
    await send();
    for (let pause = 0; pause < 3; pause += 1) {
      expect(await send()).toMatchObject({ reason: "no_budget", retryAfterSeconds: 60 });
      clock.ms += KIND.probeMs;
      expect(kinds(await Promise.all([send(), send(), send()]))).toEqual({ sent: 1, refused: 2 });
    }
    headers["sforce-limit-info"] = "api-usage=10/100000";
    clock.ms += KIND.probeMs;
    await send();
    expect(kinds(await Promise.all([send(), send(), send()]))).toEqual({ sent: 3, refused: 0 });
  });
});

describe.skipIf(!hasRedis)("the budget of several servers", () => {
  let server: RedisServer;
  const open: Redis[] = [];
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const redis of open) await redis.close();
    await server.stop();
  });

  let accounts = 0;
  async function connect(): Promise<Redis> {
    const redis = createRedis({ url: new Secret(server.url), random: Math.random, log: silentLog });
    open.push(redis);
    while ((await redis.attempt((commands) => commands.ping())) === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return redis;
  }

  /** Without limits of time: a busy machine must not look like a Redis that is away. */
  function connectPatiently(): Pick<Redis, "attempt"> {
    const client = new Client(server.url);
    onTestFinished(() => client.disconnect());
    return { attempt: (use) => use(client) };
  }

  it("is one for all of them, and never exceeded", async () => {
    accounts += 1;
    const prefix = `account-${accounts}`;
    const instances = [connectPatiently(), connectPatiently()];
    let next = 0;
    const { account, startServer } = await startAccount(100, () => {
      const redis = instances[next]!;
      next += 1;
      return createRedisCounters({ redis, prefix, kind: KIND, local: localCounters() });
    });
    const servers = [startServer(), startServer()];

    const results = await Promise.all(
      Array.from({ length: 160 }, (_, index) => servers[index % 2]!(3_000)),
    );

    expect(kinds(results)).toEqual({ sent: 50, refused: 110 });
    expect(account.calls).toHaveLength(50);
  });

  it("ends within its documented window, whatever a reply says or an earlier server kept", async () => {
    accounts += 1;
    const prefix = `account-${accounts}`;
    const key = `caseqa:budget:${prefix}:account`;
    const client = new Client(server.url);
    onTestFinished(() => client.disconnect());
    const counters = (clock: { ms: number }) =>
      createRedisCounters({
        redis: connectPatiently(),
        prefix,
        kind: KIND,
        local: createLocalCounters(KIND, () => clock.ms),
      });
    const zendesk = { windowMs: 60_000, rolling: false, readLimits: readZendeskLimits, counters };
    const { send } = await startMisled(EPOCH_RESET, zendesk);
    await send();
    expect(await client.pttl(key)).toBeLessThanOrEqual(60_000);

    await client.hset(key, { limit: 700, remaining: 0 });
    await client.pexpire(key, 50 * 365 * 24 * 3_600_000);
    expect(await send()).toMatchObject({ reason: "no_budget", retryAfterSeconds: 60 });
    expect(await client.pttl(key)).toBeLessThanOrEqual(600_000);
    // The pause is over.
    await client.del(`{${key}}:pause`);
    expect(kinds(await Promise.all([send(), send(), send()]))).toEqual({ sent: 1, refused: 2 });
    expect(await client.pttl(`{${key}}:pause`)).toBeGreaterThan(0);
  });

  it("remembers what others took as a single process does, window by window", async () => {
    accounts += 1;
    const kind = { windowMs: 1_000, longestMs: 2_000, probeMs: 60_000, rolling: false };
    const local = () => createLocalCounters(kind, monotonicMs);
    const both = [
      local(),
      createRedisCounters({
        redis: connectPatiently(),
        prefix: `account-${accounts}`,
        kind,
        local: local(),
      }),
    ];
    /** What both say at the begin of each window; the window is watched late when `late`. */
    async function window(others: number, late: boolean) {
      const beganMs = monotonicMs();
      const said = await Promise.all(both.map((counters) => counters.take("x")));
      const report = (used: number) => ({
        tookMs: 0,
        report: { name: "x", limit: 100, remaining: 100 - used, resetSeconds: undefined },
      });
      for (const [index, counters] of both.entries()) {
        await counters.record("x", said[index]!.turn, report(1));
      }
      if (late) await sleep(beganMs + 930 - monotonicMs());
      for (const counters of late ? both : []) {
        const { turn } = await counters.take("x");
        await counters.record("x", turn, report(2 + others));
      }
      const endsInMs = said.map((one) => one.endsInMs);
      await sleep(beganMs + Math.max(...endsInMs) + 5 - monotonicMs());
      return said.map(({ granted, completed, limit, remaining, held }) =>
        JSON.stringify({ granted, completed, limit, remaining, held }),
      );
    }
    const helds: unknown[] = [];
    for (const [others, late] of [
      [40, true],
      [0, false],
      [7, true],
      [60, true],
      [0, true],
      [0, true],
    ] as const) {
      const [alone, shared] = await window(others, late);
      expect(shared).toBe(alone);
      helds.push((JSON.parse(alone!) as { held?: number }).held);
    }
    expect(helds).toEqual([undefined, 40, 40, 40, 60, 60]);
  });

  it("is halved, and its count kept, while a Redis that evicts nothing is full", async () => {
    accounts += 1;
    const prefix = `account-${accounts}`;
    const redis = connectPatiently();
    const refusing: Pick<Redis, "attempt"> = {
      attempt: (use) => redis.attempt(use).catch(() => undefined),
    };
    const { startServer } = await startAccount(100, () =>
      createRedisCounters({ redis: refusing, prefix, kind: KIND, local: localCounters() }),
    );
    const send = startServer();
    for (let call = 0; call < 10; call += 1) await send();
    await server.command("config set maxmemory-policy noeviction", "config set maxmemory 1");
    onTestFinished(async () => void (await server.command("config set maxmemory 0")));
    const full = await Promise.all(Array.from({ length: 60 }, () => send()));
    expect(kinds(full).sent).toBe(15);

    await server.command("config set maxmemory 0");
    const count = await server.command(`hget caseqa:budget:${prefix}:account granted`);
    expect(count).toContain("10");
  });

  it("is halved for a server that does not see the others, while Redis is away", async () => {
    accounts += 1;
    const prefix = `account-${accounts}`;
    const redis = await connect();
    const { startServer } = await startAccount(100, () =>
      createRedisCounters({ redis, prefix, kind: KIND, local: localCounters() }),
    );
    const send = startServer();
    for (let call = 0; call < 10; call += 1) await send();
    await server.kill();
    const results = await Promise.all(Array.from({ length: 60 }, () => send()));
    expect(kinds(results).sent).toBe(15);
    await server.restart();
  });
});
