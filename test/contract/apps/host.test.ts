/** The agent interface around an app, in a real browser: the app framework's protocol, sign-in, tokens, the proxy. */
import { type JWTPayload, importSPKI, jwtVerify } from "jose";
import { fastify } from "fastify";
import type { Frame, Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Site } from "#scripts/app/site";
import { browserMissing, openSite } from "../../support/browser.ts";
import { type SampleApp, sampleApp } from "../../support/sample-app.ts";
import { ADMIN, AGENT, type AppsFixture, openApps, type Parsed } from "./apps-fixture.ts";

const ZENDESK_SDK = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js";
const sdkTag = (url: string) => `<script src="${url}"></script>`;

/** The server of the app: its signed page, and an echo for requests through the proxy. */
async function startServer(zendeskUrl: string) {
  const tokens: string[] = [];
  const server = fastify({ forceCloseConnections: true });
  server.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  server.post<{ Body: { token: string } }>("/session", async (request, reply) => {
    tokens.push(request.body.token);
    return reply
      .type("text/html")
      .send(
        `<!doctype html><html lang="en"><body>${sdkTag(`${zendeskUrl}/zaf/zaf-client.js`)}<script src="/page.js"></script>`,
      );
  });
  server.get("/page.js", async (_request, reply) =>
    reply.type("text/javascript").send(`const client = ZAFClient.init();
client.on("asked", ({ guid }) => client.instance(guid).trigger("given", { session: "s1" }));`),
  );
  server.all("/echo", async (request, reply) => {
    const { method, headers, body, query } = request;
    return reply.code(Number(headers["x-status"] ?? 200)).send({ method, headers, body, query });
  });
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  return { url, tokens };
}

interface Scene extends Site {
  readonly fixture: AppsFixture;
  readonly server: { readonly url: string; readonly tokens: readonly string[] };
  readonly appId: number;
  readonly installationId: number;
  readonly page: Page;
  readonly errors: readonly string[];
}

async function openScene(
  options: { changes?: Record<string, unknown>; query?: string; settings?: object } = {},
): Promise<Scene> {
  const fixture = await openApps();
  const server = await startServer(fixture.url);
  const sample = sampleApp(options.changes);
  const app: SampleApp = {
    ...sample,
    files: {
      ...sample.files,
      "assets/index.html": `<!doctype html><html lang="en"><head><title>Sample</title>${sdkTag(ZENDESK_SDK)}
<script src="app.js"></script></head><body><p>Sample</p></body></html>`,
      "assets/app.js": "window.client = ZAFClient.init();",
    },
  };
  const { appId, installationId } = await fixture.install(app);
  const settings = { server_url: server.url, ...options.settings };
  await fixture.call("PUT", `/api/v2/apps/installations/${installationId}.json`, { settings });
  const site = await openSite(fixture.url, fixture.apps, ADMIN.email);
  await site.page.goto(`${fixture.url}/agent/apps/sample${options.query ?? ""}`);
  return { ...site, fixture, server, appId, installationId };
}

async function frameOf(page: Page, location: string): Promise<Frame> {
  const element = await page.waitForSelector(`iframe[data-location=${location}]`, {
    state: "attached",
  });
  const frame = await element.contentFrame();
  await frame!.waitForFunction(() => Reflect.has(globalThis, "ZAFClient"));
  return frame!;
}

/** Runs `script` in the app with `client`; its last value is the answer, or what it was rejected with. */
async function inApp<T = Parsed>(page: Page, script: string): Promise<T> {
  const frame = await frameOf(page, "nav_bar");
  return frame.evaluate(
    `(async () => { try { return ${script} } catch (error) {
      return { rejected: error instanceof Error ? error.message : error } } })()`,
  ) as Promise<T>;
}

describe.skipIf(browserMissing() !== undefined)("the agent interface", () => {
  test("an app registers and reads what it may know", async () => {
    const { page, errors, installationId, appId, server } = await openScene();
    expect(await inApp(page, "await client.metadata()")).toMatchObject({
      appId,
      installationId,
      version: "1.0.0",
      settings: { server_url: server.url },
    });
    expect(await inApp(page, "await client.context()")).toMatchObject({
      product: "support",
      location: "nav_bar",
      account: { subdomain: "tideway" },
    });
    expect(await inApp(page, 'await client.get("currentUser.role")')).toMatchObject({
      "currentUser.role": "admin",
    });
    expect(await inApp(page, 'await client.get(["currentUser", "colorScheme"])')).toMatchObject({
      currentUser: { id: ADMIN.id, locale: "en-US" },
      colorScheme: "light",
    });
    expect(await inApp(page, 'await client.get("nothing")')).toEqual({
      rejected: '"nothing" No such Api',
    });
    expect(await inApp(page, 'await client.get(["nothing", "colorScheme"])')).toMatchObject({
      errors: { nothing: { message: "No such Api" } },
      colorScheme: "light",
    });
    expect(await inApp(page, 'await client.set("nothing", 1)')).toHaveProperty("rejected");
    await inApp(page, 'await client.invoke("resize", { height: "321px" })');
    expect(await page.$eval("iframe[data-location=nav_bar]", (one) => one.style.blockSize)).toBe(
      "321px",
    );
    await inApp(page, 'await client.invoke("notify", "Saved <b>", "notice")');
    expect(await page.textContent("[role=status]")).toBe("Saved <b>");
    expect(errors).toEqual([]);
  });

  test("events reach those who listen, and no longer those who stopped", async () => {
    const { page } = await openScene({ query: "?theme=dark&locale=ar" });
    expect(await page.getAttribute("html", "dir")).toBe("rtl");
    expect(await inApp(page, 'await client.get("currentUser.locale")')).toMatchObject({
      "currentUser.locale": "ar",
    });
    const frame = await frameOf(page, "nav_bar");
    expect(new URL(frame.url()).searchParams.get("colorScheme")).toBe("dark");
    await inApp(
      page,
      `(window.seen = [], window.see = (to) => window.seen.push(to),
        client.on("colorScheme.changed", see), client.on("app.activated", see),
        await client.get("colorScheme"))`,
    );
    await page.click("#scheme");
    await frame.waitForFunction("window.seen.length === 2");
    expect(await frame.evaluate("window.seen")).toEqual([{ firstLoad: true }, "light"]);
    await inApp(page, '(client.off("colorScheme.changed", see), await client.get("colorScheme"))');
    await page.click("#scheme");
    await inApp(page, 'await client.get("colorScheme")');
    expect(await frame.evaluate("window.seen.length")).toBe(2);
    await page.click("text=Sign out");
    expect(page.url()).toContain("/access/login");
  });

  test("locations find each other and hand things over", async () => {
    const { page, errors } = await openScene();
    await frameOf(page, "background");
    const given = await inApp(
      page,
      `await new Promise(async (resolve) => {
        client.on("given", resolve);
        const { instanceGuid: guid } = await client.context();
        const ask = async () => {
          const { instances } = await client.get("instances");
          const other = Object.values(instances).find((one) => one.location === "background");
          client.instance(other.instanceGuid).trigger("asked", { guid });
        };
        for (let again = 0; again < 50; again += 1) {
          await ask();
          await new Promise((done) => setTimeout(done, 100));
        }
      })`,
    );
    expect(given).toEqual({ session: "s1" });
    expect(errors).toEqual([]);
  });

  test("a signed location gets a token that the app's key verifies", async () => {
    const { page, fixture, server, appId, installationId } = await openScene();
    await frameOf(page, "background");
    const pem = fixture.apps.registry.app(appId)!.publicKey;
    const { payload } = await jwtVerify<JWTPayload & { context: object }>(
      server.tokens[0]!,
      await importSPKI(pem, "RS256"),
      {
        algorithms: ["RS256"],
        issuer: "tideway.zendesk.com",
        audience: `https://tideway.zendesk.com/api/v2/apps/installations/${installationId}.json`,
        currentDate: fixture.clock.now(),
        requiredClaims: ["iat", "exp", "jti"],
      },
    );
    expect(payload.sub).toBe(`https://tideway.zendesk.com/api/v2/users/${ADMIN.id}.json`);
    expect(payload.context).toEqual({ product: "support", location: "background" });
  });

  test("requests to Zendesk go with the person's session, writes included", async () => {
    const { page, installationId } = await openScene();
    expect(
      await inApp(page, 'await client.request("/api/v2/apps/installations.json")'),
    ).toMatchObject({ installations: [{ id: installationId }] });
    const write = `{ url: "/api/v2/apps/installations/${installationId}.json", type: "PUT",
      contentType: "application/json", data: JSON.stringify({ role_restrictions: [4] }),
      httpCompleteResponse: true }`;
    expect(await inApp(page, `await client.request(${write})`)).toMatchObject({
      status: 200,
      responseJSON: { role_restrictions: [4] },
    });
    expect(await inApp(page, 'await client.request("/api/v2/apps/1.json")')).toMatchObject({
      rejected: { status: 404, responseJSON: { error: "RecordNotFound" } },
    });
  });

  test("requests elsewhere go through the proxy, which alone knows secure settings", async () => {
    const parameters = [
      { name: "server_url", type: "url", required: true },
      { name: "key", type: "text", secure: true, scopes: ["header"] },
    ];
    const { page, server } = await openScene({
      changes: { parameters, domainWhitelist: ["127.0.0.1"] },
      settings: { key: "canary-71" },
    });
    const ask = (options: string) => inApp(page, `await client.request({ ${options} })`);
    const echo = `url: "${server.url}/echo"`;
    const plain = await ask(
      `${echo}, headers: { Authorization: "Bearer s1" }, type: "POST", data: { a: "b" }`,
    );
    expect(plain).toMatchObject({
      method: "POST",
      body: { a: "b" },
      headers: { authorization: "Bearer s1" },
    });
    expect(plain.headers).not.toHaveProperty("cookie");
    const secure = await ask(`${echo}, secure: true, headers: { "x-key": "{{setting.key}}" }`);
    expect(secure.headers["x-key"]).toBe("canary-71");
    const unsecured = await ask(`${echo}, headers: { "x-key": "{{setting.key}}" }`);
    expect(unsecured.headers["x-key"]).toBe("{{setting.key}}");
    expect(await ask(`url: "${server.url}/echo?key={{setting.key}}", secure: true`)).toMatchObject({
      rejected: { status: 422 },
    });
    expect(await ask(`${echo}, headers: { "x-status": "409" }`)).toMatchObject({
      rejected: { status: 409, responseJSON: { method: "GET" } },
    });
    expect(await ask('url: "https://other.zendesk.com/api/v2/users/me"')).toMatchObject({
      rejected: { status: 403 },
    });
    expect(await ask('url: "http://127.0.0.1:1/"')).toMatchObject({ rejected: { status: 502 } });
    expect(await page.content()).not.toContain("canary-71");
  });

  test("an app is hidden from roles it is restricted to leave out, and when it is disabled", async () => {
    const { fixture, installationId, appId } = await openScene();
    const agent = await openSite(fixture.url, fixture.apps, AGENT.email);
    const address = `${fixture.url}/agent/apps/${appId}`;
    const status = async () => (await agent.page.goto(address))?.status();
    expect(await status()).toBe(200);
    const change = (body: object) =>
      fixture.call("PUT", `/api/v2/apps/installations/${installationId}.json`, body);
    await change({ role_restrictions: [4] });
    expect(await status()).toBe(404);
    await change({ role_restrictions: null });
    expect(await status()).toBe(200);
    await change({ enabled: false });
    expect(await status()).toBe(404);
  });

  test("nobody sees an app before signing in", async () => {
    const { fixture, appId } = await openScene();
    const { page } = await openSite(fixture.url, fixture.apps, null);
    await page.goto(`${fixture.url}/agent/apps/${appId}`);
    expect(page.url()).toContain("/access/login?return_to=");
    await page.selectOption("select", AGENT.email);
    await page.click("button");
    expect(page.url()).toBe(`${fixture.url}/agent/apps/${appId}`);
    expect(await page.textContent("header")).toContain("Person 12 (agent)");
  });
});

test("an address elsewhere is not returned to after signing in", async () => {
  const { url } = await openApps();
  const signIn = (return_to: string) =>
    fetch(`${url}/access/login`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ email: ADMIN.email!, return_to }),
    });
  expect((await signIn("//evil.example.com")).headers.get("location")).toBe("/agent/apps");
  expect((await signIn("/agent/apps/1")).headers.get("location")).toBe("/agent/apps/1");
  const end = await fetch(`${url}/access/login`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ email: "person13@example.com" }),
  });
  expect(end.status).toBe(401);
});
