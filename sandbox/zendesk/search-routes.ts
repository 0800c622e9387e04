/** `/search` and `/search/count` over tickets and users. Source: Zendesk's search API; the index has no delay here. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalidSearch } from "./errors.ts";
import type { TicketRecord, UserRecord } from "./model.ts";
import { pageThrough, parameter } from "./paging.ts";
import { presentTicket, presentUser } from "./present.ts";
import { baseUrlOf, listUrlOf, queryOf, route, type RouteDeps } from "./route.ts";
import { readSearch } from "./search-query.ts";

type Hit =
  | { readonly type: "ticket"; readonly record: TicketRecord }
  | { readonly type: "user"; readonly record: UserRecord };

/** Rows that a search gives at most; pages past them are refused, but `count` counts all. */
const MOST_ROWS = 1_000;
const LARGEST_PAGE = 100;

export function searchRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { store, access, switches } = deps;

  function find(request: FastifyRequest): readonly Hit[] {
    access.caller(request.headers, "read", "broad");
    const text = parameter(queryOf(request), "query");
    if (text === undefined || text.trim() === "") throw invalidSearch("query is required");
    const search = readSearch(text);
    const wants = (type: string) => search.types?.has(type) ?? true;
    const context = { userOf: (id: number | null) => store.user(id ?? 0) };
    const tickets = wants("ticket")
      ? [...store.tickets()]
          .filter((ticket) => !store.isHidden(ticket.id, switches.hiddenReads))
          .filter((ticket) => search.matchesTicket(ticket, context))
      : [];
    const users =
      wants("user") && search.words.length > 0
        ? [...store.users()].filter(({ name, email }) => {
            const about = `${name} ${email ?? ""}`.toLowerCase();
            return search.words.every((word) => about.includes(word));
          })
        : [];
    return [
      ...tickets.map((record) => ({ type: "ticket", record }) as const),
      ...users.map((record) => ({ type: "user", record }) as const),
    ];
  }

  route(app, "GET", "/search/count", (request) => ({ count: find(request).length }));

  route(app, "GET", "/search", (request) => {
    const query = queryOf(request);
    const hits = find(request);
    const perPage = Math.min(Number(parameter(query, "per_page") ?? LARGEST_PAGE), LARGEST_PAGE);
    if (Number(parameter(query, "page") ?? 1) * perPage > MOST_ROWS) {
      throw invalidSearch(
        "Invalid search: Requested response size was greater than Search Response Limits",
      );
    }
    const { rows, envelope } = pageThrough(hits, {
      query,
      url: listUrlOf(request),
      idOf: ({ record }) => record.id,
      sorts: {
        relevance: { keyOf: ({ record }) => record.id, styles: "offset" },
        created_at: { keyOf: ({ record }) => record.created_at, styles: "offset" },
        updated_at: { keyOf: ({ record }) => record.updated_at, styles: "offset" },
      },
      defaultSort: "relevance",
    });
    const base = baseUrlOf(request);
    const results = rows.map((hit) => ({
      ...(hit.type === "ticket" ? presentTicket(hit.record, base) : presentUser(hit.record, base)),
      result_type: hit.type,
    }));
    return { results, facets: null, ...envelope };
  });
}
