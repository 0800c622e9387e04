/** The grammar: what is understood, and where a fault is shown. */
import { describe, expect, it } from "vitest";
import { SalesforceError } from "#sandbox/salesforce/errors";
import { parseQuery } from "#sandbox/salesforce/soql/parser";

/** The first error's code and text. */
function refusalOf(soql: string): { errorCode: string; message: string } {
  try {
    parseQuery(soql);
  } catch (error) {
    if (error instanceof SalesforceError) return error.errors[0]!;
    throw error;
  }
  throw new Error(`no refusal of ${soql}`);
}

const deep = (open: string) => `SELECT Id FROM Case WHERE ${open.repeat(9_000)}a = 1`;

describe("a statement", () => {
  it("is read clause by clause, keywords in any case", () => {
    expect(
      parseQuery(
        "select Id, Contact.Email, (SELECT Id FROM CaseComments LIMIT 5) FROM Case " +
          "where NOT IsClosed = TRUE and (Subject like 'a%' OR Status in ('New','Working')) " +
          "order by CreatedDate desc nulls last, Id LIMIT 10 offset 20",
      ),
    ).toMatchObject({
      select: [
        { kind: "field", path: { names: ["Id"] } },
        { kind: "field", path: { names: ["Contact", "Email"] } },
        { kind: "children", query: { from: { name: "CaseComments" }, limit: 5 } },
      ],
      from: { name: "Case" },
      where: {
        kind: "and",
        terms: [
          { kind: "not", term: { kind: "compare", operator: "=" } },
          { kind: "or", terms: [{ kind: "like" }, { kind: "in", negated: false }] },
        ],
      },
      orderBy: [
        { descending: true, nullsLast: true },
        { descending: false, nullsLast: false },
      ],
      limit: 10,
      offset: 20,
    });
  });

  it.each([
    ["SELECT FROM Case", 1, 13, "unexpected token: 'Case'"],
    ["SELECT Id Case", 1, 11, "unexpected token: 'Case'"],
    ["SELECT Id, FROM Case", 1, 17, "unexpected token: 'Case'"],
    ["SELECT Id FROM Case LIMIT x", 1, 27, "unexpected token: 'x'"],
    ["SELECT Id FROM Case ORDER BY", 1, 29, "unexpected token: '<EOF>'"],
    ["SELECT Id FROM Case WHERE a = 1 OR b = 2 AND c = 3", 1, 42, "unexpected token: 'AND'"],
    ["SELECT Id FROM Case WHERE a = 1 AND b = 2 OR c = 3", 1, 43, "unexpected token: 'OR'"],
    ["SELECT Id FROM Case WHERE (a = 1", 1, 33, "unexpected token: '<EOF>'"],
    ["SELECT Id FROM Case WHERE a IN ()", 1, 33, "unexpected token: ')'"],
    ["SELECT Id FROM Case WHERE a = 'O'Brien", 1, 34, "unexpected token: 'Brien'"],
    ["SELECT Id\nFROM Case\nWHERE a IS NULL", 3, 9, "unexpected token: 'IS'"],
    ["SELECT Id FROM Case WHERE a = :x", 1, 31, "Bind variables only allowed in Apex code"],
    ["SELECT Id FROM Case WHERE a = b", 1, 31, "Bind variables only allowed in Apex code"],
    ["SELECT Id FROM Case; DELETE", 0, 0, "line 1:19 no viable alternative at character ';'"],
    [
      'SELECT Id FROM Case WHERE a = "x"',
      0,
      0,
      "line 1:30 no viable alternative at character '\"'",
    ],
    ["SELECT COUNT(Id) FROM Case", 1, 14, "beyond this stand-in"],
    ["SELECT Id FROM Case GROUP BY Id", 1, 30, "beyond this stand-in"],
    ["SELECT FIELDS(ALL) FROM Case", 1, 8, "the function FIELDS() is beyond this stand-in"],
    [
      "SELECT Id FROM Case WHERE Id IN (SELECT ParentId FROM CaseComment)",
      1,
      34,
      "semi-joins are beyond",
    ],
  ])("%j is refused at row %d, column %d: %s", (soql, row, column, message) => {
    const refusal = refusalOf(soql);
    expect(refusal.errorCode).toBe("MALFORMED_QUERY");
    expect(refusal.message).toContain(message);
    if (row > 0) expect(refusal.message).toContain(`\nERROR at Row:${row}:Column:${column}\n`);
  });

  it("is shown with a caret under the place of its fault", () => {
    expect(refusalOf("SELECT Id FROM Case WHERE Subject IS NULL").message).toBe(
      "\nCT Id FROM Case WHERE Subject IS NULL\n" +
        `${" ".repeat(30)}^\nERROR at Row:1:Column:35\nunexpected token: 'IS'`,
    );
  });

  it("may hold 100,000 characters and literals of 4,000", () => {
    const start = "SELECT Id FROM Case WHERE Subject = ";
    expect(() => parseQuery(`${start}'${"x".repeat(4_000)}'`)).not.toThrow();
    expect(refusalOf(`${start}'${"x".repeat(4_001)}'`).message).toContain("4000 characters");
    expect(refusalOf(`${start}'${"x".repeat(90_000)}'`).message).toContain("4000 characters");
    expect(refusalOf("x".repeat(100_001)).errorCode).toBe("QUERY_TOO_COMPLICATED");
  });

  it("nested too deep is refused rather than overflowing the stack", () => {
    expect(refusalOf(deep("(")).errorCode).toBe("QUERY_TOO_COMPLICATED");
    expect(refusalOf(deep("NOT ")).errorCode).toBe("QUERY_TOO_COMPLICATED");
  });
});
