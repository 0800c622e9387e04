import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  bundleOf,
  deploy,
  ping,
  serve,
  startZis,
  type StartOptions,
  type TestZis,
} from "./start-zis.ts";

let zis: TestZis;
let token: Record<string, string>;
let remote: { readonly origin: string; close(): Promise<unknown> };
/** What the remote system saw, and the statuses it answers in turn. */
let seen: { method: string; url: string; headers: Record<string, unknown>; body: unknown }[];
let statuses: number[];

async function restart(options: StartOptions = {}): Promise<void> {
  await zis?.close();
  zis = await startZis(options);
  token = await zis.integrate();
}

beforeEach(async () => {
  seen = [];
  statuses = [];
  remote = await serve((app: FastifyInstance) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) =>
      done(null, body),
    );
    app.all("/big", async () => ({ text: "x".repeat(5_000) }));
    app.all("/slow", () => new Promise(() => undefined));
    app.all("/replayed", (_request, reply) =>
      reply.header("Idempotency-Replayed", "true").send({}),
    );
    app.all("*", (request, reply) => {
      const { method, url, headers, body } = request;
      seen.push({ method, url, headers, body });
      return reply.code(statuses.shift() ?? 200).send({ ok: true });
    });
  });
  await restart();
});
afterEach(async () => {
  await zis.close();
  await remote.close();
});

const action = (name = "call", more: object = {}) => ({
  Type: "Action",
  ActionName: `zis:acme:action:${name}`,
  ResultPath: "$.reply",
  End: true,
  ...more,
});
const builtIn = (name: string, Parameters: object, more: object = {}) => ({
  Type: "Action",
  ActionName: `zis:common:action:${name}`,
  Parameters,
  ResultPath: `$.${name}`,
  ...more,
});
const deployCall = (call: object, state: object = {}) =>
  deploy(zis, bundleOf({ states: { Call: action("call", state) }, actions: { call } }));
const connect = (type: string, name: string, fields: object) =>
  zis.call("POST", `/integrations/acme/connections/${type}`, token, {
    name,
    allowed_domain: "127.0.0.1",
    ...fields,
  });
const log = async (query = "") => (await zis.send("GET", `/local/log?${query}`)).json.entries;

describe("the data a flow starts with", () => {
  it("are the account, the integration, the input and the OAuth connections' tokens", async () => {
    const start = { name: "zendesk", oauth_client_name: "zendesk" };
    const { redirect_url } = (await zis.call("POST", "/connections/oauth/start/acme", token, start))
      .json;
    await zis.send("GET", redirect_url.slice(zis.origin.length), token);
    await connect("bearer_token", "static", { token: "s3cret" });
    await deploy(zis, bundleOf({ states: { Done: { Type: "Succeed" } } }));
    const run = await ping(zis, { ticket: 7 });
    expect(run).toMatchObject({ status: "SUCCEEDED", message: "Execution Successful" });
    expect(run.data).toEqual({
      account_id: 12345,
      integration_key: "acme",
      subdomain: "acme-support",
      input: { ticket: 7 },
      connections: { zendesk: { access_token: "*****" } },
    });
  });
});

describe("a custom action", () => {
  it("sends its request as JSON by default", async () => {
    await deployCall(
      {
        method: "POST",
        url: `${remote.origin}/a?x=1`,
        query: [{ key: "q", value: "ä b" }],
        headers: [{ key: "X-Mine", value: "{{$.id}}" }],
        requestBody: { "text.$": "$.id" },
      },
      { Parameters: { "id.$": "$.input.id" } },
    );
    const run = await ping(zis, { id: "T1" });
    expect(run.data.reply).toEqual({ ok: true });
    expect(seen).toMatchObject([
      {
        method: "POST",
        url: "/a?x=1&q=%C3%A4+b",
        headers: { "x-mine": "T1", "content-type": "application/json" },
        body: '{"text":"T1"}',
      },
    ]);
    expect(run.requests).toMatchObject([
      { action: "zis:acme:action:call", status: 200, body: '{"text":"T1"}' },
    ]);
  });

  it("keeps the content type that it names and sends none without a body", async () => {
    const headers = [{ key: "Content-Type", value: "text/plain" }];
    await deployCall({ method: "PUT", url: remote.origin, headers, requestBody: "hi" });
    await ping(zis);
    await deployCall({ method: "GET", url: remote.origin });
    await ping(zis);
    expect(seen[0]).toMatchObject({ headers: { "content-type": "text/plain" }, body: "hi" });
    expect(seen[1]!.headers).not.toHaveProperty("content-type");
  });

  it("goes to the account's own host by path, with nobody's credential", async () => {
    await deployCall({ method: "GET", path: "/api/v2/oauth/tokens/current.json" });
    const run = await ping(zis);
    expect(run.requests[0]).toMatchObject({
      url: `${zis.origin}/api/v2/oauth/tokens/current.json`,
      status: 401,
    });
    expect(run).toMatchObject({
      status: "FAILED",
      error: { state: "Call", cause: "external action failed due to status code: 401" },
    });
  });

  it.each([
    ["bearer_token", { token: "s3cret" }, "authorization", "Bearer s3cret"],
    ["basic_auth", { username: "u", password: "s3cret" }, "authorization", "Basic dTpzM2NyZXQ="],
    ["api_key", { api_key: "s3cret", header_name: "X-Acme" }, "x-acme", "s3cret"],
    ["api_key", { api_key: "s3cret" }, "x-api-key", "s3cret"],
  ])("carries a %s connection, shown nowhere", async (type, fields, header, value) => {
    await connect(type, "crm", fields);
    await deployCall({
      method: "POST",
      url: `${remote.origin}/?echo=s3cret`,
      connectionName: "crm",
      requestBody: "s3cret",
    });
    const run = await ping(zis);
    expect(seen[0]!.headers[header]).toBe(value);
    expect(run.requests[0].headers[header]).toBe("*****");
    expect(JSON.stringify(run)).not.toContain("s3cret");
  });

  it.each([
    ["localhost", false],
    ["127.0.0.1", true],
    ["127.0.0.1:1", false],
    ["*.0.0.1", true],
    ["7.0.0.1", false],
  ])("sends its credential to the allowed domain only: %s", async (allowed_domain, sent) => {
    await connect("bearer_token", "crm", { token: "t", allowed_domain });
    await deployCall({ method: "GET", url: remote.origin, connectionName: "crm" });
    const run = await ping(zis);
    expect(seen).toHaveLength(sent ? 1 : 0);
    expect(run.status).toBe(sent ? "SUCCEEDED" : "FAILED");
    if (!sent) expect(run.error.cause).toContain('the connection "crm" must not be used');
  });

  it.each([
    [
      "a refused connection",
      { url: "http://127.0.0.1:1" },
      "external action failed: connect ECONNREFUSED",
    ],
    ["an address that is none", { url: "nowhere" }, "external action failed: nowhere is not a URL"],
    [
      "a header that cannot be sent",
      { headers: [{ key: "a b", value: "x" }] },
      "external action failed",
    ],
    [
      "a reply that is too large",
      { path: "/big" },
      "external action failed: the reply is too large",
    ],
    [
      "a reply that does not come",
      { path: "/slow" },
      "external action failed: the request timed out",
    ],
  ])(
    "meets %s as a runtime error that can be caught",
    async (_what, fields: Record<string, unknown>, cause) => {
      await restart({ actionTimeoutMs: 300, largestReply: 1_000 });
      const { path, ...rest } = fields;
      const url = `${remote.origin}${typeof path === "string" ? path : ""}`;
      const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Done", ResultPath: "$.err" }];
      const states = { Call: action("call", { Catch }), Done: { Type: "Succeed" } };
      await deploy(zis, bundleOf({ states, actions: { call: { method: "GET", url, ...rest } } }));
      const run = await ping(zis);
      expect(run.status).toBe("SUCCEEDED");
      expect(run.data.err.Cause).toContain(cause);
    },
  );

  it("counts replayed and failed answers", async () => {
    await deployCall({ method: "GET", url: `${remote.origin}/replayed` });
    await ping(zis);
    statuses = [404];
    await deployCall({ method: "GET", url: remote.origin });
    await ping(zis);
    const { actions } = (await zis.send("GET", "/local/stats")).json;
    expect(actions).toEqual({ requests: 2, failed: 1, replayed: 1 });
  });
});

describe("built-in actions", () => {
  const config = (scope: string, value: object) =>
    zis.call("POST", "/integrations/acme/configs", token, { scope, config: value });

  it("load and patch configs", async () => {
    await config("settings:a", { priority: "high" });
    await config("settings:b", { priority: "low" });
    const states = {
      Load: builtIn("LoadConfig", { scope: "settings:*" }, { Next: "Patch" }),
      Patch: builtIn(
        "PatchConfig",
        { scope: "settings:a", config: { more: 1 } },
        { Next: "Again" },
      ),
      Again: builtIn("LoadConfig", { scope: "settings:a" }, { ResultPath: "$.after", End: true }),
    };
    await deploy(zis, bundleOf({ states }));
    const { data } = await ping(zis);
    expect(data.LoadConfig).toEqual({ priority: "high" });
    expect(data.after).toEqual({ priority: "high", more: 1 });
  });

  it("create, load, patch and delete links", async () => {
    const identity = { link_type: "t_c_", left_object_name: "1234", right_object_name: "case" };
    const created = {
      link_type: "t_c_",
      left_object: { name: 1234 },
      right_object: { name: "case" },
    };
    const states = {
      Create: builtIn("CreateLink", created, { Next: "Load" }),
      Load: builtIn(
        "LoadLinks",
        { link_type: "t_c_", left_object_name: 1234, page_size: 1 },
        { Next: "Patch" },
      ),
      Patch: builtIn(
        "PatchLink",
        { ...identity, right_object: { name: "other" } },
        { Next: "Delete" },
      ),
      Delete: builtIn("DeleteLink", { ...identity, right_object_name: "other" }, { End: true }),
    };
    await deploy(zis, bundleOf({ states }));
    const { data } = await ping(zis);
    expect(data.CreateLink.link).toMatchObject({
      left_object: { name: "1234" },
      account_id: 12345,
    });
    expect(data.LoadLinks).toEqual({
      links: [data.CreateLink.link],
      meta: { has_more: false, after: expect.any(String), before: expect.any(String) },
    });
    expect(data.PatchLink.link.right_object).toEqual({ name: "other" });
    const path = "/links/acme?link_type=t_c_&left_object_name=*";
    expect((await zis.call("GET", path, token)).json.links).toEqual([]);
  });

  it.each([
    ["LoadConfig", { scope: "none" }, 404],
    ["LoadConfig", {}, 400],
    ["PatchConfig", { scope: "none", config: {} }, 404],
    ["LoadLinks", { link_type: "t_c_" }, 400],
    ["LoadLinks", { link_type: "t_c_", left_object_name: "x", page_size: "many" }, 400],
    ["CreateLink", { link_type: "t_c_", left_object: { name: "ab" } }, 400],
    ["PatchLink", { link_type: "t_c_", left_object_name: "abc", right_object_name: "abc" }, 404],
    ["DeleteLink", { link_type: "t_c_", left_object_name: "abc", right_object_name: "abc" }, 404],
  ])("fail as runtime errors: %s with %j", async (name, parameters, status) => {
    await deploy(zis, bundleOf({ states: { It: builtIn(name, parameters, { End: true }) } }));
    const run = await ping(zis);
    expect(run.error.cause).toContain(`${name} failed due to status code: ${status}`);
    expect(run.attempts).toBe(1);
  });
});

describe("a missing connection", () => {
  it("keeps the flow from starting, for good, with the documented text", async () => {
    await deployCall({ method: "GET", path: "/", connectionName: "zendesk" });
    const text = 'Cannot start flow because the connection named "zendesk" does not exist';
    expect(await ping(zis)).toMatchObject({ status: "NOT_STARTED", message: text, attempts: 0 });
    expect(await log()).toMatchObject([{ status: "error", product: "acme", description: text }]);
    const start = { name: "zendesk", oauth_client_name: "zendesk" };
    const pending = await zis.call("POST", "/connections/oauth/start/acme", token, start);
    expect((await ping(zis)).status).toBe("NOT_STARTED");
    await zis.send("GET", pending.json.redirect_url.slice(zis.origin.length), token);
    expect((await ping(zis)).attempts).toBeGreaterThan(0);
    expect(zis.zis.stats().flows).toMatchObject({ started: 3, not_started: 2 });
  });

  it("is not the only thing that may be missing", async () => {
    await deploy(zis, bundleOf({ states: {}, integration: "elsewhere" }));
    expect((await ping(zis)).message).toBe(
      "Cannot start flow because zis:elsewhere:flow:answer does not exist",
    );
  });
});

describe("whole-flow retries", () => {
  const deployGet = () => deployCall({ method: "GET", url: remote.origin });

  it.each([
    ["429 until it works", [429, 503, 200], 3, "SUCCEEDED"],
    ["500 for ever", [500, 500, 500, 500, 200], 4, "FAILED"],
    ["409", [409, 200], 1, "FAILED"],
  ])("run the flow again from its start: %s", async (_what, answers, attempts, status) => {
    statuses = answers;
    await deployGet();
    const run = await ping(zis);
    expect(run).toMatchObject({ attempts, status });
    expect(run.requests).toHaveLength(attempts);
    expect(zis.zis.stats().flows.retried).toBe(attempts - 1);
  });

  it("do not happen for an error that was caught, nor for a Fail", async () => {
    statuses = [500];
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "No", ResultPath: "$.err" }];
    const No = { Type: "Fail", Error: "E", Cause: "gave up: {{$.err.Cause}}" };
    const states = { Call: action("call", { Catch }), No };
    await deploy(
      zis,
      bundleOf({ states, actions: { call: { method: "GET", url: remote.origin } } }),
    );
    expect(await ping(zis)).toMatchObject({
      attempts: 1,
      message: "gave up: external action failed due to status code: 500",
    });
  });

  it("can be switched off", async () => {
    await restart({ serviceSwitches: { flowRetries: "none" } });
    statuses = [500];
    await deployGet();
    expect((await ping(zis)).attempts).toBe(1);
  });

  it("wait for the scaled delay", async () => {
    await restart({ retryDelayScale: 0.01 });
    statuses = [500];
    await deployGet();
    const before = performance.now();
    await ping(zis);
    expect(performance.now() - before).toBeGreaterThan(290);
  });
});

describe("the integration log", () => {
  it("tells successes and failures, newest first, with the states and the cause", async () => {
    await deploy(
      zis,
      bundleOf({ states: { Done: { Type: "Succeed", Message: "all {{$.input}}" } } }),
    );
    await ping(zis, "good");
    await deploy(zis, bundleOf({ states: { Stop: { Type: "Fail", Error: "E1", Cause: "bad" } } }));
    await ping(zis);
    expect(await log()).toMatchObject([
      {
        status: "error",
        description: expect.stringContaining("bad"),
        details: { execution_states: ["Stop"], details: "Stop: E1: bad", job_status: "FAILED" },
      },
      { status: "info", description: "all good", details: { execution_states: ["Done"] } },
    ]);
    expect(await log("status=info&limit=1")).toHaveLength(1);
    expect(await log("product=other")).toEqual([]);
  });

  it("forgets after seven days", async () => {
    await deploy(zis, bundleOf({ states: { Done: { Type: "Succeed" } } }));
    await ping(zis);
    zis.clock.at = new Date("2026-05-11T09:59:59Z");
    expect(await log()).toHaveLength(1);
    zis.clock.at = new Date("2026-05-11T10:00:01Z");
    expect(await log()).toEqual([]);
  });
});
