import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN, basic, bearer, startZis, type TestZis } from "./start-zis.ts";

let zis: TestZis;
let credentials: Record<string, Record<string, string>>;

beforeAll(async () => {
  zis = await startZis();
  const ownToken = await zis.integrate("acme");
  const otherToken = await zis.integrate("other");
  const { account } = zis;
  const client = account.createOAuthClient({ identifier: "plain", userId: ADMIN.id });
  const request = { clientId: client.id, userId: ADMIN.id, scopes: ["read", "write"] };
  const expired = account.issueToken({ ...request, expiresInSeconds: 0 });
  credentials = {
    ...zis.as,
    ownToken,
    otherToken,
    plainClient: bearer(account.issueToken(request).accessToken),
    expired: bearer(expired.accessToken),
    none: {},
    empty: { authorization: "Bearer " },
    malformed: { authorization: "Token abc" },
    wrongPassword: basic(ADMIN.email, "wrong"),
    wrongApiToken: basic(`${ADMIN.email}/token`, "wrong"),
  };
});
afterAll(() => zis.close());

const FAILED = [401, "Authentication failed"] as const;
const MISMATCH = [401, "Authorization failed due to integration mismatch"] as const;
const DISABLED = [
  401,
  "Authorization failed due to OAuth being disabled for this API request",
] as const;
const NO_API_TOKEN = [403, "API token is not supported"] as const;
const ADMIN_ONLY = [403, "Only admin user is allowed"] as const;
const OK = [200, ""] as const;

const spec = "zis:acme:job_spec:x";
const LIST = ["GET", "/registry/integrations"] as const;
const CREATE = ["POST", "/registry/acme"] as const;
const UPLOAD = ["POST", "/registry/acme/bundles"] as const;
const BUNDLES = ["GET", "/registry/acme/bundles"] as const;
const SPECS = ["GET", "/registry/acme/job_specs"] as const;
const INSTALL = ["POST", `/registry/job_specs/install?job_spec_name=${spec}`] as const;
const CONNECTIONS = ["GET", "/integrations/acme/connections/all"] as const;
const CLIENTS = ["GET", "/connections/oauth/clients/acme"] as const;
const CONFIGS = ["GET", "/integrations/acme/configs"] as const;
const LINKS = ["GET", "/links/acme"] as const;
const HOOKS = ["GET", "/inbound_webhooks/generic/acme/u"] as const;

/** A refusal by what was asked, not by who asked. */
const PASSED = [0, ""] as const;

type Row = readonly [
  who: string,
  request: readonly [method: string, path: string],
  answer: readonly [status: number, text: string],
];

const ROWS: readonly Row[] = [
  ...["none", "empty", "malformed", "expired", "wrongPassword", "wrongApiToken"].flatMap((who) =>
    [LIST, UPLOAD, CONNECTIONS, LINKS].map((asked): Row => [who, asked, FAILED]),
  ),
  ...["apiToken", "password", "session"].flatMap((who): Row[] => [
    [who, LIST, OK],
    [who, BUNDLES, OK],
    [who, SPECS, OK],
    [who, UPLOAD, PASSED],
    [who, CREATE, PASSED],
    [who, INSTALL, PASSED],
  ]),
  ...["apiToken", "password"].flatMap((who) =>
    [CONNECTIONS, CLIENTS, CONFIGS, LINKS, HOOKS].map((asked): Row => [who, asked, NO_API_TOKEN]),
  ),
  ...["agent", "agentSession"].flatMap((who) =>
    [LIST, CREATE, UPLOAD, BUNDLES, SPECS].map((asked): Row => [who, asked, ADMIN_ONLY]),
  ),
  ["agentSession", CONFIGS, ADMIN_ONLY],
  ["agent", CONFIGS, NO_API_TOKEN],
  ["ownToken", LIST, DISABLED],
  ["ownToken", UPLOAD, DISABLED],
  ["otherToken", UPLOAD, DISABLED],
  ["plainClient", UPLOAD, DISABLED],
  ["ownToken", BUNDLES, OK],
  ["ownToken", SPECS, OK],
  ["ownToken", INSTALL, PASSED],
  ["ownToken", CONNECTIONS, OK],
  ["ownToken", CLIENTS, OK],
  ["ownToken", CONFIGS, PASSED],
  ["ownToken", LINKS, PASSED],
  ["ownToken", HOOKS, PASSED],
  ...["otherToken", "plainClient"].flatMap((who) =>
    [BUNDLES, SPECS, INSTALL, CONNECTIONS, CLIENTS, CONFIGS, LINKS, HOOKS].map((asked): Row => [
      who,
      asked,
      MISMATCH,
    ]),
  ),
  ["session", CONNECTIONS, OK],
  ["session", CLIENTS, OK],
  ["session", CONFIGS, PASSED],
  ["session", LINKS, FAILED],
  ["session", HOOKS, FAILED],
  // The integration does not exist, or is written in the wrong case.
  ["ownToken", ["GET", "/registry/missing/job_specs"], MISMATCH],
  ["ownToken", ["GET", "/registry/ACME/job_specs"], MISMATCH],
];

describe("a credential at an endpoint", () => {
  it.each(ROWS)("%s at %j is answered %j", async (who, [method, path], [status, text]) => {
    const answer = await zis.call(method, path, credentials[who]);
    if (status === 0) {
      expect(answer.status, answer.text).not.toBe(401);
      expect(answer.status, answer.text).not.toBe(403);
    } else {
      expect(answer.status, answer.text).toBe(status);
      if (text !== "") expect(answer.text).toBe(text);
    }
  });

  it("takes an administrator's ordinary OAuth token to create an integration", async () => {
    const answer = await zis.call("POST", "/registry/by_bearer", credentials["plainClient"], {});
    expect(answer.status).toBe(200);
  });

  it("answers 404 for an unknown integration to a session", async () => {
    const answer = await zis.call("GET", "/registry/missing/bundles", zis.as.session);
    expect(answer.status).toBe(404);
  });

  it("lets an Authorization header win over a session", async () => {
    const both = { ...zis.as.session, ...bearer("unknown") };
    expect((await zis.call("GET", "/registry/integrations", both)).status).toBe(401);
  });
});

describe("the switches of refusals", () => {
  it("wrap the text in the documented envelope", async () => {
    const other = await startZis({ serviceSwitches: { refusalBody: "json" } });
    const answer = await other.call("GET", "/registry/integrations");
    expect(answer.json).toEqual({
      errors: [{ code: "1001", detail: "Authentication failed", status: "401" }],
      message: "Authentication failed",
    });
    await other.close();
  });

  it("let a session work with links", async () => {
    const other = await startZis({ serviceSwitches: { unlistedSession: "allow" } });
    await other.integrate();
    const path = "/links/acme?link_type=any&left_object_name=*";
    expect((await other.call("GET", path, other.as.session)).json.links).toEqual([]);
    await other.close();
  });
});
