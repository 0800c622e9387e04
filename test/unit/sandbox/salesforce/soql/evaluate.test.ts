/** What queries find in a small org: comparisons, nulls, parents, children, order. */
import { beforeAll, describe, expect, it } from "vitest";
import { SalesforceError } from "#sandbox/salesforce/errors";
import { mintId } from "#sandbox/salesforce/ids";
import { loadRecords } from "#sandbox/salesforce/load-records";
import { FULL_SCHEMA } from "#sandbox/salesforce/objects";
import { findRows, renderRow } from "#sandbox/salesforce/soql/evaluate";
import { planQuery } from "#sandbox/salesforce/soql/plan";
import { createStore } from "#sandbox/salesforce/store";

const NOW = new Date("2026-03-04T10:00:00Z");
const USER = mintId("005", 1);
const store = createStore(FULL_SCHEMA);

const supportCase = (serial: number, fields: object) => ({
  Id: mintId("500", serial),
  CaseNumber: String(serial),
  OwnerId: USER,
  ...fields,
});

beforeAll(() => {
  loadRecords(
    {
      User: [
        {
          Id: USER,
          LastName: "Agent",
          Username: "agent@x.example",
          Email: "agent@x.example",
          IsActive: true,
        },
      ],
      Account: [{ Id: mintId("001", 1), Name: "Firm" }],
      Contact: [
        {
          Id: mintId("003", 1),
          LastName: "Ada",
          Email: "Ada@x.example",
          AccountId: mintId("001", 1),
        },
      ],
      Case: [
        supportCase(1, {
          Subject: "Alpha",
          ContactId: mintId("003", 1),
          CreatedDate: "2026-03-04T00:00:00Z",
        }),
        supportCase(2, { Subject: "beta", Status: "Closed", CreatedDate: "2026-03-03T23:59:59Z" }),
        supportCase(3, {
          Subject: null,
          SuppliedEmail: "ADA@X.example",
          CreatedDate: "2026-02-02T08:00:00.000+0100",
        }),
        supportCase(4, { Subject: "gone", IsDeleted: true, CreatedDate: "2026-03-04T00:00:00Z" }),
      ],
      CaseComment: [
        { Id: mintId("00a", 1), ParentId: mintId("500", 1), CommentBody: "first" },
        { Id: mintId("00a", 2), ParentId: mintId("500", 1), CommentBody: "second" },
      ],
    },
    { store, schema: FULL_SCHEMA, now: () => NOW, userId: USER },
  );
});

const reader = {
  store,
  schema: FULL_SCHEMA,
  includeDeleted: false,
  basePath: "/services/data/v67.0",
};

function run(text: string, includeDeleted = false) {
  const plan = planQuery({ text, schema: FULL_SCHEMA, now: NOW });
  const rows = findRows(plan, { ...reader, includeDeleted });
  return rows.map((row) => renderRow(plan, row, reader));
}

const numbers = (where: string, includeDeleted = false): string =>
  run(`SELECT CaseNumber FROM Case WHERE ${where}`, includeDeleted)
    .map((row) => String(row["CaseNumber"]))
    .join(",");

describe("a condition", () => {
  it.each([
    // Texts: any case; an empty text is no value.
    ["Subject = 'ALPHA'", "1"],
    ["Subject != 'alpha'", "2,3"],
    ["Subject = null", "3"],
    ["Subject = ''", "3"],
    ["Subject != null", "1,2"],
    ["Subject > 'alpha'", "2"],
    ["Subject >= 'alpha'", "1,2"],
    ["Subject < null", ""],
    ["Subject LIKE '%A'", "1,2"],
    ["Subject LIKE '%'", "1,2"],
    ["NOT Subject LIKE '%ph%'", "2,3"],
    ["Subject IN ('alpha', 'BETA')", "1,2"],
    ["Subject NOT IN ('alpha')", "2,3"],
    ["Subject IN (null)", "3"],
    // Ids: 15 or 18 characters, ordered.
    [`Id = '${mintId("500", 2)}'`, "2"],
    [`Id = '${mintId("500", 2).slice(0, 15)}'`, "2"],
    [`Id > '${mintId("500", 2)}'`, "3"],
    ["ContactId = null", "2,3"],
    // Booleans and what follows from the status.
    ["IsClosed = TRUE", "2"],
    ["IsClosed != true", "1,3"],
    // Instants, in any offset, and spans of time.
    ["CreatedDate = 2026-03-04T00:00:00Z", "1"],
    ["CreatedDate = 2026-03-04T01:00:00+01:00", "1"],
    ["CreatedDate >= 2026-03-03T23:59:59.500Z", "1"],
    ["CreatedDate = TODAY", "1"],
    ["CreatedDate = YESTERDAY", "2"],
    ["CreatedDate < TODAY", "2,3"],
    ["CreatedDate >= TODAY", "1"],
    ["CreatedDate > YESTERDAY", "1"],
    ["CreatedDate <= YESTERDAY", "2,3"],
    ["CreatedDate != TODAY", "2,3"],
    ["CreatedDate = LAST_N_DAYS:1", "1,2"],
    ["ClosedDate = TODAY", "2"],
    ["ClosedDate != TODAY", "1,3"],
    // Parents; a mirror of the contact; the object's own name in front.
    ["Contact.Email = 'ada@x.example'", "1"],
    ["Contact.Account.Name = 'firm'", "1"],
    ["Contact.Email = null", "2,3"],
    ["ContactEmail = 'ADA@x.example' OR SuppliedEmail = 'ada@x.example'", "1,3"],
    ["Owner.Type = 'User' AND Owner.Name = 'agent'", "1,2,3"],
    ["Case.Subject = 'alpha'", "1"],
    // Connectives.
    ["(Subject = 'alpha' OR Subject = 'beta') AND IsClosed = false", "1"],
    ["NOT (Subject = 'alpha' OR Subject = 'beta')", "3"],
  ])("%s keeps %j", (where, found) => {
    expect(numbers(where)).toBe(found);
  });

  it("sees deleted rows only when asked to", () => {
    expect(numbers("IsDeleted = true")).toBe("");
    expect(numbers("IsDeleted = true", true)).toBe("4");
  });

  it.each([
    ["Subject = 5", "INVALID_FIELD", "must be of type string and should be enclosed in quotes"],
    [
      "CreatedDate > '2026-03-04T00:00:00Z'",
      "INVALID_FIELD",
      "must be of type dateTime and should not be enclosed in quotes",
    ],
    ["CreatedDate > 2026-03-04", "INVALID_FIELD", "must be of type dateTime"],
    ["IsClosed = 'true'", "INVALID_FIELD", "must be of type boolean"],
    ["Id LIKE '500%'", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator on id field"],
    [
      `ContactId = '${mintId("500", 1).toLowerCase()}'`,
      "INVALID_QUERY_FILTER_OPERATOR",
      "invalid ID field",
    ],
    ["Contact.Nope = 'x'", "INVALID_FIELD", "No such column 'Nope' on entity 'Contact'"],
    [String.raw`Subject = 'a\_'`, "MALFORMED_QUERY", "ERROR at Row:1:Column:47"],
  ])("%s is refused with %s", (where, errorCode, message) => {
    expect(() => numbers(where)).toThrow(SalesforceError);
    expect(() => numbers(where)).toThrow(new RegExp(`${errorCode}[^]*${message}`));
  });
});

describe("an answer", () => {
  it.each([
    ["ORDER BY Subject", "3,1,2"],
    ["ORDER BY Subject NULLS LAST", "1,2,3"],
    ["ORDER BY Subject DESC", "3,2,1"],
    ["ORDER BY Subject DESC NULLS LAST", "2,1,3"],
    ["ORDER BY Contact.Email NULLS LAST, CaseNumber DESC", "1,3,2"],
    ["ORDER BY CaseNumber LIMIT 1 OFFSET 1", "2"],
    ["LIMIT 0", ""],
  ])("%s lists %j", (clause, found) => {
    const rows = run(`SELECT CaseNumber FROM Case ${clause}`);
    expect(rows.map((row) => row["CaseNumber"]).join(",")).toBe(found);
  });

  it("nests children, and shows null where there are none", () => {
    const rows = run(
      "SELECT casenumber, (SELECT CommentBody FROM CaseComments ORDER BY Id DESC) FROM Case ORDER BY CaseNumber LIMIT 2",
    );
    expect(rows).toEqual([
      {
        attributes: { type: "Case", url: `/services/data/v67.0/sobjects/Case/${mintId("500", 1)}` },
        CaseNumber: "1",
        CaseComments: {
          totalSize: 2,
          done: true,
          records: [
            expect.objectContaining({ CommentBody: "second" }),
            expect.objectContaining({ CommentBody: "first" }),
          ],
        },
      },
      expect.objectContaining({ CaseNumber: "2", CaseComments: null }),
    ]);
  });

  it("has no field twice", () => {
    expect(() => run("SELECT Id, id FROM Case")).toThrow("duplicate field selected: Id");
  });

  it("cannot be sorted by a long text", () => {
    expect(() => run("SELECT Id FROM Case ORDER BY Description")).toThrow("can not be sorted");
  });
});
