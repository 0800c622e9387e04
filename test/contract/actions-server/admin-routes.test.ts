/** The administrators' routes over HTTP, against the whole world: who may, what comes of it, and what never shows. */
import { Writable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { ROUTES } from "#contract/routes";
import { SESSION_PATH } from "#contract/routes/access";
import type { LogReply } from "#contract/routes/action-log";
import type { Health } from "#contract/routes/health";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { createLog } from "#platform/log";
import { createScriptedZendeskKey } from "./subjects/access/scripted-key.ts";
import { PUBLIC_KEY, signToken } from "../../support/sign-token.ts";
import { openTicket, renewedWebhooks, startWorld } from "../../support/world.ts";
import type { WorldOptions } from "#scripts/world/options";

const INSTALLATION = { app_id: "11", installation_id: "22", public_key: PUBLIC_KEY };
const GIVEN = /<script type="application\/json" id="given"[^>]*>(.*?)<\/script>/;

interface Given {
  readonly session?: string;
  readonly expires_at?: string;
  readonly error?: string;
  readonly code?: string;
}

async function start(options: Partial<WorldOptions> = {}) {
  const world = await startWorld(options);
  const { url, token } = world.card.server;
  const { subdomain } = world.card.zendesk;
  const claims = (installation = INSTALLATION.installation_id) => ({
    iss: `${subdomain}.zendesk.com`,
    aud: `https://${subdomain}.zendesk.com/api/v2/apps/installations/${installation}.json`,
  });

  async function call(method: string, path: string, body?: unknown, credential = token) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${credential}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      body: text === "" ? undefined : JSON.parse(text),
    };
  }

  /** What Zendesk's form POST of the background location comes to. */
  async function post(signed: string) {
    const response = await fetch(`${url}${SESSION_PATH}?origin=x&app_guid=y`, {
      method: "POST",
      body: new URLSearchParams({ token: signed }),
    });
    const html = await response.text();
    const given = JSON.parse(GIVEN.exec(html)?.[1] ?? "null") as Given;
    return { status: response.status, headers: response.headers, html, given };
  }
  const signed = (userId: number, more: Record<string, unknown> = {}) =>
    signToken(userId, Date.now(), {
      ...claims(),
      sub: `https://${subdomain}.zendesk.com/api/v2/users/${userId}.json`,
      ...more,
    });
  const roleOf = (role: string) =>
    world.data.zendesk.agents.find((agent) => agent.role === role)?.id ?? 0;
  return { world, call, post, signed, claims, roleOf };
}

describe("a parameter of a path", () => {
  it.each([
    ["200 digits for a ticket", ROUTES.ticket.path.replace(":ticket_id", "1".repeat(200))],
    ["a NUL for a ticket", ROUTES.ticket.path.replace(":ticket_id", "%00")],
    ["a NUL for a sweep", ROUTES.sweep.path.replace(":id", "%00")],
  ])("of %s is refused, to strangers for want of a credential", async (_, path) => {
    const { call } = await start();
    const stranger = await call("GET", path, undefined, "nobody-at-all-12345");
    expect([stranger.status, stranger.body.error.code]).toEqual([401, "UNAUTHORIZED"]);
    const operator = await call("GET", path);
    expect([operator.status, operator.body.error.code]).toEqual([400, "BAD_REQUEST"]);
    expect(operator.body.error.message).toMatch(/^path\.(ticket_id|id) must match/);
  });
});

describe("a session over HTTP", () => {
  it("opens for an administrator, serves, and ends with another installation", async () => {
    const { call, post, signed, roleOf } = await start();
    expect((await call("GET", ROUTES.installation.path)).status).toBe(404);
    const early = await post(await signed(roleOf("admin")));
    expect([early.status, early.given.code]).toEqual([401, "SESSION_UNTRUSTED"]);

    expect(await call("PUT", ROUTES.installation.path, INSTALLATION)).toMatchObject({
      status: 200,
      body: INSTALLATION,
    });
    const { status, headers, given, html } = await post(await signed(roleOf("admin")));
    expect(status).toBe(200);
    expect(headers.get("x-frame-options")).toBeNull();
    expect(headers.get("cache-control")).toBe("no-store");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("frame-ancestors http://127.0.0.1:");
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(html).toContain(`nonce="${nonce}"`);
    expect(policy).not.toContain("unsafe");

    const session = given.session ?? "";
    const me = await call("GET", ROUTES.me.path, undefined, session);
    expect(me.body).toMatchObject({
      user_id: String(roleOf("admin")),
      role: "admin",
      expires_at: given.expires_at,
    });
    expect((await call("POST", ROUTES["renew-session"].path, undefined, session)).status).toBe(200);
    expect((await call("GET", ROUTES.log.path, undefined, session)).status).toBe(200);
    // No way into the flows' actions.
    const action = await call("POST", "/v1/actions/resolve-case", { ticket_id: 1 }, session);
    expect(action.status).toBe(401);

    await call("PUT", ROUTES.installation.path, { ...INSTALLATION, installation_id: "23" });
    expect((await call("GET", ROUTES.me.path, undefined, session)).status).toBe(401);
  });

  it("lets agents see a ticket's log and nothing else, and end users nothing", async () => {
    const { call, post, signed, roleOf, world } = await start();
    await call("PUT", ROUTES.installation.path, INSTALLATION);
    const { given } = await post(await signed(roleOf("agent")));
    const session = given.session ?? "";
    const allowed = await call("GET", "/v1/admin/tickets/12", undefined, session);
    expect([allowed.status, allowed.body.ticket_id]).toEqual([200, "12"]);
    for (const [method, path, body] of [
      ["GET", ROUTES.health.path, undefined],
      ["GET", ROUTES.log.path, undefined],
      ["GET", ROUTES.installation.path, undefined],
      ["PUT", ROUTES.installation.path, INSTALLATION],
      ["PUT", ROUTES["store-webhooks"].path, {}],
      ["GET", ROUTES["settings-history"].path, undefined],
      ["POST", ROUTES["sync-settings"].path, {}],
      ["POST", ROUTES["preview-settings"].path, {}],
      ["POST", ROUTES.sweeps.path, {}],
      ["GET", ROUTES.sweeps.path, undefined],
      ["GET", "/v1/admin/sweeps/1", undefined],
    ] as const) {
      const refused = await call(method, path, body, session);
      expect([path, refused.status, refused.body.error.code]).toEqual([path, 403, "FORBIDDEN"]);
    }
    const requester = world.data.zendesk.tickets[0]?.requester_id ?? 0;
    const endUser = await post(await signed(requester));
    expect([endUser.status, endUser.given.code]).toEqual([403, "FORBIDDEN"]);
  });

  it("refuses a token twice, a strange form, and every route without a credential", async () => {
    const { call, post, signed, roleOf, world } = await start();
    await call("PUT", ROUTES.installation.path, INSTALLATION);
    const token = await signed(roleOf("admin"));
    const both = await Promise.all([post(token), post(token)]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 401]));
    expect((await post("")).given.error).toContain("no token of Zendesk");
    const { url } = world.card.server;
    const json = await fetch(`${url}${SESSION_PATH}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });
    expect(json.status).toBe(415);
    for (const { method, path } of Object.values(ROUTES)) {
      const stranger = await fetch(`${url}${path.replace(/:[a-z_]+/, "1")}`, { method });
      expect([path, stranger.status]).toEqual([path, 401]);
    }
  });
});

describe("the app's key", () => {
  it("is fetched from Zendesk when none is given, and an answer that is not a key is refused", async () => {
    const key = await createScriptedZendeskKey();
    onTestFinished(() => key.close());
    expect(await key.fetch("11")).toBe(PUBLIC_KEY);
    await expect(key.fetch("12")).rejects.toThrow("send the key itself");
    await expect(key.fetch("13")).rejects.toThrow("with something that is not a key");
    await expect(key.fetch("14")).rejects.toThrow("403");
  });

  it.each([
    ["no PEM", "key"],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"],
  ])("is refused as %s", async (_, public_key) => {
    const { call } = await start({ tickets: 5 });
    const refused = await call("PUT", ROUTES.installation.path, { ...INSTALLATION, public_key });
    expect([refused.status, refused.body.error.code]).toEqual([400, "BAD_REQUEST"]);
    expect(refused.text).not.toContain("MIIB");
  });
});

describe("the inbound webhooks", () => {
  it("are kept sealed, and have settings_sync run", async () => {
    const { call, world } = await start();
    const targets = await renewedWebhooks(world);
    expect((await call("DELETE", ROUTES["store-webhooks"].path)).status).toBe(204);
    const nothing = await call("POST", ROUTES["sync-settings"].path);
    expect([nothing.status, nothing.body.error.code]).toEqual([501, "WEBHOOK_NOT_CONFIGURED"]);
    const stored = await Promise.all(
      [1, 2].map(() => call("PUT", ROUTES["store-webhooks"].path, targets)),
    );
    expect(stored.map(({ status }) => status)).toEqual([204, 204]);
    const rows = await world.deps.db.selectFrom("inbound_webhooks").selectAll().execute();
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain(targets.settings_sync.password);

    const synced = await call("POST", ROUTES["sync-settings"].path);
    expect([synced.status, synced.body.event_id]).toEqual([202, expect.stringMatching(/^sync-/)]);
    await world.zis.idle(120_000);
    await world.deps.actionLog.flush();
    const { body } = await call("GET", `${ROUTES.log.path}?limit=200`);
    const applied = (body as LogReply).entries.filter(
      ({ operation }) => operation === "apply-settings",
    );
    expect(applied.map(({ outcome }) => outcome)).toEqual(["unchanged", "applied"]);
    expect(applied[0]?.event_key).toContain(synced.body.event_id);
  });

  it("are refused when they are not webhooks of ZIS, and posted to no other host", async () => {
    const { call, world } = await start({ tickets: 5 });
    const targets = await renewedWebhooks(world);
    const target = targets.settings_sync;
    const put = (url: string) =>
      call("PUT", ROUTES["store-webhooks"].path, { ...targets, settings_sync: { ...target, url } });
    for (const url of ["nothing", "https://evil.example/ingest", "http://127.0.0.1/v1/actions"]) {
      expect([url, (await put(url)).status]).toEqual([url, 400]);
    }
    expect((await put(`https://evil.invalid${new URL(target.url).pathname}`)).status).toBe(204);
    expect((await call("POST", ROUTES["sync-settings"].path)).status).toBe(202);
    await world.zis.idle(120_000);
  });
});

describe("secrets", () => {
  it("reach neither the log nor the database, whatever comes of their use", async () => {
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    const log = createLog("trace", sink);
    const { call, post, signed, roleOf, world } = await start({ tickets: 5, overrides: { log } });
    await call("PUT", ROUTES.installation.path, INSTALLATION);
    const token = await signed(roleOf("admin"));
    const { given } = await post(token);
    await post(token);
    const session = given.session ?? "";
    const targets = await renewedWebhooks(world);
    await call("PUT", ROUTES["store-webhooks"].path, targets, session);
    await call("PUT", ROUTES["store-webhooks"].path, { ...targets, canary: 1 }, session);
    const gone = { ...targets.settings_sync, url: `${targets.settings_sync.url}-gone` };
    await call("PUT", ROUTES["store-webhooks"].path, { ...targets, settings_sync: gone }, session);
    const refused = await call("POST", ROUTES["sync-settings"].path, undefined, session);
    expect([refused.status, refused.body.error.code]).toEqual([502, "ZENDESK_REFUSED"]);
    const wrong = await call("GET", ROUTES.me.path, undefined, `${session.slice(0, -1)}-`);
    expect(wrong.status).toBe(401);
    const { db } = world.deps;
    const stored = await Promise.all([
      db.selectFrom("app_sessions").selectAll().execute(),
      db.selectFrom("app_signed_tokens").selectAll().execute(),
      db.selectFrom("inbound_webhooks").selectAll().execute(),
    ]);
    const seen = lines.join("") + JSON.stringify(stored);
    expect(lines.length).toBeGreaterThan(10);
    const { url, password } = gone;
    for (const secret of [
      session,
      session.split(".")[1] ?? "",
      token,
      token.split(".")[2] ?? "",
      password,
      new URL(url).pathname.split("/").at(-1) ?? "",
    ]) {
      expect(secret.length).toBeGreaterThan(10);
      expect(seen.includes(secret)).toBe(false);
    }
  });
});

describe("health", () => {
  const stateOf = ({ checks }: Health, name: string) =>
    checks.find((check) => check.name === name)?.state;

  it("is well when everything is, and each failure has its remedy", async () => {
    const { call, world } = await start();
    await call("PUT", ROUTES.installation.path, INSTALLATION);
    await call("PUT", ROUTES["store-webhooks"].path, await renewedWebhooks(world));
    await call("POST", ROUTES["sync-settings"].path);
    await world.zis.idle(120_000);
    await world.deps.flowWatch.flush();
    const { body } = (await call("GET", ROUTES.health.path)) as { body: Health };
    expect(body.checks.filter(({ state }) => state !== "ok")).toEqual([]);
    expect(body.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "database",
        "jobs",
        "webhooks",
        "settings",
        "installation",
        "zendesk_login",
        "zendesk_scopes",
        "clock",
        "salesforce_login",
        "salesforce_objects",
      ]),
    );
    expect(body.settings_revision).toBe(1);
    expect(body.queues.length).toBeGreaterThan(3);
    const again = (await call("GET", ROUTES.health.path)) as { body: Health };
    expect(again.body.budget.map(({ remote }) => remote)).toContain("zendesk");
  });

  it("names what is not set up, and the remote systems that fail", async () => {
    const { call, world } = await start({ tickets: 5, installed: false });
    world.faults.zendesk.add({ path: "/api/v2/tickets*", status: 403 });
    world.faults.salesforce.add({ path: "/services/data/*", status: 503 });
    const { body } = (await call("GET", ROUTES.health.path)) as { body: Health };
    expect(stateOf(body, "webhooks")).toBe("warning");
    expect(stateOf(body, "installation")).toBe("warning");
    expect(stateOf(body, "zendesk_scopes")).toBe("failed");
    expect(stateOf(body, "salesforce_objects")).toBe("warning");
    for (const { state, cure } of body.checks) expect(cure === null).toBe(state === "ok");
  });
});

describe("log and settings", () => {
  it("tell what was done to a ticket, and what failed with its remedy", async () => {
    const { call, world } = await start();
    const ticket = openTicket(world, "matched");
    await call("PUT", ROUTES.installation.path, INSTALLATION);
    const { url, token } = world.card.server;
    const act = (key: string, body: object) =>
      fetch(`${url}/v1/actions/capture-conversation`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "idempotency-key": key,
        },
        body: JSON.stringify(body),
      });
    await act("one", { ticket_id: ticket });
    await act("one", { ticket_id: ticket });
    await act("two", { ticket_id: ticket, canary_member: 1 });
    await world.deps.actionLog.flush();
    const { body } = await call("GET", `/v1/admin/tickets/${ticket}`);
    expect(body.entries.map((entry: { outcome: string }) => entry.outcome)).toEqual([
      "captured",
      "BAD_REQUEST",
    ]);
    expect(body.conversation_captured_at).not.toBeNull();
    const failed = await call("GET", `${ROUTES.log.path}?failed=true`);
    expect(failed.body.entries).toEqual([
      expect.objectContaining({ outcome: "BAD_REQUEST", cure: expect.any(String) }),
    ]);
    expect(failed.text).not.toContain("canary");
    for (const query of [
      "limit=0",
      "limit=x",
      "before=x",
      "failed=1",
      "who=x",
      "limit=1&limit=2",
    ]) {
      expect([query, (await call("GET", `${ROUTES.log.path}?${query}`)).status]).toEqual([
        query,
        400,
      ]);
    }
    expect((await call("GET", "/v1/admin/tickets/x1")).status).toBe(400);
  });

  it("show the settings that were in force, and preview others on the last ten tickets", async () => {
    const { call, world } = await start();
    const history = await call("GET", ROUTES["settings-history"].path);
    const [entry] = history.body.entries;
    expect(history.body.entries).toHaveLength(1);
    const off = { settings: { ...DEFAULT_SETTINGS, enabled: false } };
    const left = await call("POST", ROUTES["preview-settings"].path, off);
    expect(left.body.tickets).toHaveLength(10);
    for (const ticket of left.body.tickets) {
      expect(ticket).toMatchObject({
        left_alone: "CaseQA is switched off",
        look_up: null,
        would: [],
      });
    }
    const on = await call("POST", ROUTES["preview-settings"].path, { settings: entry.settings });
    for (const ticket of on.body.tickets) {
      const truth = world.data.truth.get(ticket.ticket_id);
      if (ticket.left_alone === null) {
        expect([ticket.ticket_id, ticket.look_up]).toEqual([ticket.ticket_id, truth?.outcome]);
      }
    }
    world.faults.salesforce.add({ path: "/services/data/*", status: 503 });
    const away = await call("POST", ROUTES["preview-settings"].path, { settings: entry.settings });
    expect(away.status).toBe(200);
    expect(JSON.stringify(away.body)).toContain("unavailable");
    const wrong = await call("POST", ROUTES["preview-settings"].path, { settings: { version: 2 } });
    expect(wrong.status).toBe(400);
  });
});
