import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ENVIRONMENT } from "#actions-server/config/environment";
import { ERRORS } from "#platform/errors";
import { documentTable, readDocument } from "../support/document-table.ts";

describe("the tables of the docs", () => {
  it("list every error code with its status, whether a retry helps, and what to do", () => {
    const rows = Object.entries(ERRORS).map(([code, { status, retryable, hint }]) => [
      code,
      String(status),
      retryable ? "yes" : "no",
      hint,
    ]);

    expect(documentTable("docs/api.md", "errors")).toEqual(rows);
  });

  it("list every environment variable with its default and meaning", () => {
    const required = new Set<string>(ENVIRONMENT.required);
    const properties = Object.entries(ENVIRONMENT.properties) as [
      string,
      { default?: string; description?: string },
    ][];
    const rows = properties.map(([name, property]) => [
      name,
      required.has(name) ? "required" : (property.default ?? ""),
      property.description,
    ]);

    expect(documentTable("docs/environment.md", "environment")).toEqual(rows);
  });
});

describe("the glossary", () => {
  const ROOT = new URL("../../", import.meta.url);
  const FOLDERS = "{actions-server,app,bundle,cli,contract,install,sandbox,scripts,zis}";

  it("names only paths and words that are in the code", () => {
    const sources = globSync(`${FOLDERS}/**/*.{ts,tsx}`, {
      cwd: ROOT,
      exclude: ["**/node_modules/**"],
    }).map((path) => readFileSync(new URL(path, ROOT), "utf8"));
    const words = new Set(sources.flatMap((source) => source.match(/\w+/g) ?? []));
    const named = [...readDocument("docs/glossary.md").matchAll(/`([^`]+)`/g)].map(
      ([, term = ""]) => term,
    );

    const isThere = (term: string) =>
      term.includes("/") ? existsSync(new URL(term, ROOT)) : words.has(term);
    expect(named.filter((term) => !isThere(term))).toEqual([]);
    expect(named.length).toBeGreaterThan(30);
  });
});
