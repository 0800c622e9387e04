/** Can a value leave its quotes, or a field name bring a condition along? */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  casesByExternalId,
  casesByNumber,
  fieldName,
  openCasesByEmail,
  quote,
} from "#remotes/salesforce/soql";

const NAMED: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** Reads a literal the way Salesforce documents it: a quote ends it, an unknown escape is an error. */
function readLiteral(soql: string): { value: string; rest: string } {
  expect(soql[0]).toBe("'");
  let value = "";
  for (let index = 1; index < soql.length; index += 1) {
    const character = soql[index]!;
    if (character === "'") return { value, rest: soql.slice(index + 1) };
    if (character !== "\\") {
      value += character;
      continue;
    }
    index += 1;
    const escape = soql[index]!;
    if (escape === "u") {
      value += String.fromCharCode(Number.parseInt(soql.slice(index + 1, index + 5), 16));
      index += 4;
    } else if (escape === "\\" || escape === "'" || escape === '"') {
      value += escape;
    } else {
      const named = NAMED[escape];
      if (named === undefined) throw new Error(`illegal escape \\${escape}`);
      value += named;
    }
  }
  throw new Error("the literal does not end");
}

describe("quote", () => {
  it.each([
    ["plain", "'plain'"],
    ["O'Brien", "'O\\'Brien'"],
    ["ends in \\", "'ends in \\\\'"],
    ["\\' OR Id != null --", "'\\\\\\' OR Id != null --'"],
    ["a\nb\r\t\b\f", "'a\\nb\\r\\t\\b\\f'"],
    ["nul\0 vt\v del\u007f", "'nul\\u0000 vt\\u000b del\\u007f'"],
    ["%_ keep their meaning outside LIKE", "'%_ keep their meaning outside LIKE'"],
    ["half a pair \ud83d", "'half a pair \ufffd'"],
    ["名前 😀 שלום", "'名前 😀 שלום'"],
  ])("writes %j as one literal", (value, literal) => {
    expect(quote(value)).toBe(literal);
  });

  it("gives every text back and ends where it should", () => {
    const hostile = fc.string({
      unit: fc.oneof(
        fc.constantFrom("\\", "'", '"', "\n", "\0", "u", "0", " OR ", "\ud800"),
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(hostile, (value) => {
        expect(readLiteral(`${quote(value)} LIMIT 1`)).toEqual({
          value: value.toWellFormed(),
          rest: " LIMIT 1",
        });
      }),
      { numRuns: 500 },
    );
  });

  it("makes texts that a URL can carry", () => {
    expect(() => encodeURIComponent(quote("\udc00"))).not.toThrow();
  });
});

describe("fieldName", () => {
  it.each(["Zendesk_Ticket_Id__c", "ns__Field__c", "Id", "a".repeat(80)])("accepts %s", (name) => {
    expect(fieldName(name)).toBe(name);
  });

  it.each(["", "1Field", "Name = 'x' OR Id", "Contact.Email", "Feld_ä", "a".repeat(81), "A\n"])(
    "refuses %j and says which setting is wrong",
    (name) => {
      expect(() => fieldName(name)).toThrow(
        expect.objectContaining({
          code: "BAD_REQUEST",
          message: expect.stringMatching(/^case_external_id_field: .* is not the name/) as string,
        }),
      );
    },
  );
});

describe("the three queries", () => {
  const select = "SELECT Id, CaseNumber, Subject, Status, IsClosed FROM Case WHERE ";
  const tail = " ORDER BY CaseNumber DESC LIMIT 11";

  it.each([
    [casesByNumber(["1026", "00001026"]), "CaseNumber IN ('1026', '00001026')"],
    [casesByExternalId("Zendesk_Ticket_Id__c", "42"), "Zendesk_Ticket_Id__c = '42'"],
    [
      openCasesByEmail("o'hara@example.com"),
      "IsClosed = false AND (ContactEmail = 'o\\'hara@example.com' OR SuppliedEmail = 'o\\'hara@example.com')",
    ],
  ])("ask for one case more than a reply lists: %s", (soql, condition) => {
    expect(soql).toBe(select + condition + tail);
  });
});
