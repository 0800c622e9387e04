/** `/incremental/*`: tickets, people, organizations and what happened on tickets, in the order of change. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { toUnixSeconds } from "../../clock.ts";
import type { Resource } from "../access.ts";
import type { Place } from "../change-order.ts";
import type { TicketRecord } from "../model.ts";
import { parameter } from "../paging.ts";
import { presentExportedTicket, presentOrganization, presentUser } from "../present.ts";
import type { EndpointLimit } from "../endpoint-limits.ts";
import { baseUrlOf, listUrlOf, queryOf, route, type RouteDeps } from "../route.ts";
import { sideload } from "../sideload.ts";
import { heldBackUntil, readPlace, readSize, readStartTime, writeCursor } from "./export-input.ts";
import { pageByCursor, pageByTime, type Placed } from "./export-page.ts";
import { presentTicketEvent } from "./ticket-event.ts";

interface Exported<T> {
  /** The last part of the path, and the name of the rows in the answer. */
  readonly name: string;
  readonly resource: Resource;
  readonly holdsBack: boolean;
  /** Whether `/cursor` is served. */
  readonly byCursor: boolean;
  /** What follows a place, in order. */
  readonly after: (place: Place, request: FastifyRequest) => Iterable<Placed<T>>;
  readonly present: (row: T, request: FastifyRequest) => object;
  readonly sideload?: (rows: readonly T[], request: FastifyRequest) => object;
}

const SAMPLE_ROWS = 50;

interface ExportOptions {
  readonly limit: EndpointLimit;
  readonly sampleLimit: EndpointLimit;
  readonly lastCursor: "given" | "null";
}

function serve<T>(
  app: FastifyInstance,
  deps: RouteDeps,
  exported: Exported<T>,
  options: ExportOptions,
): void {
  const { name } = exported;
  const until = () => (exported.holdsBack ? heldBackUntil(deps.now()) : toUnixSeconds(deps.now()));

  function enter(request: FastifyRequest, reply: FastifyReply, limit: EndpointLimit): void {
    deps.access.administrator(request.headers, exported.resource);
    limit.count(reply);
  }

  function written(rows: readonly T[], request: FastifyRequest): object {
    return {
      [name]: rows.map((row) => exported.present(row, request)),
      ...exported.sideload?.(rows, request),
    };
  }

  function byTime(request: FastifyRequest, most: number): object {
    const query = queryOf(request);
    const start = readStartTime(query, deps.now());
    const size = Math.min(readSize(query), most);
    const page = pageByTime(exported.after([start, 0], request), size, start, until());
    const end_time = page.last?.[0] ?? start;
    const next = new URLSearchParams({ start_time: String(end_time) });
    for (const kept of ["include", "per_page", "exclude_deleted", "support_type_scope"]) {
      const value = parameter(query, kept);
      if (value !== undefined) next.set(kept, value);
    }
    return {
      ...written(page.rows, request),
      count: page.rows.length,
      end_of_stream: page.endOfStream,
      end_time,
      next_page: `${listUrlOf(request)}?${next.toString()}`,
    };
  }

  route(app, "GET", `/incremental/${name}`, (request, reply) => {
    enter(request, reply, options.limit);
    return byTime(request, Number.POSITIVE_INFINITY);
  });

  route(app, "GET", `/incremental/${name}/sample`, (request, reply) => {
    enter(request, reply, options.sampleLimit);
    return byTime(request, SAMPLE_ROWS);
  });

  if (!exported.byCursor) return;
  route(app, "GET", `/incremental/${name}/cursor`, (request, reply) => {
    enter(request, reply, options.limit);
    const query = queryOf(request);
    const start = readPlace(query, deps.now());
    const page = pageByCursor(exported.after(start, request), readSize(query), until());
    const after_cursor =
      page.endOfStream && options.lastCursor === "null" ? null : writeCursor(page.last ?? start);
    const next = new URLSearchParams({ cursor: after_cursor ?? "" });
    for (const kept of ["include", "per_page", "exclude_deleted", "support_type_scope"]) {
      const value = parameter(query, kept);
      if (value !== undefined) next.set(kept, value);
    }
    return {
      ...written(page.rows, request),
      after_cursor,
      after_url: after_cursor && `${listUrlOf(request)}?${next.toString()}`,
      before_cursor: null,
      before_url: null,
      end_of_stream: page.endOfStream,
    };
  });
}

/** Tickets that only AI agents handled are left out unless they are asked for (OAS of 2026). */
function isWanted(ticket: TicketRecord, request: FastifyRequest): boolean {
  const query = queryOf(request);
  const scope = parameter(query, "support_type_scope") ?? "agent";
  if (scope !== "all" && scope !== (ticket.support_type ?? "agent")) return false;
  return parameter(query, "exclude_deleted") !== "true" || !ticket.deletion;
}

export function exportRoutes(app: FastifyInstance, deps: RouteDeps, options: ExportOptions): void {
  const { tables, data } = deps.store;

  serve(
    app,
    deps,
    {
      name: "tickets",
      resource: "tickets",
      holdsBack: true,
      byCursor: true,
      *after(place, request) {
        for (const row of tables.tickets.changedAfter(place)) {
          if (isWanted(row, request)) yield { place: [row.generated_timestamp, row.id], row };
        }
      },
      present: (ticket, request) => presentExportedTicket(ticket, baseUrlOf(request)),
      sideload: (tickets, request) => sideload(deps, request, tickets),
    },
    options,
  );

  serve(
    app,
    deps,
    {
      name: "users",
      resource: "users",
      holdsBack: false,
      byCursor: true,
      *after(place) {
        for (const row of tables.users.changedAfter(place)) {
          yield { place: [toUnixSeconds(new Date(row.updated_at)), row.id], row };
        }
      },
      present: (user, request) => presentUser(user, baseUrlOf(request)),
    },
    options,
  );

  serve(
    app,
    deps,
    {
      name: "organizations",
      resource: "organizations",
      holdsBack: false,
      byCursor: false,
      *after([start]) {
        const placed = data.organizations.map((row) => ({
          place: [toUnixSeconds(new Date(row.created_at)), row.id] as const,
          row,
        }));
        const inOrder = placed.toSorted((a, b) => a.place[0] - b.place[0]);
        yield* inOrder.filter(({ place }) => place[0] >= start);
      },
      present: (organization, request) => presentOrganization(organization, baseUrlOf(request)),
    },
    options,
  );

  serve(
    app,
    deps,
    {
      name: "ticket_events",
      resource: "tickets",
      holdsBack: true,
      byCursor: false,
      *after(place) {
        for (const row of deps.store.auditsAfter(place)) {
          yield { place: [toUnixSeconds(new Date(row.created_at)), row.id], row };
        }
      },
      present: (audit, request) =>
        presentTicketEvent(audit, {
          baseUrl: baseUrlOf(request),
          addressOf: deps.addressOf,
          withComments: parameter(queryOf(request), "include") === "comment_events",
        }),
    },
    options,
  );
}
