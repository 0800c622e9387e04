/** Can one event be followed from the call through its record and its job to the remote system? */
import { fastify } from "fastify";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildApp } from "#actions-server/app";
import { loadConfig } from "#actions-server/config/config";
import type { OpenDatabase } from "#platform/db/open";
import { assembleServer } from "#actions-server/assemble";
import { createLog } from "#platform/log";
import { freshDatabase } from "#test/support/postgres";
import { storeCaseLinkWebhook, TOKEN_KEYS } from "#test/support/inbound-webhooks";

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

interface Export {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER = "00f067aa0ba902b7";
const SECRET = "token-of-acme-12345";

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

/** Takes what exporters send, and is a Zendesk without tickets. */
async function startCollector() {
  const spans: Span[] = [];
  const texts: string[] = [];
  const app = fastify({ forceCloseConnections: true });
  app.post<{ Body: Export }>("/v1/traces", ({ body }) => {
    texts.push(JSON.stringify(body));
    for (const { scopeSpans } of body.resourceSpans) {
      for (const scope of scopeSpans) spans.push(...scope.spans);
    }
    return {};
  });
  app.get("/api/v2/*", async (_request, reply) =>
    reply.code(404).send({ error: "RecordNotFound", description: "Not found" }),
  );
  onTestFinished(() => app.close());
  return { url: await app.listen({ host: "127.0.0.1", port: 0 }), spans, texts };
}

async function startServer(url: string, endpoint: string | undefined) {
  await storeCaseLinkWebhook(database.db, "acme", url);
  const config = loadConfig({
    DATABASE_URL: database.url,
    SERVER_TOKENS: `acme:${SECRET}`,
    ZENDESK_URL: url,
    ZENDESK_EMAIL: "agent@acme.example",
    ZENDESK_API_TOKEN: "api-token-of-the-agent",
    ZENDESK_ALLOW_API_TOKEN: "true",
    SALESFORCE_LOGIN_URL: url,
    SALESFORCE_CLIENT_ID: "id",
    SALESFORCE_CLIENT_SECRET: "secret",
    TOKEN_KEYS,
    ...(endpoint !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
  });
  const { deps, close } = await assembleServer(config, { log: createLog("silent") });
  const app = await buildApp(deps);
  const stop = async () => {
    await app.close();
    await close();
  };
  onTestFinished(stop);
  const call = (action: string, key: string, body: object, traceId = TRACE) =>
    app.inject({
      method: "POST",
      url: `/v1/actions/${action}`,
      headers: {
        authorization: `Bearer ${SECRET}`,
        "idempotency-key": key,
        traceparent: `00-${traceId}-${CALLER}-01`,
      },
      payload: body,
    });
  return { call, stop };
}

const ASSIGNMENT = {
  ticket_id: "7",
  agent_id: "8",
  group_id: null,
  occurred_at: "2026-11-25T08:00:00Z",
};

describe("traces", () => {
  it("hold the call, the steps of its record and the remote calls in the caller's trace", async () => {
    const { url, spans, texts } = await startCollector();
    const { call, stop } = await startServer(url, url);
    expect((await call("record-assignment", "first", ASSIGNMENT)).statusCode).toBe(200);
    expect((await call("record-assignment", "first", ASSIGNMENT)).statusCode).toBe(200);
    expect((await call("capture-conversation", "second", { ticket_id: "9" })).statusCode).toBe(200);
    await stop();

    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === CALLER);
    expect(roots.map(({ name }) => name)).toEqual([
      "POST /v1/actions/record-assignment",
      "POST /v1/actions/record-assignment",
      "POST /v1/actions/capture-conversation",
    ]);
    const below = (root: Span) =>
      spans.filter(({ parentSpanId }) => parentSpanId === root.spanId).map(({ name }) => name);
    expect(below(roots[0]!)).toEqual(["idempotency.complete_unclaimed"]);
    // The answer is at hand in memory.
    expect(below(roots[1]!)).toEqual([]);
    expect(below(roots[2]!)).toEqual(expect.arrayContaining(["HTTP GET", "idempotency.complete"]));
    for (const secret of [SECRET, "api-token-of-the-agent", "acme"]) {
      expect(texts.join("\n")).not.toContain(secret);
    }
  });

  it("go on with the job of each request, and with the calls that the job makes", async () => {
    const { url, spans } = await startCollector();
    const { call, stop } = await startServer(url, url);
    const traceIds = ["a", "b", "c", "d"].map((digit) => digit.repeat(32));
    // At once, so that they would meet in whatever they share.
    const replies = await Promise.all(
      traceIds.map((traceId, at) =>
        call("request-link", `job-${at}`, { ticket_id: 100 + at }, traceId),
      ),
    );
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    // Zendesk does not show the tickets, which may be too young: each job has run once and waits.
    const tried = async () => {
      const { rows } = await database.pool.query(
        "select from pgboss.job where name = 'resolve-and-link' and state = 'retry'",
      );
      return rows.length;
    };
    await expect.poll(tried).toBe(traceIds.length);
    await stop();

    for (const traceId of traceIds) {
      const of = (name: string) =>
        spans.filter((span) => span.traceId === traceId && span.name === name);
      const [job, ...others] = of("job resolve-and-link");
      expect(others).toEqual([]);
      expect(of("transaction").map(({ spanId }) => spanId)).toEqual([job?.parentSpanId]);
      expect(of("HTTP GET").map(({ parentSpanId }) => parentSpanId)).toEqual([job?.spanId]);
    }
  });

  it("cost no answer while the collector is away", async () => {
    const { url } = await startCollector();
    const { call } = await startServer(url, "http://127.0.0.1:9");
    expect((await call("record-assignment", "third", ASSIGNMENT)).statusCode).toBe(200);
  });

  it("are not sent unless asked for", async () => {
    const { url, spans } = await startCollector();
    const { call, stop } = await startServer(url, undefined);
    expect((await call("record-assignment", "fourth", ASSIGNMENT)).statusCode).toBe(200);
    await stop();
    expect(spans).toEqual([]);
  });
});
