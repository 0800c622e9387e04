/** The unmodified jsforce queries: pages, locators, conditions, and the errors of bad queries. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintId } from "#sandbox/salesforce/ids";
import { containing, RECORDS, startOrg, USER, type TestOrg } from "./org-fixture.ts";

const MANY = 4_100;

let org: TestOrg;
let sf: Awaited<ReturnType<TestOrg["signIn"]>>;

beforeAll(async () => {
  org = await startOrg({
    records: {
      ...RECORDS,
      Account: [
        ...RECORDS.Account,
        ...Array.from({ length: MANY }, (_, index) => ({
          Id: mintId("001", 100 + index),
          Name: `Firm ${String(index).padStart(5, "0")}`,
          AccountNumber: "many",
          OwnerId: USER,
        })),
      ],
    },
  });
  sf = await org.signIn();
});
afterAll(async () => {
  await org.stop();
});

const ALL_FIRMS = "SELECT Name FROM Account WHERE AccountNumber = 'many' ORDER BY Name";

describe("pages", () => {
  it("come 2,000 rows at a time under a locator, until done", async () => {
    const names: unknown[] = [];
    let page = await sf.query<{ Name: string }>(ALL_FIRMS);
    const sizes = [page.records.length];
    names.push(...page.records.map((row) => row.Name));
    while (page.nextRecordsUrl) {
      expect(page.nextRecordsUrl).toMatch(
        new RegExp(`^${org.url}/services/data/v67\\.0/query/0r8\\w{15}-${names.length}$`),
      );
      page = await sf.queryMore<{ Name: string }>(page.nextRecordsUrl);
      sizes.push(page.records.length);
      names.push(...page.records.map((row) => row.Name));
    }
    expect(sizes).toEqual([2_000, 2_000, 100]);
    expect(page).toMatchObject({ totalSize: MANY, done: true });
    expect(new Set(names).size).toBe(MANY);
  });

  it.each([
    [250, 250],
    [5, 200],
    [9_999, 2_000],
  ])("hold batchSize=%d to %d rows", async (asked, rows) => {
    const page = await sf.query(ALL_FIRMS, {
      headers: { "Sforce-Query-Options": `batchSize=${asked}` },
    });
    expect(page.records).toHaveLength(rows);
  });

  it("are refused under a locator that is malformed, unknown, past the end or two days old", async () => {
    const { nextRecordsUrl = "" } = await sf.query(ALL_FIRMS);
    const id = nextRecordsUrl.split("/").at(-1)!.split("-")[0]!;
    const refused = { errorCode: "INVALID_QUERY_LOCATOR", message: "invalid query locator" };
    for (const bad of ["nonsense", "0r8000000000000AAA-200", `${id}-${MANY}`, id]) {
      await expect(sf.queryMore(bad)).rejects.toMatchObject(refused);
    }
    await expect(sf.queryMore(`${id}-4000`)).resolves.toMatchObject({ done: true });
    org.clock.advance(2 * 86_400_000);
    sf = await org.signIn();
    await expect(sf.queryMore(`${id}-4000`)).rejects.toMatchObject(refused);
  });

  it("count without rows for COUNT()", async () => {
    expect(await sf.query("SELECT COUNT() FROM Account WHERE AccountNumber = 'many'")).toEqual({
      totalSize: MANY,
      done: true,
      records: [],
    });
  });

  it("skip with OFFSET up to 2,000 and no further", async () => {
    const { records } = await sf.query(`${ALL_FIRMS} LIMIT 1 OFFSET 2000`);
    expect(records).toMatchObject([{ Name: "Firm 02000" }]);
    await expect(sf.query(`${ALL_FIRMS} OFFSET 2001`)).rejects.toMatchObject({
      errorCode: "NUMBER_OUTSIDE_VALID_RANGE",
      message: "Maximum SOQL offset allowed is 2000",
    });
  });

  it("may be smaller than asked for", async () => {
    const small = await startOrg({ switches: { maxPageRows: 1 } });
    const client = await small.signIn();
    const page = await client.query("SELECT Id FROM Case");
    expect(page).toMatchObject({ totalSize: 2, done: false });
    expect(page.records).toHaveLength(1);
    await small.stop();
  });
});

describe("refused queries", () => {
  it.each([
    [
      "SELECT Nope FROM Case",
      "INVALID_FIELD",
      "ERROR at Row:1:Column:8\nNo such column 'Nope' on entity 'Case'",
    ],
    [
      "SELECT Id FROM Nope",
      "INVALID_TYPE",
      "ERROR at Row:1:Column:16\nsObject type 'Nope' is not supported",
    ],
    ["SELECT Id FROM Name", "INVALID_TYPE", "sObject type 'Name' is not supported"],
    ["SELECT Id FROM Case WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"],
    [
      "SELECT Id FROM Case WHERE Id = 'x",
      "MALFORMED_QUERY",
      "line 1:31 mismatched character '<EOF>'",
    ],
    [
      "SELECT Id FROM Case WHERE Subject = 'a\\z'",
      "MALFORMED_QUERY",
      "Illegal character sequence '\\z'",
    ],
    [
      "SELECT Id FROM Case WHERE Id = 'nonsense'",
      "INVALID_QUERY_FILTER_OPERATOR",
      "invalid ID field: nonsense",
    ],
    [
      "SELECT Id FROM Case WHERE Description = 'x'",
      "INVALID_FIELD",
      "field 'Description' can not be filtered",
    ],
    ["SELECT Foo.Name FROM Case", "INVALID_FIELD", "Didn't understand relationship 'Foo'"],
    [" ", "MALFORMED_QUERY", "A query string has to be specified"],
  ])("%s is answered %s", async (soql, errorCode, text) => {
    const failure = expect(sf.query(soql)).rejects;
    await failure.toMatchObject({ errorCode, message: containing(text) });
  });

  it("are answered 414 when the address is longer than 16,384 bytes", async () => {
    const soql = `SELECT Id FROM Case WHERE Subject = '${"x".repeat(3_900)}' AND ${Array.from({ length: 4 }, () => `Subject != '${"y".repeat(3_900)}'`).join(" AND ")}`;
    await expect(sf.query(soql)).rejects.toMatchObject({ name: "ERROR_HTTP_414" });
  });
});

describe("hidden things", () => {
  it("look exactly like things that do not exist", async () => {
    const closed = await startOrg({ switches: { hidden: ["Case.SuppliedEmail", "CaseComment"] } });
    const client = await closed.signIn();
    await expect(client.query("SELECT SuppliedEmail FROM Case")).rejects.toMatchObject({
      errorCode: "INVALID_FIELD",
      message: containing("No such column 'SuppliedEmail' on entity 'Case'"),
    });
    await expect(client.query("SELECT Id FROM CaseComment")).rejects.toMatchObject({
      errorCode: "INVALID_TYPE",
    });
    const { fields } = await client.sobject("Case").describe();
    expect(fields.map((one) => one.name)).not.toContain("SuppliedEmail");
    await closed.stop();
  });
});
