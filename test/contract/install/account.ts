/** An account with a local ZIS over HTTP, and a small actions server that flows really call. */
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import { expect, onTestFinished } from "vitest";
import { buildBundle } from "#bundle/index";
import { createTemplate, TEMPLATE_OPTIONS } from "#install/bundle-template";
import type { StepContext } from "#install/context";
import { STEP_NAMES } from "#install/step-names";
import { createZendeskCalls } from "#install/integration-token";
import { runStep } from "#install/steps";
import type { ApiAnswer, ApiCall, CallApi } from "#install/zendesk-api";
import { bearer, type StartOptions, startZis, type TestZis } from "../zis/services/start-zis.ts";

export const TOKEN = "server-token-of-the-tests";
export const NAME = "caseqa_acme";

interface TestServer {
  readonly url: string;
  readonly call: CallApi;
  webhooks: Record<string, { url: string; username: string; password: string }> | undefined;
  /** Newest first. */
  readonly history: { revision: number; applied_at: string; settings: unknown }[];
  readonly log: { id: string; operation: string; event_key: string | null; outcome: string }[];
  account: string;
  flowsExpected: boolean | undefined;
  readonly sweeps: { since?: string; reason?: string }[];
  /** Answers every admin call like this. */
  down: ApiAnswer | "no answer" | undefined;
}

export interface TestAccount {
  readonly zis: TestZis;
  readonly server: TestServer;
  readonly context: StepContext;
  /** Every call to Zendesk, in order. */
  readonly calls: ApiCall[];
  /** Asked before each call to Zendesk: an answer in its place, or a throw. */
  intercept: ((call: ApiCall) => Promise<undefined> | ApiAnswer | undefined) | undefined;
  /** The same account with other parts, such as another build. */
  with(parts: Partial<StepContext>): StepContext;
  /** Calls with these credentials. */
  as(headers: Readonly<Record<string, string>>): CallApi;
}

async function startServer(zis: () => TestZis): Promise<TestServer> {
  const app = Fastify({ forceCloseConnections: true });
  app.post<{ Body: { settings: { revision: number } } }>(
    "/v1/actions/apply-settings",
    async (request, reply) => {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) {
        return reply.code(401).send({ error: { code: "UNAUTHORIZED", message: "no" } });
      }
      const { settings } = request.body;
      const newest = server.history[0]?.revision ?? 0;
      const outcome = settings.revision < newest ? "outdated" : "applied";
      if (outcome === "applied") {
        const applied_at = new Date().toISOString();
        server.history.unshift({ revision: settings.revision, applied_at, settings });
      }
      const entry = {
        id: randomUUID(),
        at: new Date().toISOString(),
        operation: "apply-settings",
        event_key: String(request.headers["idempotency-key"]),
        outcome,
        failed: false,
        duration_ms: 1,
        message: null,
        cure: null,
      };
      server.log.unshift(entry);
      return { outcome, revision: settings.revision, problem: "" };
    },
  );
  await app.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => app.close());
  const routes: Record<string, (body: unknown) => ApiAnswer | Promise<ApiAnswer>> = {
    "GET /v1/admin/health": () => ({
      status: 200,
      body: {
        checks: [
          { name: "webhooks", state: server.webhooks ? "ok" : "failed", message: "", cure: null },
        ],
      },
    }),
    "GET /v1/admin/me": () => ({
      status: 200,
      body: { account: server.account, user_id: null, role: "admin", expires_at: null },
    }),
    "DELETE /v1/admin/webhooks": () => {
      server.webhooks = undefined;
      return { status: 204, body: "" };
    },
    "PUT /v1/admin/flows": (body) => {
      server.flowsExpected = (body as { expected: boolean }).expected;
      return { status: 204, body: "" };
    },
    "PUT /v1/admin/webhooks": (body) => {
      server.webhooks = body as TestServer["webhooks"];
      return { status: 204, body: "" };
    },
    "GET /v1/admin/settings/history": () => ({ status: 200, body: { entries: server.history } }),
    "GET /v1/admin/log": () => ({ status: 200, body: { entries: server.log, next: null } }),
    "POST /v1/admin/sweeps": (body) => {
      server.sweeps.push(body as object);
      return { status: 202, body: { id: `sweep-${server.sweeps.length}` } };
    },
    "POST /v1/admin/settings/sync": async () => {
      const target = server.webhooks?.["settings_sync"];
      if (!target) return { status: 409, body: { error: { code: "X", message: "no webhook" } } };
      const event_id = randomUUID();
      const login = Buffer.from(`${target.username}:${target.password}`).toString("base64");
      const { pathname } = new URL(target.url);
      await zis().send("POST", pathname, { authorization: `Basic ${login}` }, { event_id });
      return { status: 202, body: { event_id } };
    },
  };
  const server: TestServer = {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    async call({ method, path, body }) {
      if (server.down === "no answer") throw new Error("connect ECONNREFUSED");
      if (server.down) return server.down;
      const route = routes[`${method} ${path.split("?")[0]}`];
      return route ? route(body) : { status: 404, body: "" };
    },
    webhooks: undefined,
    history: [],
    log: [],
    account: "acme",
    flowsExpected: undefined,
    sweeps: [],
    down: undefined,
  };
  return server;
}

export async function startAccount(options: StartOptions = {}): Promise<TestAccount> {
  const zis = await startZis({ retryDelayScale: 0, ...options });
  onTestFinished(() => zis.close());
  const server = await startServer(() => zis);
  const calls: ApiCall[] = [];

  const as =
    (headers: Readonly<Record<string, string>>): CallApi =>
    async (call) => {
      calls.push(call);
      const instead = await account.intercept?.(call);
      if (instead) return instead;
      const { method, path, body } = call;
      const { status, text, json } = await zis.send(method, path, headers, body);
      return { status, body: json ?? text };
    };
  const context: StepContext = {
    callZendesk: createZendeskCalls({
      integration: NAME,
      asAccount: as(zis.as.apiToken),
      withBearer: (token) => as(bearer(token)),
    }).call,
    callServer: (call) => server.call(call),
    callServerAs: (token) => async (call) =>
      token === TOKEN
        ? server.call(call)
        : { status: 401, body: { error: { code: "UNAUTHORIZED", message: "unknown" } } },
    subdomain: "acme-support",
    zendeskUrl: zis.origin,
    integration: NAME,
    serverUrl: server.url,
    serverToken: TOKEN,
    template: await createTemplate(buildBundle(TEMPLATE_OPTIONS)),
    now: () => new Date(),
    newId: randomUUID,
    // Until the flows have ended, however slow the machine is.
    sleep: () => zis.zis.idle(120_000),
  };
  const account: TestAccount = {
    zis,
    server,
    context,
    calls,
    intercept: undefined,
    with: (parts) => ({ ...context, ...parts }),
    as,
  };
  return account;
}

/** Every step, in order. */
export async function install(context: StepContext) {
  for (const name of STEP_NAMES) {
    expect(await runStep(name, context)).not.toMatchObject({ outcome: "failed" });
  }
}

export async function installed(): Promise<TestAccount> {
  const account = await startAccount();
  await install(account.context);
  return account;
}
