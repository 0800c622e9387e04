import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bearer, bundleOf, deploy, ping, serve, startZis, type TestZis } from "./start-zis.ts";

let zis: TestZis;
let token: Record<string, string>;
let provider: { readonly origin: string; close(): Promise<unknown> };
/** Bodies of the token requests, and what the provider answers next. */
let asked: Record<string, string>[];
let answer: { status: number; body: unknown };

beforeEach(async () => {
  asked = [];
  answer = { status: 200, body: undefined };
  provider = await serve((app: FastifyInstance) => {
    app.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string" },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    app.post("/token", (request, reply) => {
      asked.push(request.body as Record<string, string>);
      const body = answer.body ?? {
        access_token: `access-${asked.length}`,
        refresh_token: `refresh-${asked.length}`,
        token_type: "Bearer",
        expires_in: 3600,
      };
      return reply.code(answer.status).send(body);
    });
    app.get("/whoami", async (request) => ({ seen: request.headers.authorization ?? null }));
  });
  zis = await startZis();
  token = await zis.integrate();
});
afterEach(async () => {
  await zis.close();
  await provider.close();
});

const CLIENTS = "/connections/oauth/clients/acme";
const createClient = (more: object = {}) =>
  zis.call("POST", CLIENTS, token, {
    name: "crm",
    client_id: "id",
    client_secret: "hush",
    token_url: `${provider.origin}/token`,
    auth_url: `${provider.origin}/authorize`,
    grant_type: "client_credentials",
    ...more,
  });
const start = (more: object = {}) =>
  zis.call("POST", "/connections/oauth/start/acme", token, {
    name: "crm_main",
    oauth_client_name: "crm",
    ...more,
  });
const open = (url: string, headers: Record<string, string> = token) =>
  zis.send("GET", url.slice(zis.origin.length), headers);
const show = (name = "crm_main") => zis.call("GET", `/connections/acme?name=${name}`, token);

describe("OAuth clients", () => {
  it("are created, listed, changed by PATCH and deleted", async () => {
    const { status, json } = await createClient({ default_scopes: "read" });
    expect(status).toBe(201);
    expect(json).toMatchObject({ client_secret: "*****", created_by: 1, integration: "acme" });
    const path = `${CLIENTS}/${json.uuid}`;
    const patched = await zis.call("PATCH", path, token, { client_secret: "new", name: "crm2" });
    expect(patched.json).toMatchObject({ client_id: "id", name: "crm2", client_secret: "*****" });
    expect((await zis.call("GET", CLIENTS, token)).json.clients).toEqual([patched.json]);
    expect((await zis.call("PUT", path, token, {})).status).toBe(405);
    expect((await zis.call("DELETE", path, token)).status).toBe(204);
    expect((await zis.call("GET", path, token)).status).toBe(404);
  });

  it.each([
    ["no client_id", { client_id: undefined }, 400],
    ["no client_secret", { client_secret: undefined }, 400],
    ["no token_url", { token_url: undefined }, 400],
    ["a token_url that is none", { token_url: "/token" }, 400],
    [
      "no auth_url for a grant in the browser",
      { grant_type: "authorization_code", auth_url: "" },
      400,
    ],
    ["the grant of passwords", { grant_type: "password" }, 400],
    ["the companion's name", { name: "zendesk" }, 409],
  ])("are refused with %s", async (_what, fields, status) => {
    expect((await createClient(fields)).status).toBe(status);
  });
});

describe("a client_credentials connection", () => {
  it("stays pending until its redirect_url is fetched with the ZIS token", async () => {
    await createClient({ default_scopes: "a b" });
    const { redirect_url } = (await start()).json;
    expect(redirect_url).toContain("/access_codes/acme?verification_code=");
    expect((await show()).json).toMatchObject({ access_token: "", token_expiry: "" });
    expect((await open(redirect_url, {})).status).toBe(401);
    expect(asked).toEqual([]);
    expect((await open(redirect_url)).status).toBe(200);
    expect(asked).toEqual([
      { grant_type: "client_credentials", scope: "a b", client_id: "id", client_secret: "hush" },
    ]);
    expect((await show()).json).toMatchObject({
      name: "crm_main",
      integration: "acme",
      access_token: "access-1",
      token_expiry: "2026-05-04T11:00:00Z",
      zendesk_account_id: 12345,
    });
    expect((await open(redirect_url)).status).toBe(400);
  });

  it("is listed with its metadata only", async () => {
    await createClient();
    await open((await start()).json.redirect_url);
    const { json, text } = await zis.call("GET", "/integrations/acme/connections/all", token);
    expect(json.oauth).toMatchObject([{ name: "crm_main", token_expiry: "2026-05-04T11:00:00Z" }]);
    expect(text).not.toMatch(/access-1|refresh-1|verification/);
  });

  it("stays pending when the provider refuses", async () => {
    await createClient();
    answer = { status: 401, body: { error: "invalid_client" } };
    const completed = await open((await start()).json.redirect_url);
    expect(completed.status).toBe(400);
    expect(completed.json.errors[0].detail).toContain("answered 401");
    expect((await show()).json.access_token).toBe("");
  });

  it("gives way to a new start while pending and is taken once complete", async () => {
    await createClient();
    const first = (await start()).json.redirect_url;
    const second = (await start()).json.redirect_url;
    expect((await open(first)).status).toBe(400);
    expect((await open(second)).status).toBe(200);
    expect((await start()).status).toBe(409);
    expect((await zis.call("DELETE", "/connections/acme?name=crm_main", token)).status).toBe(204);
    expect((await show()).status).toBe(404);
  });

  it("dies with its client", async () => {
    const { uuid } = (await createClient()).json;
    await open(
      (await start({ oauth_client_name: undefined, oauth_client_uuid: uuid })).json.redirect_url,
    );
    await zis.call("DELETE", `${CLIENTS}/${uuid}`, token);
    expect((await show()).status).toBe(404);
  });

  it("cannot be refreshed by hand", async () => {
    const answer = await zis.call("POST", "/connections/refresh/acme?name=crm_main", token);
    expect(answer.status).toBe(405);
  });

  it.each([
    ["an unknown client", { oauth_client_name: "none" }, 404],
    ["no client", { oauth_client_name: undefined }, 400],
    ["a short name", { name: "ab" }, 400],
    ["a grant that the client has no address for", { grant_type: "authorization_code" }, 400],
  ])("is not started with %s", async (_what, fields, status) => {
    await createClient({ auth_url: "" });
    expect((await start(fields)).status).toBe(status);
  });

  it("is renewed on use once its token has expired, once for all who ask", async () => {
    await createClient();
    await open((await start()).json.redirect_url);
    const call = { method: "GET", url: `${provider.origin}/whoami`, connectionName: "crm_main" };
    const action = { Type: "Action", ActionName: "zis:acme:action:call", ResultPath: "$.who" };
    await deploy(zis, bundleOf({ states: { Call: { ...action, End: true } }, actions: { call } }));
    expect((await ping(zis)).data.who).toEqual({ seen: "Bearer *****" });
    zis.clock.at = new Date("2026-05-04T12:00:00Z");
    const event = { event_source: "acme", event_type: "ping", input: {}, copies: 5 };
    await zis.send("POST", "/local/events", {}, event);
    await zis.zis.idle(120_000);
    expect(asked).toHaveLength(2);
    expect((await show()).json).toMatchObject({
      access_token: "access-2",
      token_expiry: "2026-05-04T13:00:00Z",
    });
  });
});

describe("an authorization_code connection", () => {
  beforeEach(() =>
    createClient({
      grant_type: "authorization_code",
      auth_url: "https://{subdomain}.example.com/auth",
    }),
  );

  it("goes by the provider and the callback, and is renewed with its refresh token", async () => {
    const { redirect_url } = (
      await start({
        oauth_url_subdomain: "foobar",
        permission_scopes: "read write",
        origin_oauth_redirect_url: "https://app.example.com/done?x=1",
      })
    ).json;
    const url = new URL(redirect_url);
    expect(url.origin + url.pathname).toBe("https://foobar.example.com/auth");
    const { state, ...query } = Object.fromEntries(url.searchParams);
    const redirect_uri = `${zis.origin}/api/services/zis/connections/oauth/callback`;
    expect(query).toEqual({
      response_type: "code",
      client_id: "id",
      redirect_uri,
      scope: "read write",
    });
    const back = await zis.call("GET", `/connections/oauth/callback?code=c0de&state=${state}`);
    expect(back.status).toBe(302);
    expect(back.headers["location"]).toMatch(
      /^https:\/\/app\.example\.com\/done\?x=1&verification_token=/,
    );
    expect(asked[0]).toMatchObject({
      grant_type: "authorization_code",
      code: "c0de",
      redirect_uri,
    });
    zis.clock.at = new Date("2026-05-05T10:00:00Z");
    const states = {
      Take: {
        Type: "Action",
        ActionName: "zis:common:transform:Jq",
        Parameters: { expr: ".connections.crm_main.access_token", "data.$": "$" },
        ResultPath: "$.token",
        End: true,
      },
    };
    await deploy(zis, bundleOf({ states }));
    await ping(zis);
    expect(asked[1]).toMatchObject({ grant_type: "refresh_token", refresh_token: "refresh-1" });
  });

  it.each(["code=c&state=unknown", "state=x", "error=access_denied&state=x"])(
    "is not completed by ?%s",
    async (query) => {
      await start();
      expect((await zis.call("GET", `/connections/oauth/callback?${query}`)).status).toBe(400);
    },
  );
});

describe("the companion client zendesk", () => {
  it("gives a token of the account itself, without being made first", async () => {
    const { redirect_url } = (await start({ name: "zendesk", oauth_client_name: "zendesk" })).json;
    expect((await open(redirect_url)).status).toBe(200);
    const { access_token } = (await show("zendesk")).json;
    const current = await zis.send(
      "GET",
      "/api/v2/oauth/tokens/current.json",
      bearer(access_token),
    );
    expect(current.json.token).toMatchObject({ user_id: 1, scopes: ["read", "write"] });
    expect(asked).toEqual([]);
  });
});
