import { describe, expect, it } from "vitest";
import { ENVIRONMENT } from "#actions-server/config/environment";
import { ERRORS } from "#platform/errors";
import { documentTable } from "../support/document-table.ts";

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
