/** The two ways to page through a list: by cursor (`page[size]`) and by offset (`page`, `per_page`). */
import { pagingRefused } from "./errors.ts";

/** Query parameters as they came; a repeated one is a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

type SortKey = string | number | null;

export interface ListOptions<T> {
  readonly query: Query;
  /** The list's full address without the query. */
  readonly url: string;
  readonly idOf: (item: T) => number;
  /** Fields to sort by, and in which style each may be used. The first is the default. */
  readonly sorts: Readonly<Record<string, Sort<T>>>;
  readonly defaultSort: string;
}

export interface Sort<T> {
  readonly keyOf: (item: T) => SortKey;
  readonly styles: "both" | "offset";
}

const LARGEST_PAGE = 100;
const LAST_OFFSET_PAGE = 100;
const LAST_OFFSET_ROW = 10_000;

/** The first value of a parameter. */
export function parameter(query: Query, name: string): string | undefined {
  const value = query[name];
  return typeof value === "string" ? value : value?.[0];
}

/** A parameter that must be a positive whole number. */
export function positive(query: Query, name: string, fallback: number): number {
  const text = parameter(query, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw pagingRefused("InvalidPaginationParameter", `${name} must be a positive integer`);
  }
  return value;
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

/** A place between two rows: the key and id of the row before or after it. */
type Place = readonly [key: SortKey, id: number];

/** @param place the last row's sort key and id */
export function writeCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** The place that a cursor stands for; `name` is the parameter, for the refusal. */
export function readCursor(text: string, name: string): Place {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (Array.isArray(value) && value.length === 2 && typeof value[1] === "number") {
      const [key, id] = value as [unknown, number];
      if (key === null || typeof key === "string" || typeof key === "number") return [key, id];
    }
  } catch {
    // Not JSON: refused below like any other text that is not a cursor.
  }
  throw pagingRefused("InvalidPaginationParameter", `${name} is not a valid cursor`);
}

/** The list's address with the query's parameters, some of them changed; without cursors unless they are among these. */
export function withQuery(
  url: string,
  query: Query,
  changes: Readonly<Record<string, string>>,
): string {
  const kept = Object.entries(query).filter(
    ([name]) => !(name in changes) && name !== "page[after]" && name !== "page[before]",
  );
  const parameters = new URLSearchParams();
  for (const [name, value] of kept) {
    for (const one of typeof value === "string" ? [value] : (value ?? []))
      parameters.append(name, one);
  }
  for (const [name, value] of Object.entries(changes)) parameters.append(name, value);
  return `${url}?${parameters.toString()}`;
}

function sorted<T>(
  items: readonly T[],
  options: ListOptions<T>,
  keyOf: Sort<T>["keyOf"],
  descending: boolean,
): { rows: T[]; placeOf: (item: T) => Place; compare: (a: Place, b: Place) => number } {
  const placeOf = (item: T): Place => [keyOf(item), options.idOf(item)];
  const direction = descending ? -1 : 1;
  const compare = (a: Place, b: Place) =>
    direction * (compareKeys(a[0], b[0]) || compareKeys(a[1], b[1]));
  const rows = items.toSorted((a, b) => compare(placeOf(a), placeOf(b)));
  return { rows, placeOf, compare };
}

function sortOf<T>(options: ListOptions<T>, field: string): Sort<T> | undefined {
  return Object.hasOwn(options.sorts, field) ? options.sorts[field] : undefined;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** What the answer holds besides the rows. */
  readonly envelope: object;
}

function pageByCursor<T>(items: readonly T[], options: ListOptions<T>): Page<T> {
  const { query, url } = options;
  const size = Math.min(positive(query, "page[size]", LARGEST_PAGE), LARGEST_PAGE);
  const wanted = parameter(query, "sort") ?? options.defaultSort;
  const field = wanted.replace(/^-/, "");
  const sort = sortOf(options, field);
  if (sort?.styles !== "both") {
    throw pagingRefused("InvalidPaginationParameter", `sort by ${field} is not supported`);
  }
  const { rows, placeOf, compare } = sorted(items, options, sort.keyOf, wanted.startsWith("-"));

  const after = parameter(query, "page[after]");
  const before = parameter(query, "page[before]");
  let from = 0;
  let to = size;
  if (after !== undefined) {
    const place = readCursor(after, "page[after]");
    from = rows.filter((row) => compare(placeOf(row), place) <= 0).length;
    to = from + size;
  } else if (before !== undefined) {
    const place = readCursor(before, "page[before]");
    to = rows.filter((row) => compare(placeOf(row), place) < 0).length;
    from = Math.max(0, to - size);
  }
  const page = rows.slice(from, to);
  const backwards = after === undefined && before !== undefined;
  const hasMore = backwards ? from > 0 : to < rows.length;
  const [first, last] = [page[0], page.at(-1)];
  const beforeCursor = first === undefined ? null : writeCursor(placeOf(first));
  const afterCursor = last === undefined ? null : writeCursor(placeOf(last));
  const link = (name: "page[after]" | "page[before]", cursor: string | null, exists: boolean) =>
    exists && cursor !== null ? withQuery(url, query, { [name]: cursor }) : null;
  return {
    rows: page,
    envelope: {
      meta: { has_more: hasMore, after_cursor: afterCursor, before_cursor: beforeCursor },
      links: {
        next: link("page[after]", afterCursor, to < rows.length),
        prev: link("page[before]", beforeCursor, from > 0),
      },
    },
  };
}

function pageByOffset<T>(items: readonly T[], options: ListOptions<T>): Page<T> {
  const { query, url } = options;
  const page = positive(query, "page", 1);
  const perPage = Math.min(positive(query, "per_page", LARGEST_PAGE), LARGEST_PAGE);
  const from = (page - 1) * perPage;
  if (page > LAST_OFFSET_PAGE || from >= LAST_OFFSET_ROW) {
    throw pagingRefused(
      "InvalidPaginationDepth",
      "Offset paging ends at page 100; use cursor paging for more",
    );
  }
  const sort = sortOf(options, parameter(query, "sort_by") ?? options.defaultSort);
  const fallback = sortOf(options, options.defaultSort);
  const keyOf = (sort ?? fallback)?.keyOf ?? options.idOf;
  const { rows } = sorted(items, options, keyOf, parameter(query, "sort_order") === "desc");
  const link = (number: number) => withQuery(url, query, { page: String(number) });
  return {
    rows: rows.slice(from, from + perPage),
    envelope: {
      next_page: from + perPage < rows.length ? link(page + 1) : null,
      previous_page: page > 1 ? link(page - 1) : null,
      count: rows.length,
    },
  };
}

/** True when the query asks for paging by cursor. */
export function isCursorStyle(query: Query): boolean {
  return ["page[size]", "page[after]", "page[before]"].some((name) => query[name] !== undefined);
}

/**
 * One page of a list. `page[size]` chooses the cursor style, in which `sort_by` is ignored without a word;
 * otherwise pages are counted. Sizes above 100 count as 100.
 * @throws ZendeskRefusal 400 InvalidPaginationParameter or InvalidPaginationDepth
 */
export function pageThrough<T>(items: readonly T[], options: ListOptions<T>): Page<T> {
  return isCursorStyle(options.query) ? pageByCursor(items, options) : pageByOffset(items, options);
}
