/** Pages of a list that may be too long to be held or sorted: read by id, one row at a time, where the order allows it. */
import { ZendeskRefusal } from "./errors.ts";
import {
  isCursorStyle,
  pageThrough,
  parameter,
  positive,
  readCursor,
  withQuery,
  writeCursor,
  type ListOptions,
  type Page,
} from "./paging.ts";

interface LongList<T> {
  /** Rows with a larger id, by id. */
  readonly after: (id: number) => Iterable<T>;
  readonly count: () => number;
}

/** Longer lists are not sorted: this is the stand-in's limit, not Zendesk's. */
const MOST_SORTED = 50_000;
const LARGEST_PAGE = 100;
const LAST_OFFSET_ROW = 10_000;

function take<T>(rows: Iterable<T>, skip: number, most: number): T[] {
  const taken: T[] = [];
  let at = 0;
  for (const row of rows) {
    if (taken.length === most) break;
    if (at >= skip) taken.push(row);
    at += 1;
  }
  return taken;
}

/** As `pageThrough` with ids as the default order. */
export function pageById<T>(list: LongList<T>, options: ListOptions<T>): Page<T> {
  const { query, url, idOf } = options;
  const byCursor = isCursorStyle(query);
  const sort = parameter(query, byCursor ? "sort" : "sort_by") ?? "id";
  const descends = !byCursor && parameter(query, "sort_order") === "desc";
  if (sort !== "id" || descends || query["page[before]"] !== undefined) {
    if (list.count() > MOST_SORTED) {
      throw new ZendeskRefusal(501, `The stand-in sorts lists of up to ${MOST_SORTED} rows.`);
    }
    return pageThrough([...list.after(0)], options);
  }

  if (byCursor) {
    const size = Math.min(positive(query, "page[size]", LARGEST_PAGE), LARGEST_PAGE);
    const after = parameter(query, "page[after]");
    const start = after === undefined ? 0 : readCursor(after, "page[after]")[1];
    const found = take(list.after(start), 0, size + 1);
    const rows = found.slice(0, size);
    const cursorOf = (row: T | undefined) => (row ? writeCursor([idOf(row), idOf(row)]) : null);
    const [first, last] = [cursorOf(rows[0]), cursorOf(rows.at(-1))];
    const link = (name: string, cursor: string | null, exists: boolean) =>
      exists && cursor !== null ? withQuery(url, query, { [name]: cursor }) : null;
    return {
      rows,
      envelope: {
        meta: { has_more: found.length > size, after_cursor: last, before_cursor: first },
        links: {
          next: link("page[after]", last, found.length > size),
          prev: link("page[before]", first, start > 0),
        },
      },
    };
  }

  const page = positive(query, "page", 1);
  const perPage = Math.min(positive(query, "per_page", LARGEST_PAGE), LARGEST_PAGE);
  const from = (page - 1) * perPage;
  // Past the last row that offsets reach, the refusal is that of any list.
  if (from >= LAST_OFFSET_ROW || page > LARGEST_PAGE) return pageThrough([], options);
  const count = list.count();
  const link = (number: number) => withQuery(url, query, { page: String(number) });
  return {
    rows: take(list.after(0), from, perPage),
    envelope: {
      next_page: from + perPage < count ? link(page + 1) : null,
      previous_page: page > 1 ? link(page - 1) : null,
      count,
    },
  };
}
