/** Is every answer of Salesforce to a look-up of cases understood, and a part of a result never taken for all of it? */
import nock from "nock";
import { describe, expect, it } from "vitest";
import { Secret } from "#platform/secret";
import { createMemoryTokenStore } from "#platform/tokens/store";
import { createCaseFinder } from "#remotes/salesforce/case-finder";
import { createSalesforceConnection } from "#remotes/salesforce/connection";
import {
  fetchOutbound,
  play,
  remoteCall,
  SALESFORCE,
  useVendorWire,
} from "#test/support/vendor-wire";

useVendorWire();

const QUERY = "/services/data/v67.0/query";

function connect() {
  return createSalesforceConnection({
    loginUrl: SALESFORCE,
    clientId: "key",
    auth: { kind: "client-credentials", clientSecret: new Secret("secret") },
    apiVersion: "67.0",
    outbound: fetchOutbound,
    random: () => 0,
    now: () => new Date(0),
    store: createMemoryTokenStore(),
  });
}

const findByNumber = () => createCaseFinder(connect()).byNumber(["1026", "00001026"], remoteCall());

/** The token endpoint gives a session with these members. */
function answerToken(members: object = {}) {
  nock(SALESFORCE)
    .post("/services/oauth2/token")
    .reply(200, { access_token: "s1", instance_url: SALESFORCE, ...members });
}

describe("a look-up of cases", () => {
  it("follows a result that Salesforce cut into pages", async () => {
    play("salesforce/cases-in-two-pages");
    expect(await findByNumber()).toEqual([
      {
        id: "500000000000001AAA",
        number: "1026",
        subject: "Parcel never came",
        status: "New",
        is_closed: false,
      },
      {
        id: "500000000000002AAA",
        number: "00001026",
        subject: null,
        status: null,
        is_closed: true,
      },
    ]);
  });

  it("asks by id, external id and address, and takes no row without a whole id", async () => {
    play("salesforce/look-ups");
    const cases = createCaseFinder(connect());
    expect(await cases.byId("500000000000001AAA", remoteCall())).toMatchObject([
      { number: "00001026" },
    ]);
    expect(await cases.byExternalId("Zd__c", "it's 12", remoteCall())).toEqual([]);
    await expect(cases.openByEmail("rita@example.com", remoteCall())).rejects.toMatchObject({
      code: "SALESFORCE_UNAVAILABLE",
      message: expect.stringContaining("a query of cases unreadably: /0/Id") as string,
    });
  });

  it.each(["session-expired", "gateway"])("goes on after what passes: %s", async (name) => {
    play(`salesforce/${name}`);
    expect(await findByNumber()).toMatchObject([{ number: "1026" }]);
  });

  it.each([
    ["session-of-no-use", "SALESFORCE_REFUSED", "401 (INVALID_SESSION_ID)"],
    ["token-refused", "SALESFORCE_REFUSED", "400 (invalid_grant: ip restricted)"],
    ["token-later", "SALESFORCE_UNAVAILABLE", "400 (unknown_error: retry your request)"],
  ])("says what is wrong with its session: %s", async (name, code, said) => {
    play(`salesforce/${name}`);
    await expect(findByNumber()).rejects.toMatchObject({
      code,
      message: `Salesforce answered ${said}`,
    });
  });

  it("gives each recorded refusal its name, and nothing of what Salesforce quotes", async () => {
    play("salesforce/refusals");
    const cases = createCaseFinder(connect());
    const refusals: unknown[] = [];
    for (let asked = 0; asked < 10; asked += 1) {
      refusals.push(
        await cases.byNumber(["1026", "00001026"], remoteCall()).catch((error: unknown) => error),
      );
    }
    const [refused, later] = ["SALESFORCE_REFUSED", "SALESFORCE_UNAVAILABLE"];
    expect(refusals).toMatchObject(
      [
        [refused, "400 (INVALID_FIELD: No such column 'Zd__c' on entity 'Case')"],
        [refused, "400 (MALFORMED_QUERY)"],
        [later, "403 (REQUEST_LIMIT_EXCEEDED)"],
        [later, "400 (QUERY_TIMEOUT)"],
        [later, "400 (INVALID_QUERY_LOCATOR)"],
        [refused, "400 (MULTIPLE_API_ERRORS)"],
        [later, "404"],
        [refused, "410 (UNSUPPORTED_API_VERSION)"],
        [later, "400 (REQUEST_RUNNING_TOO_LONG)"],
        [refused, "404 (NOT_FOUND)"],
      ].map(([code, said]) => ({ code, message: `Salesforce answered ${said}` })),
    );
  });
});

describe("a result that is not complete", () => {
  const pageOf = (more: object) => ({ totalSize: 2, done: true, records: [1], ...more });
  const unfinished = { done: false, nextRecordsUrl: `${QUERY}/0r8xx-1` };

  it.each([
    ["fewer records than it says", pageOf({}), "1 of 2 records came", 0],
    ["more records than it says", pageOf({ totalSize: 0 }), "1 of 0 records came", 0],
    ["no next page", pageOf({ done: false }), "it is incomplete, but has no next page", 0],
    [
      "null for a next page",
      pageOf({ done: false, nextRecordsUrl: null }),
      "it is incomplete, but has no next page",
      0,
    ],
    [
      "no size",
      { done: true, records: [1] },
      "the body must have required property 'totalSize'",
      0,
    ],
    ["the same page again and again", pageOf(unfinished), "its pages do not end", 2],
    [
      "empty pages again and again",
      pageOf({ ...unfinished, records: [] }),
      "its pages do not end",
      0,
    ],
    ["broken JSON", '{"done":true,"records":[', "the body must be object", 0],
    ["an empty body", "", "the body must be object", 0],
    ["another form", { done: true }, "the body must have required property 'records'", 0],
  ])("is not taken for all of it: %s", async (_what, page, problem, times) => {
    answerToken();
    const json = { "content-type": "application/json;charset=UTF-8" };
    nock(SALESFORCE).get(QUERY).query({ q: "SELECT Id FROM Case" }).reply(200, page, json);
    if (times > 0) nock(SALESFORCE).get(`${QUERY}/0r8xx-1`).times(times).reply(200, page, json);
    await expect(connect().query("SELECT Id FROM Case", remoteCall())).rejects.toMatchObject({
      code: "SALESFORCE_UNAVAILABLE",
      message: `Salesforce answered a query unreadably: ${problem}`,
    });
  });
});

describe("a session", () => {
  const signIn = () => connect().signIn(remoteCall().deadline);

  it.each(["api", "full", "api id", undefined])("with the scope %j is taken", async (scope) => {
    answerToken(scope === undefined ? {} : { scope });
    await signIn();
  });

  it("without the scope api is of no use", async () => {
    answerToken({ scope: "id refresh_token" });
    await expect(signIn()).rejects.toMatchObject({
      code: "SALESFORCE_REFUSED",
      message: "Salesforce granted a session without the scope api: POST /services/oauth2/token",
    });
  });

  it.each([
    [
      400,
      { error: "invalid_client", error_description: "invalid client credentials" },
      "SALESFORCE_REFUSED",
      "400 (invalid_client: invalid client credentials)",
    ],
    [
      200,
      "<html></html>",
      "SALESFORCE_UNAVAILABLE",
      "POST /services/oauth2/token unreadably: the body must be object",
    ],
    [
      200,
      { access_token: "s" },
      "SALESFORCE_UNAVAILABLE",
      "POST /services/oauth2/token unreadably: the body must have required property 'instance_url'",
    ],
  ])("is not opened by a %i with %j", async (status, body, code, said) => {
    nock(SALESFORCE).post("/services/oauth2/token").reply(status, body);
    await expect(signIn()).rejects.toMatchObject({
      code,
      message: `Salesforce answered ${said}`,
    });
  });
});
