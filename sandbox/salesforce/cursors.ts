/** Where a query's further pages wait, under a locator that ends with the next row's position. */
import { createHash } from "node:crypto";
import { refusal } from "./errors.ts";
import { base62 } from "./ids.ts";
import type { SfRecord } from "./schema.ts";
import type { Plan } from "./soql/plan.ts";

/** Salesforce Help on query locators (2026): usable for two days after the first query. */
const LIFETIME_MS = 2 * 86_400_000;

export interface Cursor {
  readonly plan: Plan;
  readonly rows: readonly SfRecord[];
  readonly includeDeleted: boolean;
  /** Rows a page. */
  readonly pageRows: number;
}

export interface Cursors {
  /** Keeps the rows; answers the locator without its position. */
  open(cursor: Cursor): string;
  /** @throws SalesforceError 400 INVALID_QUERY_LOCATOR */
  find(locator: string): { readonly cursor: Cursor; readonly id: string; readonly offset: number };
}

/** No cursors at first. */
export function createCursors({ now, newId }: { now: () => Date; newId: () => string }): Cursors {
  const cursors = new Map<string, Cursor & { readonly expiresAt: number }>();
  return {
    open(cursor) {
      const id = `0r8${base62(createHash("sha256").update(newId()).digest(), 15)}`;
      cursors.set(id, { ...cursor, expiresAt: now().getTime() + LIFETIME_MS });
      return id;
    },
    find(locator) {
      const [, id = "", position = ""] = /^(\w{18})-(\d+)$/.exec(locator) ?? [];
      const cursor = cursors.get(id);
      const offset = Number(position);
      if (cursor && cursor.expiresAt > now().getTime() && offset < cursor.rows.length) {
        return { cursor, id, offset };
      }
      throw refusal(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    },
  };
}
