/** `/search`, `/search/count` and `/search/export` over tickets and users. Source: Zendesk API reference, "Search". */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { createEndpointLimit } from "./endpoint-limits.ts";
import { invalidSearch, pagingRefused, ZendeskRefusal } from "./errors.ts";
import type { TicketRecord } from "./model.ts";
import { pageThrough, parameter, withQuery, type Query, type Sort } from "./paging.ts";
import { presentTicket, presentUser } from "./present.ts";
import { baseUrlOf, listUrlOf, queryOf, route, type RouteDeps } from "./route.ts";
import { createFinder, type Hit } from "./search-finder.ts";
import { readSearch, type SearchQuery } from "./search-query.ts";
import { sideload } from "./sideload.ts";

/** Rows that a search gives at most; pages past them are refused, but `count` counts all. */
const MOST_ROWS = 1_000;
const LARGEST_PAGE = 100;
const LARGEST_EXPORT_PAGE = 1_000;
const CURSOR_LIFETIME_MS = 3_600_000;
const MINUTE_MS = 60_000;

const SORTS: Readonly<Record<string, Sort<Hit>>> = {
  relevance: { keyOf: ({ record }) => record.id, styles: "offset" },
  created_at: { keyOf: ({ record }) => record.created_at, styles: "offset" },
  updated_at: { keyOf: ({ record }) => record.updated_at, styles: "offset" },
};

/** A place in an export: when the last row was made, its id, and when the cursor was given out (milliseconds). */
type ExportPlace = readonly [made: string, id: number, given: number];

function readExportCursor(text: string): ExportPlace {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (Array.isArray(value) && value.length === 3) return value as unknown as ExportPlace;
  } catch {
    // Not JSON: refused below like any other text that is not a cursor.
  }
  throw pagingRefused("InvalidPaginationParameter", "page[after] is not a valid cursor");
}

function readQuery(query: Query): SearchQuery {
  const text = parameter(query, "query");
  if (text === undefined || text.trim() === "") throw invalidSearch("query is required");
  return readSearch(text);
}

/** The first rows of all in the order asked for, without holding many more than that. */
function firstOf(hits: Iterable<Hit>, query: Query): { best: Hit[]; count: number } {
  const sort = SORTS[parameter(query, "sort_by") ?? ""];
  const direction = parameter(query, "sort_order") === "asc" ? 1 : -1;
  const keyOf = ({ record }: Hit) => sort?.keyOf({ record } as Hit) ?? 0;
  const order = (a: Hit, b: Hit) => {
    const [one, two] = [keyOf(a), keyOf(b)];
    return one === two ? a.record.id - b.record.id : one < two ? -direction : direction;
  };
  let best: Hit[] = [];
  let count = 0;
  for (const hit of hits) {
    count += 1;
    if (!sort && best.length >= MOST_ROWS) continue;
    best.push(hit);
    if (sort && best.length >= 4 * MOST_ROWS) best = best.toSorted(order).slice(0, MOST_ROWS);
  }
  return { best: sort ? best.toSorted(order).slice(0, MOST_ROWS) : best, count };
}

export function searchRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { store, access, switches, now } = deps;
  const finder = createFinder(store);
  const isShown = (ticketId: number) => !store.isHidden(ticketId, switches.hiddenReads);
  const limitOf = (name: string, what: string, perMinute: number) =>
    createEndpointLimit({ name, what, limit: () => perMinute, windowMs: MINUTE_MS, now });
  const searches = limitOf("search-index", "search API requests per minute", 2_500);
  // The name in the header is UNVERIFIED.
  const exports = limitOf("search-export", "search export API requests per minute", 100);

  function present(request: FastifyRequest, hits: readonly Hit[]): object {
    const base = baseUrlOf(request);
    const tickets: TicketRecord[] = hits.flatMap((hit) =>
      hit.type === "ticket" ? [hit.record] : [],
    );
    return {
      results: hits.map((hit) => ({
        ...(hit.type === "ticket"
          ? presentTicket(hit.record, base)
          : presentUser(hit.record, base)),
        result_type: hit.type,
      })),
      ...sideload(deps, request, tickets),
    };
  }

  route(app, "GET", "/search/count", (request) => {
    access.caller(request.headers, "read", "broad");
    return { count: finder.count(readQuery(queryOf(request)), isShown) };
  });

  route(app, "GET", "/search", (request, reply) => {
    access.caller(request.headers, "read", "broad");
    searches.count(reply);
    const query = queryOf(request);
    if (Object.keys(query).some((name) => name.startsWith("page["))) {
      // Seen with the status; the envelope is inferred.
      throw new ZendeskRefusal(400, { error: "invalid", description: "page must be an integer" });
    }
    const search = readQuery(query);
    const perPage = Math.min(Number(parameter(query, "per_page") ?? LARGEST_PAGE), LARGEST_PAGE);
    const page = Number(parameter(query, "page") ?? 1);
    if (page * perPage > MOST_ROWS) {
      throw invalidSearch(
        "Invalid search: Requested response size was greater than Search Response Limits",
      );
    }
    const { best, count } = firstOf(finder.find(search, isShown), query);
    const url = listUrlOf(request);
    const { rows, envelope } = pageThrough(best, {
      query: { ...query, sort_order: parameter(query, "sort_order") ?? sortOrderOf(query) },
      url,
      idOf: ({ record }) => record.id,
      sorts: SORTS,
      defaultSort: "relevance",
    });
    // The next page is named even where it would be refused.
    const next = page * perPage < count ? withQuery(url, query, { page: String(page + 1) }) : null;
    return { ...present(request, rows), facets: null, ...envelope, next_page: next, count };
  });

  route(app, "GET", "/search/export", (request, reply) => {
    access.caller(request.headers, "read", "broad");
    exports.count(reply);
    const query = queryOf(request);
    const type = parameter(query, "filter[type]");
    if (type === undefined) throw invalidSearch("filter[type] is required");
    const asked = readQuery(query);
    if (asked.types) throw invalidSearch("type must be given as filter[type], not in the query");
    const size = Math.min(
      Math.max(1, Number(parameter(query, "page[size]") ?? LARGEST_PAGE) || LARGEST_PAGE),
      LARGEST_EXPORT_PAGE,
    );
    const cursor = parameter(query, "page[after]");
    const after = cursor === undefined ? undefined : readExportCursor(cursor);
    if (after && now().getTime() - after[2] > CURSOR_LIFETIME_MS) {
      throw pagingRefused("InvalidPaginationParameter", "page[after] has expired");
    }
    const search = {
      ...asked,
      types: new Set([type]),
      // Nothing made before the cursor's row is looked at again.
      madeFrom: after && (asked.madeFrom ?? "") < after[0] ? after[0] : asked.madeFrom,
    };
    const found: Hit[] = [];
    for (const hit of finder.find(search, isShown)) {
      const { created_at, id } = hit.record;
      if (after && (created_at < after[0] || (created_at === after[0] && id <= after[1]))) continue;
      found.push(hit);
      // Calculated tickets are found in the order of their making; the few others are sorted in.
      if (store.history && found.length > size) break;
    }
    const inOrder = found.toSorted((a, b) =>
      a.record.created_at === b.record.created_at
        ? a.record.id - b.record.id
        : a.record.created_at < b.record.created_at
          ? -1
          : 1,
    );
    const rows = inOrder.slice(0, size);
    const last = rows.at(-1)?.record;
    const after_cursor =
      last &&
      Buffer.from(JSON.stringify([last.created_at, last.id, now().getTime()])).toString(
        "base64url",
      );
    const has_more = inOrder.length > size;
    return {
      ...present(request, rows),
      facets: null,
      meta: { has_more, after_cursor: after_cursor ?? null, before_cursor: null },
      links: {
        prev: null,
        next:
          has_more && after_cursor !== undefined
            ? withQuery(listUrlOf(request), query, { "page[after]": after_cursor })
            : null,
      },
    };
  });
}

/** Named orders are descending unless the search says otherwise; relevance has an order of its own. */
const sortOrderOf = (query: Query) => (SORTS[parameter(query, "sort_by") ?? ""] ? "desc" : "asc");
