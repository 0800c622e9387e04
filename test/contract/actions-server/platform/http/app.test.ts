/** What does the server answer over HTTP, right requests and wrong ones? */
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { OPERATIONS } from "#contract/actions/operations";
import type { OpenDatabase } from "#platform/db/open";
import { AppError, ERRORS } from "#platform/errors";
import { createPostgresStore } from "#platform/idempotency/postgres-store";
import { createRunOnce } from "#platform/idempotency/run-once";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";
import {
  ACME,
  CAPTURE,
  GLOBEX,
  newKey,
  post,
  RESOLVE,
  startEdge,
  type EdgeChanges,
} from "./edge.ts";

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

/** With real records in Postgres. */
function startApp(changes: EdgeChanges = {}) {
  return startEdge({
    pingDatabase: async () => void (await database.pool.query("select 1")),
    runOnce: createRunOnce({
      store: createPostgresStore(database.db),
      now: () => new Date(),
      random: Math.random,
      log: silentLog,
    }),
    ...changes,
  });
}

describe("actions", () => {
  it("answers a read, which needs no key and records nothing", async () => {
    const { app, contexts } = await startApp();
    const reply = await post(app, RESOLVE, { ticket_id: 7 }, { "x-request-id": "flow.1:2" });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({
      outcome: "none",
      ticket_id: "7",
      case_id: null,
      reason: "no_candidate",
    });
    expect(reply.headers["x-request-id"]).toBe("flow.1:2");
    expect(reply.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(contexts[0]).toMatchObject({ account: "acme", requestId: "flow.1:2" });
    expect(contexts[0]!.deadline.remainingMs()).toBeGreaterThan(5_000);
    expect(contexts[0]!.deadline.remainingMs()).toBeLessThanOrEqual(5_500);
  });

  it("replays a write, marked and byte for byte, and counts it", async () => {
    const { app, contexts } = await startApp();
    const headers = { "idempotency-key": newKey() };
    const first = await post(app, CAPTURE, { ticket_id: 7 }, headers);
    const second = await post(app, CAPTURE, { ticket_id: "7", case_id: null }, headers);
    expect(first.statusCode).toBe(200);
    expect(first.headers["idempotency-replayed"]).toBeUndefined();
    expect(second.headers["idempotency-replayed"]).toBe("true");
    expect([second.statusCode, second.body]).toEqual([200, first.body]);
    expect(contexts).toHaveLength(1);
    expect(contexts[0]?.idempotencyKey).toBe(headers["idempotency-key"]);
    const { body } = await app.inject("/metrics");
    expect(body).toContain('caseqa_action_replays_total{operation="capture-conversation"} 1');
    expect(body).toContain(
      'caseqa_action_duration_seconds_count{operation="capture-conversation",status="200"} 2',
    );
  });

  it("keeps the same key of two accounts apart", async () => {
    const { app } = await startApp();
    const key = { "idempotency-key": newKey() };
    await post(app, CAPTURE, { ticket_id: 7 }, key);
    const other = await post(
      app,
      CAPTURE,
      { ticket_id: 8 },
      { ...key, authorization: `Bearer ${GLOBEX}` },
    );
    expect(other.json()).toEqual({ outcome: "accepted", ticket_id: "8" });
  });

  it("takes a key of 255 characters", async () => {
    const { app } = await startApp();
    const key = `${newKey()}${"k".repeat(255)}`.slice(0, 255);
    expect(
      (await post(app, CAPTURE, { ticket_id: 7 }, { "idempotency-key": key })).statusCode,
    ).toBe(200);
  });
});

describe("refusals", () => {
  const key = { "idempotency-key": "refused" };
  it.each([
    ["no credential", RESOLVE, { ticket_id: 7 }, { authorization: "" }, "UNAUTHORIZED", /missing/],
    [
      "a wrong token",
      RESOLVE,
      { ticket_id: 7 },
      { authorization: "Bearer x" },
      "UNAUTHORIZED",
      /unknown/,
    ],
    ["a stranger's broken body", RESOLVE, "{", { authorization: "" }, "UNAUTHORIZED", /missing/],
    ["an unknown member", RESOLVE, { tiket_id: 7 }, {}, "BAD_REQUEST", /did you mean ticket_id/],
    ["a wrong type", RESOLVE, { ticket_id: true }, {}, "BAD_REQUEST", /^body\.ticket_id must be/],
    ["a number as text that is none", RESOLVE, { ticket_id: " 7" }, {}, "BAD_REQUEST", /ticket_id/],
    [
      "broken JSON",
      RESOLVE,
      '{"ticket_id":',
      {},
      "BAD_REQUEST",
      /ends too early at line 1, column 14/,
    ],
    ["an empty body", RESOLVE, "", {}, "BAD_REQUEST", /body/],
    ["no body", RESOLVE, undefined, {}, "BAD_REQUEST", /body/],
    [
      "a body of another type",
      RESOLVE,
      "ticket_id=7",
      { "content-type": "text/plain" },
      "UNSUPPORTED_MEDIA_TYPE",
      /./,
    ],
    [
      "a form",
      RESOLVE,
      "a=1",
      { "content-type": "application/x-www-form-urlencoded" },
      "UNSUPPORTED_MEDIA_TYPE",
      /./,
    ],
    [
      "a body of a megabyte",
      RESOLVE,
      JSON.stringify({ ticket_id: 7, x: "x".repeat(1_048_576) }),
      {},
      "PAYLOAD_TOO_LARGE",
      /./,
    ],
    [
      "an unknown route",
      "/v1/actions/resolve",
      { ticket_id: 7 },
      {},
      "NOT_FOUND",
      /no POST \/v1\/actions\/resolve$/,
    ],
    ["a stranger's unknown route", "/x", "{", { authorization: "" }, "NOT_FOUND", /no POST \/x$/],
    ["a wrong method", "/health/live", {}, {}, "METHOD_NOT_ALLOWED", /only GET, HEAD$/],
    [
      "a credential of another kind",
      RESOLVE,
      { ticket_id: 7 },
      { authorization: `Basic ${ACME}` },
      "UNAUTHORIZED",
      /missing/,
    ],
    ["a broken URL", "/v1/%zz", {}, {}, "BAD_REQUEST", /./],
    ["a write without a key", CAPTURE, { ticket_id: 7 }, {}, "IDEMPOTENCY_KEY_MISSING", /missing/],
    [
      "an empty key",
      CAPTURE,
      { ticket_id: 7 },
      { "idempotency-key": "" },
      "IDEMPOTENCY_KEY_INVALID",
      /empty/,
    ],
    [
      "a key of 256 characters",
      CAPTURE,
      { ticket_id: 7 },
      { "idempotency-key": "k".repeat(256) },
      "IDEMPOTENCY_KEY_INVALID",
      /256 characters/,
    ],
    [
      "an unknown member of a write",
      CAPTURE,
      { ticket_id: 7, case: null },
      key,
      "BAD_REQUEST",
      /did you mean case_id/,
    ],
  ] as const)("answers %s", async (_, url, body, headers, code, message) => {
    const { app, contexts } = await startApp();
    const reply = await post(app, url, body, headers);
    const { status, retryable, hint } = ERRORS[code];
    expect(reply.json()).toEqual({
      error: {
        code,
        message: expect.stringMatching(message) as string,
        hint,
        retryable,
        request_id: reply.headers["x-request-id"],
        ...(url === RESOLVE && body === '{"ticket_id":' && { details: { position: 13 } }),
      },
    });
    expect(reply.statusCode).toBe(status);
    expect(contexts).toHaveLength(0);
  });

  it("answers a key that was used for another ticket", async () => {
    const { app } = await startApp();
    const headers = { "idempotency-key": newKey() };
    const first = await post(app, CAPTURE, { ticket_id: 7 }, headers);
    const other = await post(app, CAPTURE, { ticket_id: 8 }, headers);
    expect([other.statusCode, other.json<{ error: { code: string } }>().error.code]).toEqual([
      422,
      "IDEMPOTENCY_KEY_REUSED",
    ]);
    expect((await post(app, CAPTURE, { ticket_id: 7 }, headers)).body).toBe(first.body);
  });

  it("answers a repeated key header", async () => {
    const { app } = await startApp();
    await app.listen({ host: "127.0.0.1", port: 0 });
    const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.end(
      `POST ${CAPTURE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ACME}\r\nIdempotency-Key: a\r\nIdempotency-Key: a\r\nContent-Type: application/json\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{"ticket_id":7}`,
    );
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    await once(socket, "close");
    expect(text).toContain("IDEMPOTENCY_KEY_INVALID");
    expect(text).toContain("repeated");
  });

  it("answers what is not HTTP with the same form of error", async () => {
    const { app } = await startApp();
    await app.listen({ host: "127.0.0.1", port: 0 });
    const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.write("NONSENSE\r\n\r\n");
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    await once(socket, "close");
    const [, body = ""] = text.split("\r\n\r\n");
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(body)).toMatchObject({ error: { code: "BAD_REQUEST", retryable: false } });
  });

  it.each([
    [
      "a time to come again",
      new AppError("ZENDESK_UNAVAILABLE", "429", { retryAfterSeconds: 17 }),
      503,
      "17",
    ],
    ["a default time", new AppError("SALESFORCE_UNAVAILABLE", "slow"), 503, "2"],
    ["no time for a refusal", new AppError("ZENDESK_REFUSED", "403"), 502, undefined],
    ["no time for what was not set up", new AppError("WEBHOOK_NOT_CONFIGURED", ""), 501, undefined],
    ["a database that is away", Object.assign(new Error("x"), { code: "ECONNREFUSED" }), 503, "2"],
  ])("answers %s", async (_, error, status, retryAfter) => {
    const actions: EdgeChanges["actions"] = {
      "resolve-case": async () => {
        throw error;
      },
    };
    const { app } = await startApp({ actions });
    const reply = await post(app, RESOLVE, { ticket_id: 7 });
    expect([reply.statusCode, reply.headers["retry-after"]]).toEqual([status, retryAfter]);
  });

  it("hides an unexpected fault from the caller and logs it", async () => {
    const actions: EdgeChanges["actions"] = {
      "resolve-case": async () => {
        throw new TypeError("secret detail");
      },
    };
    const { app, lines } = await startApp({ actions });
    const reply = await post(app, RESOLVE, { ticket_id: 7 });
    expect([reply.statusCode, reply.body.includes("secret detail")]).toEqual([500, false]);
    expect(lines.join("")).toContain("secret detail");
  });

  it("replaces a request id that could break a log", async () => {
    const { app } = await startApp();
    const reply = await post(app, RESOLVE, { ticket_id: 7 }, { "x-request-id": "a b\u00e9" });
    expect(reply.headers["x-request-id"]).toMatch(/^id-\d+$/);
  });

  it("logs neither credentials nor bodies", async () => {
    const { app, lines } = await startApp();
    await post(app, RESOLVE, { ticket_id: 7, canary_member: "canary-value" });
    await post(app, `${RESOLVE}?token=canary-query`, "{canary-json");
    await post(app, CAPTURE, { ticket_id: 4711 }, { "idempotency-key": newKey() });
    expect(lines.join("")).not.toMatch(/canary-|token-of-acme|\b4711\b/);
    expect(lines.join("")).toContain('"request_id"');
  });
});

describe("operations", () => {
  it("lives and is ready while the database answers", async () => {
    const { app } = await startApp();
    expect((await app.inject("/health/live")).json()).toEqual({ status: "ok" });
    expect((await app.inject("/health/ready")).json()).toMatchObject({ status: "ok" });
  });

  it("lives but is not ready when the database is away", async () => {
    const pingDatabase = async () => {
      throw new Error("gone");
    };
    const { app } = await startApp({ pingDatabase });
    expect((await app.inject("/health/live")).statusCode).toBe(200);
    const ready = await app.inject("/health/ready");
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({
      error: { code: "NOT_READY", message: "the database does not answer" },
    });
  });

  it("publishes every operation with its budget, life time and errors", async () => {
    const { app } = await startApp();
    const document = (await app.inject("/openapi.json")).json<{
      openapi: string;
      paths: Record<string, { post: Record<string, unknown> }>;
      components: { schemas: Record<string, unknown> };
    }>();
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toEqual(Object.values(OPERATIONS).map(({ path }) => path));
    expect(document.paths[CAPTURE]!.post).toMatchObject({
      "x-budget-ms": OPERATIONS["capture-conversation"].budgetMs,
      "x-ttl-seconds": 2_592_000,
      parameters: [{ name: "idempotency-key", in: "header", required: true }],
      requestBody: { content: { "application/json": { schema: { type: "object" } } } },
      responses: {
        422: {
          content: { "application/json": { schema: { $ref: "#/components/schemas/ErrorReply" } } },
        },
      },
    });
    expect(document.paths[RESOLVE]!.post["x-ttl-seconds"]).toBeUndefined();
    expect(Object.keys(document.components.schemas)).toEqual(["ErrorReply"]);
  });

  it("sends security headers", async () => {
    const { app } = await startApp();
    const { headers } = await app.inject("/health/live");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("finishes a running request before it closes, and is not ready meanwhile", async () => {
    const gate = Promise.withResolvers<void>();
    const actions: EdgeChanges["actions"] = {
      "resolve-case": async () => {
        await gate.promise;
        return { outcome: "none", ticket_id: "7", case_id: null, reason: "no_candidate" };
      },
    };
    const { app } = await startApp({ actions });
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    const running = fetch(url + RESOLVE, {
      method: "POST",
      headers: { authorization: `Bearer ${ACME}`, "content-type": "application/json" },
      body: '{"ticket_id":7}',
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closing = app.close();
    gate.resolve();
    expect((await running).status).toBe(200);
    await closing;
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  });
});
