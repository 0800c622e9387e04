/** Tokens: what each grant answers, how sessions end, and how jsforce lives with it. */
import { createSign, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anyText, matching, CLIENT, startOrg, USER, type TestOrg } from "./org-fixture.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const certificate = publicKey.export({ type: "spki", format: "pem" }) as string;

const CLIENTS = [
  { ...CLIENT, certificate, refreshToken: { token: "refresh-1", userId: USER } },
  { clientId: "no-user", clientSecret: "x" },
];

let org: TestOrg;

beforeAll(async () => {
  org = await startOrg({ clients: CLIENTS, limits: { dailyRequests: 1_000 } });
});
afterAll(async () => {
  await org.stop();
});

async function post(path: string, fields: Record<string, string>, url = org.url) {
  // A stream: the body goes out chunked, without a length, as jsforce sends it.
  const body = new Blob([new URLSearchParams(fields).toString()]).stream();
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body,
    duplex: "half",
    // The browser's type, which the app's tests bring in, does not know Node's `duplex`.
  } as RequestInit);
  const text = await response.text();
  const answer = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, body: answer };
}

const token = (fields: Record<string, string>, url?: string) =>
  post("/services/oauth2/token", fields, url);

const APP = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function assertion(claims: object, key = privateKey, alg = "RS256"): string {
  const signed = `${part({ alg })}.${part(claims)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
}
const claims = {
  iss: CLIENT.clientId,
  sub: "integration@caseqa.example",
  aud: "https://login.salesforce.com",
  exp: 1_772_445_600 + 180,
};
const bearer = (jwt: string) =>
  token({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: jwt });

const refresh = (refresh_token: string, url?: string) =>
  token({ grant_type: "refresh_token", ...APP, refresh_token }, url);

describe("the token endpoint", () => {
  it("answers client credentials with every member of the platform's reply and no expires_in", async () => {
    const { status, body } = await token({ grant_type: "client_credentials", ...APP });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: matching(/^00D\w{12}!AQ/),
      signature: anyText,
      scope: "api",
      instance_url: org.url,
      id: matching(new RegExp(`^${org.url}/id/00D\\w{15}/${USER}$`)),
      token_type: "Bearer",
      issued_at: "1772445600000",
      api_instance_url: org.url,
    });
  });

  it.each([
    [
      { grant_type: "client_credentials", client_id: "who", client_secret: "x" },
      "invalid_client_id",
      "client identifier invalid",
    ],
    [
      { grant_type: "client_credentials", ...APP, client_secret: "wrong" },
      "invalid_client",
      "invalid client credentials",
    ],
    [
      { grant_type: "client_credentials", client_id: "no-user", client_secret: "x" },
      "invalid_grant",
      "no client credentials user enabled",
    ],
    [
      { grant_type: "password", ...APP, username: "u", password: "p" },
      "invalid_grant",
      "authentication failure",
    ],
    [
      { grant_type: "refresh_token", ...APP, refresh_token: "unknown" },
      "invalid_grant",
      "expired access/refresh token",
    ],
    [{ grant_type: "magic", ...APP }, "unsupported_grant_type", "grant type not supported"],
    [{}, "unsupported_grant_type", "grant type not supported"],
  ])("refuses %j with %s", async (fields, error, error_description) => {
    const answer = await token(fields);
    expect(answer).toEqual({ status: 400, body: { error, error_description } });
  });

  it("takes client data from a Basic header too", async () => {
    const response = await fetch(`${org.url}/services/oauth2/token`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString("base64")}`,
      },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  it("answers a signed assertion", async () => {
    expect((await bearer(assertion(claims))).status).toBe(200);
  });

  it.each([
    ["another app", assertion({ ...claims, iss: "who" }), "client identifier invalid"],
    [
      "another audience",
      assertion({ ...claims, aud: "https://example.com" }),
      "audience is invalid",
    ],
    ["the past", assertion({ ...claims, exp: 1_772_445_600 }), "expired authorization code"],
    [
      "an unknown user",
      assertion({ ...claims, sub: "nobody" }),
      "user hasn't approved this consumer",
    ],
    ["another algorithm", assertion(claims, privateKey, "none"), "invalid assertion"],
    [
      "another key",
      assertion(claims, generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey),
      "invalid assertion",
    ],
  ])("refuses an assertion of %s", async (_what, jwt, description) => {
    expect((await bearer(jwt)).body["error_description"]).toBe(description);
  });

  it("keeps a refresh token, or rotates it where the app says so", async () => {
    expect((await refresh("refresh-1")).body["refresh_token"]).toBeUndefined();
    expect((await refresh("refresh-1")).status).toBe(200);

    const rotating = await startOrg({ clients: CLIENTS, switches: { rotateRefreshTokens: true } });
    const first = await refresh("refresh-1", rotating.url);
    expect(first.body["refresh_token"]).toEqual(anyText);
    expect((await refresh("refresh-1", rotating.url)).body["error"]).toBe("invalid_grant");
    expect((await refresh(String(first.body["refresh_token"]), rotating.url)).status).toBe(200);
    await rotating.stop();
  });

  it("answers the living session again where the org reuses sessions", async () => {
    const reusing = await startOrg({ switches: { reuseSessions: true } });
    const get = async () =>
      (await token({ grant_type: "client_credentials", ...APP }, reusing.url)).body["access_token"];
    expect(await get()).toBe(await get());
    await reusing.stop();
  });
});

const get = async (authorization?: string) => {
  const response = await fetch(`${org.url}/services/data/v67.0/query?q=x`, {
    headers: authorization ? { authorization } : {},
  });
  return { status: response.status, body: await response.json() };
};

describe("sessions", () => {
  it("are introspected with their end, and are inactive once revoked", async () => {
    const sf = await org.signIn();
    const introspect = () =>
      post("/services/oauth2/introspect", {
        token: sf.accessToken!,
        token_type_hint: "access_token",
        ...APP,
      });
    expect((await introspect()).body).toMatchObject({
      active: true,
      sub: USER,
      exp: 1_772_445_600 + 7_200,
    });
    await sf.logout();
    expect((await introspect()).body).toEqual({ active: false });
  });

  it("tell who they belong to", async () => {
    const sf = await org.signIn();
    expect(sf.userInfo?.id).toBe(USER);
    expect(await sf.identity()).toMatchObject({
      user_id: USER,
      username: "integration@caseqa.example",
    });
  });

  it("end after two hours without use, and live on with use", async () => {
    const own = await startOrg();
    const sf = await own.signIn();
    own.clock.advance(7_000_000);
    await sf.query("SELECT Id FROM Case");
    own.clock.advance(7_000_000);
    await sf.query("SELECT Id FROM Case");
    own.clock.advance(7_200_000);
    const raw = await fetch(`${own.url}/services/data/v67.0/limits`, {
      headers: { authorization: `Bearer ${sf.accessToken!}` },
    });
    expect(raw.status).toBe(401);
    expect(await raw.json()).toEqual([
      { message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" },
    ]);
    await own.stop();
  });

  it("are renewed by jsforce's refreshFn once for parallel calls", async () => {
    let refreshes = 0;
    const connection = org.connect();
    await connection.authorize({ grant_type: "client_credentials" });
    type Renewed = (error: Error | null, token?: string) => unknown;
    async function renew(done: Renewed): Promise<void> {
      const answer = await token({ grant_type: "client_credentials", ...APP });
      done(null, String(answer.body["access_token"]));
    }
    const { Connection } = await import("jsforce");
    const renewing = new Connection({
      version: "67.0",
      loginUrl: org.url,
      instanceUrl: org.url,
      accessToken: connection.accessToken!,
      refreshFn: (_connection, done) => {
        refreshes += 1;
        void renew(done);
      },
    });
    org.salesforce.revokeTokens();
    const soql = "SELECT COUNT() FROM Case";
    const both = await Promise.all([renewing.query(soql), renewing.query(soql)]);
    expect(both.map((page) => page.totalSize)).toEqual([2, 2]);
    expect(refreshes).toBe(1);
  });

  it("are asked for by every data call, in the right scheme", async () => {
    const invalid = { errorCode: "INVALID_SESSION_ID" };
    expect(await get()).toMatchObject({ status: 401, body: [invalid] });
    expect(await get("Bearer nonsense")).toMatchObject({ status: 401, body: [invalid] });
    expect(await get("Basic abc")).toMatchObject({
      status: 401,
      body: [{ errorCode: "INVALID_AUTH_HEADER" }],
    });
  });
});
