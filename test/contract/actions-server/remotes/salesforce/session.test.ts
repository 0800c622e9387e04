/** Does each grant open a session with the org, and is a rotated refresh token followed? */
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { preflight } from "#actions-server/config/preflight";
import { createOutbound } from "#platform/outbound/send";
import { createSessionStore, type SalesforceAuth } from "#remotes/salesforce/session";
import { Secret } from "#platform/secret";
import { createMemoryTokenStore } from "#platform/tokens/store";
import { silentLog } from "#test/support/silent-log";
import { CLIENT, startOrg, USER } from "#test/contract/sandbox/salesforce/org-fixture";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const certificate = publicKey.export({ type: "spki", format: "pem" }).toString();
const clientSecret = new Secret(CLIENT.clientSecret);
const GRANTS: readonly SalesforceAuth[] = [
  { kind: "client-credentials", clientSecret },
  {
    kind: "jwt-bearer",
    privateKey: new Secret(pem),
    username: "integration@caseqa.example",
  },
  { kind: "refresh-token", clientSecret, refreshToken: new Secret("first-refresh") },
];

function openSessions(loginUrl: string, auth: SalesforceAuth, now: () => Date) {
  const outbound = createOutbound();
  const deadline = createDeadline(5_000);
  onTestFinished(async () => {
    deadline.clear();
    await outbound.close();
  });
  const sessions = createSessionStore({
    loginUrl,
    clientId: CLIENT.clientId,
    auth,
    outbound,
    random: () => 0,
    now,
    store: createMemoryTokenStore(),
  });
  return {
    current: () => sessions.current(deadline),
    renew: (rejected: Awaited<ReturnType<typeof sessions.current>>) =>
      sessions.renew(rejected, deadline),
  };
}

async function startOrgWithGrants() {
  const refreshToken = { token: "first-refresh", userId: USER };
  const org = await startOrg({
    clients: [{ ...CLIENT, certificate, refreshToken }],
    switches: { rotateRefreshTokens: true },
  });
  onTestFinished(() => org.stop());
  return org;
}

describe.each(GRANTS)("the grant $kind", (auth) => {
  it("opens a session, and another one each time that the last is refused", async () => {
    const org = await startOrgWithGrants();
    const sessions = openSessions(org.url, auth, () => org.clock.now());

    const first = await sessions.current();
    const second = (await sessions.renew(first))!;
    org.clock.advance(30_000);
    const third = (await sessions.renew(second))!;

    expect(new Set([first, second, third].map(({ accessToken }) => accessToken)).size).toBe(3);
    const reply = await fetch(`${third.instanceUrl}/services/data/v67.0/limits`, {
      headers: { authorization: `Bearer ${third.accessToken}` },
    });
    expect(reply.status).toBe(200);
    await reply.body?.cancel();
  });
});

describe("a token endpoint that refuses for now", () => {
  const startServer = async (error: string, error_description: string) => {
    const org = await startOrgWithGrants();
    org.faults.add({
      path: "/services/oauth2/token",
      times: 1,
      status: 400,
      headers: { "content-type": "application/json" },
      body: { error, error_description },
    });
    const sessions = openSessions(org.url, GRANTS[0]!, () => org.clock.now());
    return { sessions, check: () => preflight({ signIns: [sessions.current], log: silentLog }) };
  };

  it.each([
    ["unknown_error", "retry your request"],
    ["invalid_grant", "token request is already being processed"],
    ["invalid_grant", "expired authorization code"],
    ["invalid_grant", "login rate exceeded"],
  ])("lets the server start, and opens the next session: %s, %s", async (error, description) => {
    const { sessions, check } = await startServer(error, description);
    await check();
    expect(await sessions.current()).toMatchObject({ accessToken: expect.any(String) });
  });

  it.each([
    ["invalid_grant", "ip restricted"],
    ["invalid_grant", "inactive user"],
  ])("is distinguished from one that refuses for good: %s, %s", async (error, description) => {
    const { check } = await startServer(error, description);
    await expect(check()).rejects.toThrow(`Salesforce answered 400 (${error}: ${description})`);
  });
});
