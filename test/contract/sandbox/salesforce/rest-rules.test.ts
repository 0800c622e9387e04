/** The REST API's rules as any client meets them: statuses, headers, limits, refusals. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintId } from "#sandbox/salesforce/ids";
import { containing, ADA, QUEUE, startOrg, USER, type TestOrg } from "./org-fixture.ts";

let org: TestOrg;
let authorization: string;

beforeAll(async () => {
  org = await startOrg();
  authorization = `Bearer ${(await org.signIn()).accessToken!}`;
});
afterAll(async () => {
  await org.stop();
});

async function call(method: string, path: string, body?: unknown, headers: object = {}) {
  const response = await fetch(`${org.url}${path}`, {
    method,
    headers: {
      authorization,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
  };
}

const data = (method: string, path: string, body?: unknown, headers?: object) =>
  call(method, `/services/data/v67.0${path}`, body, headers);
const CASE = "/sobjects/Case";
const BY_TICKET = `${CASE}/Zendesk_Ticket_Id__c`;

describe("versions", () => {
  it("are listed without a session and without counting", async () => {
    const { used } = org.salesforce.usage();
    const response = await fetch(`${org.url}/services/data`);
    expect(response.headers.has("sforce-limit-info")).toBe(false);
    const versions = (await response.json()) as { version: string; label: string }[];
    expect(versions.slice(-3)).toEqual([
      { version: "66.0", label: "Spring '26", url: "/services/data/v66.0" },
      { version: "67.0", label: "Summer '26", url: "/services/data/v67.0" },
      { version: "68.0", label: "Winter '27", url: "/services/data/v68.0" },
    ]);
    expect(org.salesforce.usage().used).toBe(used);
  });

  it.each([
    ["v30.0", 410],
    ["v69.0", 404],
    ["latest", 404],
  ])("refuse %s with %d", async (version, status) => {
    expect((await call("GET", `/services/data/${version}/limits`)).status).toBe(status);
  });
});

describe("resources", () => {
  it("are listed under the version, with the caller's identity", async () => {
    const sf = await org.signIn();
    for (const path of ["", "/"]) {
      expect((await data("GET", path)).body).toMatchObject({
        query: "/services/data/v67.0/query",
        identity: sf.userInfo?.url,
      });
    }
  });

  it("refuse methods that they do not have", async () => {
    expect(await data("PUT", CASE)).toMatchObject({
      status: 405,
      body: [{ errorCode: "METHOD_NOT_ALLOWED", message: containing("Allowed are GET,POST") }],
    });
  });
});

describe("the day's requests", () => {
  it("are in a header of every reply, refusals too, and in /limits", async () => {
    const { used, limit } = org.salesforce.usage();
    const ok = await data("GET", "/limits");
    expect(ok.headers.get("sforce-limit-info")).toBe(`api-usage=${used + 1}/${limit}`);
    expect(ok.body).toEqual({ DailyApiRequests: { Max: limit, Remaining: limit - used - 1 } });
    const refused = await data("GET", "/nonsense");
    expect(refused.status).toBe(404);
    expect(refused.headers.get("sforce-limit-info")).toBe(`api-usage=${used + 2}/${limit}`);
  });

  it("run out with 403, and come back as the day moves on", async () => {
    const small = await startOrg({ limits: { dailyRequests: 2 } });
    const sf = await small.signIn();
    await sf.query("SELECT Id FROM Case");
    await sf.query("SELECT Id FROM Case");
    expect(sf.limitInfo.apiUsage).toEqual({ used: 2, limit: 2 });
    await expect(sf.query("SELECT Id FROM Case")).rejects.toMatchObject({
      errorCode: "REQUEST_LIMIT_EXCEEDED",
      message: "TotalRequests Limit exceeded.",
    });
    small.clock.advance(25 * 3_600_000);
    await expect((await small.signIn()).query("SELECT Id FROM Case")).resolves.toBeDefined();
    await small.stop();
  });
});

const error = (errorCode: string, message: string, fields?: string[]) => ({
  status: 400,
  body: [{ errorCode, message: containing(message), ...(fields ? { fields } : {}) }],
});

const comment = (CommentBody: string) =>
  data("POST", "/sobjects/CaseComment", { ParentId: mintId("500", 1), CommentBody });

describe("refused writes", () => {
  it.each([
    [
      "an unknown field",
      { Nope: 1 },
      error("INVALID_FIELD", "No such column 'Nope' on sobject of type Case"),
    ],
    [
      "a read-only field",
      { CaseNumber: "1" },
      error("INVALID_FIELD_FOR_INSERT_UPDATE", "CaseNumber", ["CaseNumber"]),
    ],
    [
      "a mirror",
      { ContactEmail: "a@b.example" },
      error("INVALID_FIELD_FOR_INSERT_UPDATE", "ContactEmail", ["ContactEmail"]),
    ],
    [
      "a text too long",
      { Subject: "x".repeat(256) },
      error("STRING_TOO_LONG", "(max length=255)", ["Subject"]),
    ],
    [
      "a number for a text",
      { Subject: 5 },
      error("JSON_PARSER_ERROR", "instance of string from VALUE_NUMBER_INT value 5"),
    ],
    [
      "a text for a boolean",
      { IsEscalated: "yes" },
      error("JSON_PARSER_ERROR", "instance of boolean from VALUE_STRING"),
    ],
    [
      "null for a boolean",
      { IsEscalated: null },
      error("INVALID_TYPE_ON_FIELD_IN_RECORD", "not of required type", ["IsEscalated"]),
    ],
    [
      "a bad address",
      { SuppliedEmail: "nobody" },
      error("INVALID_EMAIL_ADDRESS", "Supplied Email: invalid email address: nobody", [
        "SuppliedEmail",
      ]),
    ],
    [
      "a malformed id",
      { ContactId: "abc" },
      error("MALFORMED_ID", "Contact ID: id value of incorrect type: abc", ["ContactId"]),
    ],
    [
      "an id of another object",
      { ContactId: mintId("001", 1) },
      error("FIELD_INTEGRITY_EXCEPTION", "Contact ID", ["ContactId"]),
    ],
    [
      "an id of nothing",
      { ContactId: mintId("003", 99) },
      error("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", []),
    ],
    [
      "an external id that is taken",
      { Zendesk_Ticket_Id__c: "77" },
      error(
        "DUPLICATE_VALUE",
        `duplicate value found: Zendesk_Ticket_Id__c duplicates value on record with id: ${mintId("500", 2).slice(0, 15)}`,
        [],
      ),
    ],
    ["no object", [], error("JSON_PARSER_ERROR", "must be a JSON object")],
    ["broken JSON", "{", error("JSON_PARSER_ERROR", "JSON")],
  ])("of %s write nothing", async (_what, body, expected) => {
    const before = org.salesforce.store.all("Case").length;
    expect(await data("POST", CASE, body)).toMatchObject(expected);
    expect(org.salesforce.store.all("Case")).toHaveLength(before);
  });

  it("name every required field that is missing", async () => {
    expect(await data("POST", "/sobjects/Contact", { FirstName: "Ada" })).toMatchObject(
      error("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", ["LastName"]),
    );
  });

  it("count a comment's bytes, not its characters", async () => {
    expect((await comment("é".repeat(2_000))).status).toBe(201);
    expect(await comment("é".repeat(2_001))).toMatchObject(
      error("STRING_TOO_LONG", "(max length=4000)", ["CommentBody"]),
    );
  });
});

describe("rows", () => {
  it.each([
    ["a missing row", `${CASE}/${mintId("500", 999)}`, "The requested resource does not exist"],
    ["a row of another object", `${CASE}/${ADA}`, "The requested resource does not exist"],
    ["an unknown object", `/sobjects/Nope/${ADA}`, "The requested resource does not exist"],
    [
      "what is not an id",
      `${CASE}/123`,
      "Provided external ID field does not exist or is not accessible: 123",
    ],
    ["an unknown external id", `${BY_TICKET}/nothing`, "The requested resource does not exist"],
    [
      "a field that is not a key",
      `${CASE}/Subject/x`,
      "external ID field does not exist or is not accessible: Subject",
    ],
  ])("answer 404 for %s", async (_what, path, message) => {
    expect(await data("GET", path)).toMatchObject({
      status: 404,
      body: [{ errorCode: "NOT_FOUND", message: containing(message) }],
    });
  });

  it("are read under 15 and 18 characters and answered with 18", async () => {
    const id = mintId("500", 1);
    for (const form of [id, id.slice(0, 15)]) {
      expect((await data("GET", `${CASE}/${form}`)).body).toMatchObject({ Id: id });
    }
  });

  it("answer 204 and no body when changed or deleted", async () => {
    const made = await data("POST", CASE, { Subject: "x" });
    const { id } = made.body as { id: string };
    expect(made.status).toBe(201);
    expect(await data("PATCH", `${CASE}/${id}`, { Subject: "" })).toMatchObject({
      status: 204,
      body: undefined,
    });
    expect(org.salesforce.store.get(id)).toMatchObject({ Subject: null });
    expect(await data("DELETE", `${CASE}/${id}`)).toMatchObject({ status: 204 });
    expect(await data("PATCH", `${CASE}/${id}`, { Subject: "y" })).toMatchObject({
      status: 404,
      body: [{ errorCode: "ENTITY_IS_DELETED" }],
    });
  });

  it("free the external id of a deleted row", async () => {
    const { body } = await data("PATCH", `${BY_TICKET}/900`, { Subject: "one" });
    await data("DELETE", `${CASE}/${(body as { id: string }).id}`);
    expect((await data("PATCH", `${BY_TICKET}/900`, { Subject: "two" })).status).toBe(201);
  });
});

describe("upserts", () => {
  it("answer 201 and 200 with created, in any case of the key", async () => {
    expect(await data("PATCH", `${BY_TICKET}/AbC`, { Subject: "one" })).toMatchObject({
      status: 201,
      body: { success: true, created: true, errors: [] },
    });
    expect(await data("PATCH", `${BY_TICKET}/aBc`, { Subject: "two" })).toMatchObject({
      status: 200,
      body: { success: true, created: false, errors: [] },
    });
  });

  it("answer 204 for an update where the version is an older one", async () => {
    const older = await startOrg({ switches: { upsertUpdateStatus: 204 } });
    const sf = await older.signIn();
    const result = await sf
      .sobject("Case")
      .upsert({ Zendesk_Ticket_Id__c: "77", Subject: "x" }, "Zendesk_Ticket_Id__c");
    expect(result).toMatchObject({ success: true });
    expect(result.id).toBeUndefined();
    await older.stop();
  });

  it("answer 300 with the rows when several hold the key, and write nothing", async () => {
    const twin = { LastName: "Twin", Email: "twin@example.com" };
    const ids = await Promise.all(
      [1, 2].map(
        async () => ((await data("POST", "/sobjects/Contact", twin)).body as { id: string }).id,
      ),
    );
    const path = "/sobjects/Contact/Email/twin@example.com";
    const addresses = ids.map((id) => `/services/data/v67.0/sobjects/Contact/${id}`);
    expect(await data("GET", path)).toMatchObject({ status: 300, body: addresses });
    expect(await data("PATCH", path, { LastName: "Changed" })).toMatchObject({
      status: 300,
      body: addresses,
    });
    expect(org.salesforce.store.get(ids[0]!)).toMatchObject({ LastName: "Twin" });
  });

  it("create nothing when asked to update only", async () => {
    const path = `${BY_TICKET}/none?updateOnly=true`;
    expect((await data("PATCH", path, { Subject: "x" })).status).toBe(404);
  });

  it("refuse the key in the body", async () => {
    expect(await data("PATCH", `${BY_TICKET}/1`, { Zendesk_Ticket_Id__c: "1" })).toMatchObject({
      status: 400,
      body: [
        { message: "The Zendesk_Ticket_Id__c field should not be specified in the sobject data." },
      ],
    });
  });
});

describe("assignment rules", () => {
  it("move a case's owner unless the write refuses them", async () => {
    const ruled = await startOrg({ switches: { caseAssignmentOwnerId: QUEUE } });
    const sf = await ruled.signIn();
    const create = async (headers: Record<string, string>) => {
      const { id } = await sf.sobject("Case").create({ Subject: "x", OwnerId: USER }, { headers });
      return ruled.salesforce.store.get(id!)?.["OwnerId"];
    };
    expect(await create({})).toBe(QUEUE);
    expect(await create({ "Sforce-Auto-Assign": "FALSE" })).toBe(USER);
    await ruled.stop();
  });
});

describe("faults on order", () => {
  it("meet the calls they name, in the platform's form", async () => {
    org.faults.add({
      path: "/services/data/*/query",
      times: 1,
      status: 400,
      body: [
        { errorCode: "QUERY_TIMEOUT", message: "Your query request was running for too long." },
      ],
    });
    const sf = await org.signIn();
    await expect(sf.query("SELECT Id FROM Case")).rejects.toMatchObject({
      errorCode: "QUERY_TIMEOUT",
    });
    await expect(sf.query("SELECT Id FROM Case")).resolves.toBeDefined();
  });
});

describe("answers", () => {
  it("are compressed for clients that take gzip, and plain for others", async () => {
    const gzipped = await data("GET", "/sobjects", undefined, { "accept-encoding": "gzip" });
    expect(gzipped.headers.get("content-encoding")).toBe("gzip");
    const plain = await data("GET", "/sobjects", undefined, { "accept-encoding": "identity" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(gzipped.body).toEqual(plain.body);
  });
});
