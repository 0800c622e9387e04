/** Cursor pages as the ZIS lists have them: page[size], page[after], page[before]. Source: ZIS registry API. */
import { invalid } from "./service-error.ts";

const DEFAULT_SIZE = 20;
const LARGEST_SIZE = 100;

export interface PageRequest {
  readonly size: number;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

export interface PageMeta {
  /** True when there is more in the direction asked for. */
  readonly has_more: boolean;
  /** The last item's cursor; empty on an empty page only. Real listings have it although `has_more` is false. */
  readonly after: string;
  /** The first item's cursor, likewise. */
  readonly before: string;
}

/**
 * Reads the page asked for. A size above 100 counts as 100 (inferred: the pages state the maximum, not
 * what happens above it). Throws a 400 for a size that is not a whole number above 0, and for two cursors.
 */
export function pageRequest(size: unknown, after: unknown, before: unknown): PageRequest {
  const cursors = { after: cursor(after), before: cursor(before) };
  if (cursors.after !== undefined && cursors.before !== undefined) {
    throw invalid("page[after] and page[before] must not be used together");
  }
  return { size: pageSize(size), ...cursors };
}

/** The page that a query string asks for. */
export function pageFromQuery(query: Readonly<Record<string, unknown>>): PageRequest {
  return pageRequest(query["page[size]"], query["page[after]"], query["page[before]"]);
}

function pageSize(size: unknown): number {
  if (size === undefined || size === "") return DEFAULT_SIZE;
  const number = typeof size === "string" ? Number(size) : size;
  if (typeof number !== "number" || !Number.isInteger(number) || number < 1) {
    throw invalid(
      `page[size] must be a whole number of at least 1; above ${LARGEST_SIZE} it counts as ${LARGEST_SIZE}`,
    );
  }
  return Math.min(number, LARGEST_SIZE);
}

function cursor(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** One page of items that are sorted by their keys; a key is the cursor. */
export function paginate<T>(
  sorted: readonly T[],
  keyOf: (item: T) => string,
  { size, after, before }: PageRequest,
): { readonly items: readonly T[]; readonly meta: PageMeta } {
  const end = before === undefined ? sorted.length : countWhile(sorted, (i) => keyOf(i) < before);
  const first = after === undefined ? 0 : countWhile(sorted, (item) => keyOf(item) <= after);
  const start = before === undefined ? first : Math.max(0, end - size);
  const items = sorted.slice(start, Math.min(start + size, end));
  const next = start + items.length;
  const last = items.at(-1);
  const head = items[0];
  return {
    items,
    meta: {
      has_more: before === undefined ? next < sorted.length : start > 0,
      after: last === undefined ? "" : keyOf(last),
      before: head === undefined ? "" : keyOf(head),
    },
  };
}

function countWhile<T>(items: readonly T[], test: (item: T) => boolean): number {
  const end = items.findIndex((item) => !test(item));
  return end < 0 ? items.length : end;
}

/** Sorts by key, in the order that cursors compare. */
export function sortedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  return [...items].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
