/** Are secrets read from the setting, and callers distinguished by them? */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { SCOPES } from "#contract/routes/route";
import { createIdentify, type Caller } from "#platform/http/auth";
import { isApiKeyHeader, parseCallers } from "#platform/http/callers";

const OLD = "old-token-of-acme-1";
const NEW = "new-token-of-acme-2";
const OTHER = "token-of-globex-123";
const PASSWORD = "pässword: of acme 1";
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

function callerOf(setting: string, headers: Record<string, string>): Caller {
  const credentials = parseCallers(setting);
  if (typeof credentials === "string") throw new Error(credentials);
  return createIdentify(credentials, "x-key")(headers);
}

const ALL_KINDS = JSON.stringify({
  acme: { bearer: [OLD, NEW], basic: `zis:${PASSWORD}`, api_key: [`${OLD}!`, `${NEW}!`] },
  globex: OTHER,
});

describe("parseCallers", () => {
  it.each([
    ["pairs", `acme:${OLD}, globex:${OTHER}, acme:${NEW}`],
    ["JSON", JSON.stringify({ acme: [OLD, NEW], globex: OTHER })],
    ["JSON by kind", ALL_KINDS],
  ])("reads %s, several tokens for an account among them", (_, setting) => {
    const bearer = { known: true, kind: "bearer", scopes: SCOPES };
    expect(callerOf(setting, { authorization: `Bearer ${OLD}` })).toEqual({
      ...bearer,
      account: "acme",
    });
    expect(callerOf(setting, { authorization: `Bearer ${NEW}` })).toMatchObject({
      account: "acme",
    });
    expect(callerOf(setting, { authorization: `bearer  ${OTHER}` })).toEqual({
      ...bearer,
      account: "globex",
    });
  });

  it.each([
    ["{broken", /neither account:token pairs nor a JSON object/],
    ["{}", /neither account:token pairs nor a JSON object/],
    [`ACME!:${OLD}`, /no valid account in entry 1/],
    [`acme:${OLD},`, /no valid account in entry 2/],
    ["acme:short", /wrong form for the account acme: a bearer token is/],
    ['{"acme":7}', /wrong form for the account acme: a bearer token is/],
    ['{"acme":{}}', /no secret for the account acme/],
    ['{"acme":[]}', /no secret for the account acme/],
    [`{"acme":{"token":"${OLD}"}}`, /a kind that is none of bearer, basic, api_key/],
    [`{"acme":{"basic":"${OLD}"}}`, /basic is user:password/],
    ['{"acme":{"basic":"user:short"}}', /basic is user:password/],
    [`{"acme":{"api_key":"${OLD},${NEW}"}}`, /an API key is/],
    [`{"acme":{"api_key":["${OLD}",null]}}`, /an API key is/],
    [
      `{"acme":{"bearer":{"secret":"${OLD}","scopes":[]}}}`,
      /scopes for the account acme that are not a list of actions, read, admin/,
    ],
    [`{"acme":{"bearer":{"secret":"${OLD}","scopes":["write"]}}}`, /scopes for the account acme/],
    [`{"acme":{"bearer":{"secret":"${OLD}","scope":"read"}}}`, /wrong form for the account acme/],
    [`acme:${OLD},globex:${OLD}`, /gives one secret to two accounts/],
  ])("refuses %j without showing a secret", (setting, message) => {
    const fault = parseCallers(setting);
    expect(fault).toMatch(message);
    expect(fault).not.toContain(OLD);
  });

  it("reads what a secret is for", () => {
    const scoped = { secret: NEW, scopes: ["read"] };
    const setting = JSON.stringify({ acme: { bearer: [OLD, scoped] } });
    expect(callerOf(setting, { authorization: `Bearer ${OLD}` })).toMatchObject({ scopes: SCOPES });
    expect(callerOf(setting, { authorization: `Bearer ${NEW}` })).toMatchObject({
      scopes: ["read"],
    });
  });

  it("keeps no secret in the clear", () => {
    expect(inspect(parseCallers(ALL_KINDS), { depth: 9 })).not.toMatch(/token-of|ssword/);
  });
});

describe("createIdentify", () => {
  it.each([
    ["a user with a password", { authorization: basic(`zis:${PASSWORD}`) }, "basic"],
    ["an API key", { "x-key": `${OLD}!` }, "api_key"],
    ["another API key", { "x-key": `${NEW}!` }, "api_key"],
    ["a token beside a key", { authorization: `Bearer ${OLD}`, "x-key": "none" }, "bearer"],
  ])("knows %s", (_, headers, kind) => {
    expect(callerOf(ALL_KINDS, headers as Record<string, string>)).toEqual({
      known: true,
      scopes: SCOPES,
      account: "acme",
      kind,
    });
  });

  it.each([
    [{}, "none"],
    [{ authorization: "" }, "none"],
    [{ authorization: "Bearer" }, "none"],
    [{ authorization: "Bearer " }, "none"],
    [{ authorization: `Digest ${OLD}` }, "none"],
    [{ authorization: `Basic ${OLD}` }, "none"],
    [{ authorization: "Basic *" }, "none"],
    [{ authorization: "Bearer wrong-token-1234567" }, "bearer"],
    [{ authorization: `Bearer ${OLD} ${OLD}` }, "none"],
    [{ authorization: `Bearer ${OLD}x` }, "bearer"],
    [{ authorization: "", "x-key": `${OLD}!` }, "none"],
    [{ authorization: basic(`other:${PASSWORD}`) }, "basic"],
    [{ authorization: basic("zis:") }, "basic"],
    [{ authorization: `Bearer ${OLD}!` }, "bearer"],
    [{ "x-key": OLD }, "api_key"],
    [{ "x-key": `${OLD}!, ${NEW}!` }, "api_key"],
    [{ "x-api-key": `${OLD}!` }, "none"],
  ])("refuses the headers %j", (headers, kind) => {
    const caller = callerOf(ALL_KINDS, headers);
    expect(caller).toMatchObject({ known: false, kind });
    expect(JSON.stringify(caller)).not.toContain(OLD);
  });
});

describe("isApiKeyHeader", () => {
  it.each([
    ["x-api-key", true],
    ["X-CaseQA-Key", true],
    ["Authorization", false],
    ["idempotency-key", false],
    ["content-type", false],
    ["x-forwarded-for", false],
  ])("%s: %s", (name, allowed) => {
    expect(isApiKeyHeader(name)).toBe(allowed);
  });
});
