/** How much may one client take of the server, and do the others notice? */
import type { FastifyInstance } from "fastify";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRedis } from "#platform/redis/connection";
import { Secret } from "#platform/secret";
import { hasRedis, startRedis } from "#test/support/redis";
import { silentLog } from "#test/support/silent-log";
import {
  ACME,
  ACME_KEY,
  errorIn,
  GLOBEX,
  openSocket,
  post,
  RESOLVE,
  startEdge,
  type ErrorBody,
} from "./edge.ts";

const QUESTION = { ticket_id: 7 };
const as = (token: string) => ({ authorization: `Bearer ${token}` });

function eventsIn(lines: readonly string[]): Record<string, unknown>[] {
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === "refused");
}

describe("requests in a minute", () => {
  it("are limited by account, whatever its credential, and leave other accounts alone", async () => {
    const { app, lines, contexts } = await startEdge({ rateLimitPerMinute: 2 });
    const first = await post(app, RESOLVE, QUESTION);
    expect(first.headers).toMatchObject({ "ratelimit-limit": "2", "ratelimit-remaining": "1" });
    const second = await app.inject({
      method: "POST",
      url: RESOLVE,
      headers: { "x-api-key": ACME_KEY },
      payload: QUESTION,
    });
    expect([second.statusCode, second.headers["ratelimit-remaining"]]).toEqual([200, "0"]);
    const third = await post(app, RESOLVE, QUESTION);
    expect(third.statusCode).toBe(429);
    expect(third.json<ErrorBody>().error).toMatchObject({
      code: "TOO_MANY_REQUESTS",
      retryable: true,
    });
    const wait = Number(third.headers["retry-after"]);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect((await post(app, RESOLVE, QUESTION, as(GLOBEX))).statusCode).toBe(200);
    expect(contexts).toHaveLength(3);
    expect(eventsIn(lines)).toEqual([
      expect.objectContaining({
        reason: "TOO_MANY_REQUESTS",
        caller_kind: "bearer",
        account: "acme",
        ip: "127.0.0.1",
      }),
    ]);
  });

  it("are limited by address for strangers, who do not use up what callers have", async () => {
    const { app } = await startEdge({ rateLimitPerMinute: 5, limits: { strangersPerMinute: 2 } });
    const codes = [];
    for (const headers of [as("wrong-token-1234567"), as(""), as("wrong-token-1234567")]) {
      codes.push((await post(app, RESOLVE, QUESTION, headers)).statusCode);
    }
    expect(codes).toEqual([401, 401, 429]);
    expect((await app.inject("/nowhere")).statusCode).toBe(429);
    expect((await app.inject("/openapi.json")).statusCode).toBe(429);
    expect((await app.inject("/health/live")).statusCode).toBe(200);
    expect((await app.inject("/metrics")).statusCode).toBe(200);
    const known = await post(app, RESOLVE, QUESTION);
    expect([known.statusCode, known.headers["ratelimit-remaining"]]).toEqual([200, "4"]);
  });

  it("take the address from a proxy that is trusted, and from no other", async () => {
    const ask = (app: FastifyInstance, ip: string) =>
      post(app, RESOLVE, QUESTION, { ...as("wrong-token-1234567"), "x-forwarded-for": ip });
    const limits = { strangersPerMinute: 1 };
    const behind = await startEdge({ trustedProxies: ["127.0.0.0/8"], limits });
    expect((await ask(behind.app, "192.0.2.1")).statusCode).toBe(401);
    expect((await ask(behind.app, "192.0.2.2")).statusCode).toBe(401);
    expect((await ask(behind.app, "192.0.2.1")).statusCode).toBe(429);
    expect(eventsIn(behind.lines).map(({ ip }) => ip)).toEqual([
      "192.0.2.1",
      "192.0.2.2",
      "192.0.2.1",
    ]);
    const direct = await startEdge({ limits });
    expect((await ask(direct.app, "192.0.2.1")).statusCode).toBe(401);
    expect((await ask(direct.app, "192.0.2.2")).statusCode).toBe(429);
  });

  it("are not limited when the limit is 0", async () => {
    const { app } = await startEdge();
    const reply = await post(app, RESOLVE, QUESTION);
    expect([reply.statusCode, reply.headers["ratelimit-limit"]]).toEqual([200, undefined]);
  });

  it.skipIf(!hasRedis)(
    "are counted by all servers together, and by each without Redis",
    async () => {
      const server = await startRedis();
      onTestFinished(() => server.stop());
      const redis = createRedis({
        url: new Secret(server.url),
        random: Math.random,
        log: silentLog,
      });
      onTestFinished(() => redis.close());
      await expect.poll(() => redis.attempt((commands) => commands.ping())).toBe("PONG");
      const one = await startEdge({ rateLimitPerMinute: 1, redis });
      const other = await startEdge({ rateLimitPerMinute: 1, redis });
      expect((await post(one.app, RESOLVE, QUESTION)).statusCode).toBe(200);
      const refused = await post(other.app, RESOLVE, QUESTION);
      expect(refused.statusCode).toBe(429);
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
      await server.kill();
      expect((await post(other.app, RESOLVE, QUESTION)).statusCode).toBe(200);
      expect((await post(other.app, RESOLVE, QUESTION)).statusCode).toBe(429);
    },
  );
});

describe("a count in Redis that has lost its end", () => {
  it.skipIf(!hasRedis)("gets one with the next request, instead of refusing for ever", async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const redis = createRedis({ url: new Secret(server.url), random: Math.random, log: silentLog });
    onTestFinished(() => redis.close());
    await expect.poll(() => redis.attempt((commands) => commands.ping())).toBe("PONG");
    const key = "caseqa:rate:account:acme";
    await redis.attempt((commands) => commands.set(key, 1_000));
    const { app } = await startEdge({ rateLimitPerMinute: 5, redis });
    const refused = await post(app, RESOLVE, QUESTION);
    expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "60"]);
    const script = "return redis.call('PTTL', KEYS[1])";
    const endsInMs = await redis.attempt((commands) => commands.eval(script, 1, key));
    expect(endsInMs).toBeGreaterThan(0);
  });
});

describe("slow and large requests", () => {
  const HASTY = { headersMs: 200, requestMs: 400, checkMs: 50 };

  async function startListening(limits = {}) {
    const edge = await startEdge({ limits });
    await edge.app.listen({ host: "127.0.0.1", port: 0 });
    return edge;
  }

  it.each([
    ["its headers", `POST ${RESOLVE} HTTP/1.1\r\nHost: x\r\nX-A: `],
    [
      "its body",
      `POST ${RESOLVE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ACME}\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{"ticket_id"`,
    ],
    ["nothing at all", ""],
  ])("ends a client that sends %s drop by drop, while others are served", async (_, beginning) => {
    const { app, lines, contexts } = await startListening(HASTY);
    const slow = await Promise.all(Array.from({ length: 20 }, () => openSocket(app)));
    const drops = setInterval(() => {
      for (const { socket } of slow) if (beginning !== "") socket.write(" ");
    }, 40);
    onTestFinished(() => clearInterval(drops));
    for (const { socket } of slow) socket.write(beginning);
    expect((await post(app, RESOLVE, QUESTION)).statusCode).toBe(200);
    await Promise.all(slow.map(({ closed }) => closed));
    for (const { received } of slow) {
      expect(received.text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      expect(errorIn(received.text)).toMatchObject({ code: "REQUEST_TIMEOUT", retryable: true });
    }
    expect(contexts).toHaveLength(1);
    const reasons = eventsIn(lines).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === "REQUEST_TIMEOUT")).toHaveLength(20);
    expect(lines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it("ends a connection that stays silent after its answer", async () => {
    const { app } = await startListening({ keepAliveMs: 100 });
    const { socket, received, closed } = await openSocket(app);
    socket.write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
    await closed;
    expect(received.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it("closes connections beyond the most, and counts them", async () => {
    const { app } = await startListening({ connections: 2 });
    const [first] = [await openSocket(app), await openSocket(app)];
    const third = await openSocket(app);
    await third.closed;
    expect(third.received.text).toBe("");
    first.socket.write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => first.received.text).toContain("200 OK");
    expect((await app.inject("/metrics")).body).toContain(
      'caseqa_refusals_total{reason="TOO_MANY_CONNECTIONS",caller_kind="none"} 1',
    );
  });

  it("refuses headers over 16 KB", async () => {
    const { app, lines } = await startListening();
    const { socket, received, closed } = await openSocket(app);
    socket.write(`GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(17_000)}\r\n\r\n`);
    await closed;
    expect(received.text).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    expect(errorIn(received.text).code).toBe("HEADERS_TOO_LARGE");
    expect(eventsIn(lines)).toEqual([expect.objectContaining({ reason: "HEADERS_TOO_LARGE" })]);
  });

  it("blames a client that goes away in the middle of its body, not the database", async () => {
    const { app, lines } = await startListening();
    const { socket, closed } = await openSocket(app);
    socket.write(
      `POST ${RESOLVE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ACME}\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{"a"`,
    );
    await expect.poll(() => lines.join("")).toContain("incoming request");
    socket.destroy();
    await closed;
    await expect
      .poll(() => eventsIn(lines))
      .toContainEqual(
        expect.objectContaining({
          reason: "BAD_REQUEST",
          detail: "the connection ended before the body did",
          account: "acme",
        }),
      );
    expect(lines.join("")).not.toContain("database");
  });
});

describe("the audit of refusals", () => {
  it.each([
    ["an unknown bearer token", as("canary-token-1234567"), "UNAUTHORIZED", "bearer"],
    ["no credential", {}, "UNAUTHORIZED", "none"],
    ["an unknown user", { authorization: "Basic Y2FuYXJ5OmNhbmFyeQ==" }, "UNAUTHORIZED", "basic"],
    ["an unknown API key", { "x-api-key": "canary-key-123456789" }, "UNAUTHORIZED", "api_key"],
    ["a wrong body", as(ACME), "BAD_REQUEST", "bearer"],
  ] as const)("tells of %s, and of nothing that it sent", async (_, headers, reason, kind) => {
    const { app, lines } = await startEdge();
    await app.inject({
      method: "POST",
      url: `${RESOLVE}?token=canary`,
      headers: { ...headers, "x-request-id": "asked-1" },
      payload: { "canary-member": "canary-value" },
    });
    expect(eventsIn(lines)).toEqual([
      expect.objectContaining({
        reason,
        caller_kind: kind,
        ip: "127.0.0.1",
        request_id: "asked-1",
      }),
    ]);
    expect(lines.join("")).not.toMatch(/canary|Y2FuYXJ5/);
    expect((await app.inject("/metrics")).body).toContain(
      `caseqa_refusals_total{reason="${reason}",caller_kind="${kind}"} 1`,
    );
  });
});
