import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OAuthClient } from "#zis/services/account";
import { ADMIN, basic, bearer, startZis, type TestZis } from "./start-zis.ts";

let zis: TestZis;
let client: OAuthClient;
beforeAll(async () => {
  zis = await startZis();
  await zis.integrate();
  client = zis.account.createOAuthClient({
    identifier: "server",
    userId: ADMIN.id,
    allowedScopes: ["read", "tickets:read"],
  });
});
afterAll(() => zis.close());

const grant = (more: object = {}) =>
  zis.send(
    "POST",
    "/oauth/tokens",
    {},
    {
      grant_type: "client_credentials",
      client_id: "server",
      client_secret: client.secret,
      scope: "read",
      ...more,
    },
  );

describe("POST /oauth/tokens", () => {
  it("gives a confidential client a token for 30 minutes that acts as its administrator", async () => {
    const { status, json } = await grant();
    expect(status).toBe(201);
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: "bearer",
      scope: "read",
      expires_in: 1800,
    });
    const identified = zis.account.identify(bearer(json.access_token));
    expect(identified).toMatchObject({ ok: true, principal: { userId: ADMIN.id, admin: true } });
    zis.clock.at = new Date(zis.clock.at.getTime() + 1_800_000);
    expect(zis.account.identify(bearer(json.access_token))).toEqual({
      ok: false,
      reason: "bad_bearer",
    });
  });

  it("takes the client from a Basic header and a form too", async () => {
    const answer = await zis.send(
      "POST",
      "/oauth/tokens",
      {
        ...basic("server", client.secret),
        "content-type": "application/x-www-form-urlencoded",
      },
      "grant_type=client_credentials&scope=read",
    );
    expect(answer.status).toBe(201);
  });

  it.each([
    ["an unknown client", { client_id: "nobody" }, 401, "invalid_client"],
    ["a wrong secret", { client_secret: "wrong" }, 401, "invalid_client"],
    ["a scope outside the client's", { scope: "read write" }, 400, "invalid_scope"],
    ["another grant", { grant_type: "password" }, 400, "unsupported_grant_type"],
    ["an unknown refresh token", { grant_type: "refresh_token" }, 400, "invalid_grant"],
    ["a life of 299 seconds", { expires_in: 299 }, 400, "invalid_request"],
    ["a life of 172801 seconds", { expires_in: 172_801 }, 400, "invalid_request"],
  ])("refuses %s", async (_what, fields, status, error) => {
    const answer = await grant(fields);
    expect(answer.status).toBe(status);
    expect(answer.json.error).toBe(error);
  });

  it.each([300, 172_800])("gives a token of %i seconds", async (expires_in) => {
    expect((await grant({ expires_in })).json.expires_in).toBe(expires_in);
  });

  it("refuses the client of an integration", async () => {
    const { secret, identifier } = zis.account.clientByIdentifier("zis_acme")!;
    const answer = await grant({ client_id: identifier, client_secret: secret });
    expect(answer.status).toBe(401);
    expect(answer.json.error).toBe("invalid_client");
  });

  it("exchanges a refresh token for a new pair, once", async () => {
    const old = zis.account.issueToken({
      clientId: client.id,
      userId: ADMIN.id,
      scopes: ["read"],
      expiresInSeconds: 1800,
      refreshExpiresInSeconds: 604_800,
    });
    const refresh = () => grant({ grant_type: "refresh_token", refresh_token: old.refreshToken });
    const { status, json } = await refresh();
    expect(status).toBe(201);
    expect(json).toMatchObject({ expires_in: 1800, refresh_token_expires_in: 2_592_000 });
    expect(json.refresh_token).not.toBe(old.refreshToken);
    expect(zis.account.identify(bearer(old.accessToken)).ok).toBe(false);
    expect(zis.account.identify(bearer(json.access_token)).ok).toBe(true);
    expect((await refresh()).json.error).toBe("invalid_grant");
  });
});

const TOKENS = "/api/v2/oauth/tokens";
const make = (headers: Record<string, string>, token: object | undefined) =>
  zis.send("POST", `${TOKENS}.json`, headers, { token });

describe("/api/v2/oauth/tokens", () => {
  it("makes a token bound to a client, shown in full once", async () => {
    const { status, json } = await make(zis.as.apiToken, {
      client_id: client.id,
      scopes: ["read", "write"],
    });
    expect(status).toBe(201);
    const { full_token, ...shown } = json.token;
    expect(shown).toMatchObject({
      client_id: client.id,
      user_id: ADMIN.id,
      scopes: ["read", "write"],
      token: full_token.slice(0, 10),
      expires_at: null,
    });
    const current = await zis.send("GET", `${TOKENS}/current.json`, bearer(full_token));
    expect(current.json.token).toMatchObject(shown);
    const list = await zis.send("GET", TOKENS, zis.as.apiToken);
    expect(list.json.tokens).toContainEqual(shown);
    expect(list.text).not.toContain(full_token);
  });

  it("revokes a token", async () => {
    const made = await make(zis.as.apiToken, { client_id: client.id, scopes: ["read"] });
    const { id, full_token } = made.json.token;
    expect((await zis.send("DELETE", `${TOKENS}/${id}.json`, zis.as.apiToken)).status).toBe(204);
    const current = await zis.send("GET", `${TOKENS}/current.json`, bearer(full_token));
    expect(current.status).toBe(401);
    expect(current.json.error).toBe("invalid_token");
    expect((await zis.send("DELETE", `${TOKENS}/${id}`, zis.as.apiToken)).status).toBe(404);
  });

  it.each([
    ["an agent", () => make(zis.as.agent, { client_id: client.id, scopes: ["read"] }), 403],
    ["a stranger", () => make({}, {}), 401],
    ["an unknown client", () => make(zis.as.apiToken, { client_id: 1, scopes: ["read"] }), 422],
    [
      "the client's text identifier",
      () => make(zis.as.apiToken, { client_id: "server", scopes: ["read"] }),
      422,
    ],
    [
      "scopes that are no array",
      () => make(zis.as.apiToken, { client_id: client.id, scopes: "read" }),
      422,
    ],
    ["no token", () => make(zis.as.apiToken, undefined), 400],
  ])("refuses %s", async (_what, ask, status) => {
    expect((await ask()).status).toBe(status);
  });
});
