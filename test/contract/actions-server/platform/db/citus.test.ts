/** Could every table be distributed by account? Read from schema.sql, which another test compares with the database. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const SCHEMA = readFileSync(
  new URL("../../../../../actions-server/platform/db/schema.sql", import.meta.url),
  "utf8",
);

/** One row each, of the whole installation: small, and the same on every node. */
const REFERENCE_TABLES = new Set(["migrations"]);

const statements = SCHEMA.split(/;\n/).map((statement) => statement.trim());
const tables = statements.flatMap((statement) => {
  const [, name = "", body = ""] = /^create table (\w+) \(\n([\s\S]*)\n\)/.exec(statement) ?? [];
  return name === "" || REFERENCE_TABLES.has(name) ? [] : [{ name, body }];
});

/** Why Citus would refuse it; undefined: it would not (Citus, "Table Management: Limits"). */
function refusal(statement: string): string | undefined {
  const key = /(?:PRIMARY KEY|UNIQUE) \(([^)]*)\)/.exec(statement)?.[1];
  if (key !== undefined && !key.split(", ").includes("account_id"))
    return "a key without the account";
  const index = /^CREATE UNIQUE INDEX .* USING \w+ \((.*)\)/.exec(statement)?.[1];
  if (index !== undefined && !/\baccount_id\b/.test(index))
    return "a unique index without the account";
  const [, from = "", to = ""] =
    /FOREIGN KEY \(([^)]*)\) REFERENCES \w+\(([^)]*)\)/.exec(statement) ?? [];
  if (from !== "" && !(from.startsWith("account_id") && to.startsWith("account_id"))) {
    return "a foreign key that does not begin with the account";
  }
  if (/EXCLUDE USING/i.test(statement)) return "an exclusion constraint";
  if (/generated (always|by default) as identity/.test(statement) && !/bigint/.test(statement)) {
    return "a sequence that is not bigint";
  }
  return undefined;
}

describe("schema.sql", () => {
  it("has tables", () => {
    expect(tables.length).toBeGreaterThan(20);
  });

  it.each(tables)("keys $name by account", ({ body }) => {
    expect(body).toMatch(/^ {2}account_id text not null/);
    expect(body).toMatch(/PRIMARY KEY \(account_id\b/);
    expect(body.split("\n").map(refusal).filter(Boolean)).toEqual([]);
  });

  it("has no unique index or foreign key without the account", () => {
    const refused = SCHEMA.split("\n").filter(
      (line) => !line.includes("constraint migrations_pkey"),
    );
    expect(refused.filter((line) => refusal(line) !== undefined)).toEqual([]);
  });

  it.each([
    ["constraint x PRIMARY KEY (ticket_id)", "a key without the account"],
    [
      "CREATE UNIQUE INDEX x ON public.t USING btree (ticket_id)",
      "a unique index without the account",
    ],
    [
      "add constraint x FOREIGN KEY (id) REFERENCES t(id)",
      "a foreign key that does not begin with the account",
    ],
    ["serial integer not null generated always as identity", "a sequence that is not bigint"],
  ])("would refuse %s", (line, reason) => {
    expect(refusal(line)).toBe(reason);
  });
});
