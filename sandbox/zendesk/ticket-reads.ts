/** Reading tickets: list, one, many, count. */
import type { FastifyInstance } from "fastify";
import { toSecondPrecision } from "../clock.ts";
import type { Limits } from "./limits.ts";
import type { TicketRecord } from "./model.ts";
import { isCursorStyle, pageThrough, parameter, type ListOptions, type Sort } from "./paging.ts";
import { pageById } from "./paging-by-id.ts";
import { presentTicket } from "./present.ts";
import {
  baseUrlOf,
  findTicket,
  listUrlOf,
  peopleOf,
  queryOf,
  readIds,
  route,
  sideloadUsers,
  type RouteDeps,
} from "./route.ts";

const STATUS_ORDER = ["new", "open", "pending", "hold", "solved", "closed"];

function sortsOf(deps: RouteDeps): Readonly<Record<string, Sort<TicketRecord>>> {
  const nameOf = (id: number | null) => deps.store.user(id ?? 0)?.name ?? null;
  return {
    id: { keyOf: (ticket) => ticket.id, styles: "both" },
    updated_at: { keyOf: (ticket) => ticket.updated_at, styles: "both" },
    status: { keyOf: (ticket) => STATUS_ORDER.indexOf(ticket.status), styles: "both" },
    created_at: { keyOf: (ticket) => ticket.created_at, styles: "offset" },
    subject: { keyOf: (ticket) => ticket.subject, styles: "offset" },
    group: { keyOf: (ticket) => ticket.group_id, styles: "offset" },
    assignee: { keyOf: (ticket) => ticket.assignee_id, styles: "offset" },
    "assignee.name": { keyOf: (ticket) => nameOf(ticket.assignee_id), styles: "offset" },
    requester: { keyOf: (ticket) => ticket.requester_id, styles: "offset" },
    "requester.name": { keyOf: (ticket) => nameOf(ticket.requester_id), styles: "offset" },
  };
}

function withExternalId(tickets: Iterable<TicketRecord>, externalId: string): TicketRecord[] {
  const found: TicketRecord[] = [];
  for (const ticket of tickets) if (ticket.external_id === externalId) found.push(ticket);
  return found;
}

/** The pages after this one have a limit of their own, although offsets end before it. */
const LAST_SHALLOW_PAGE = 500;

export function ticketReads(
  app: FastifyInstance,
  deps: RouteDeps,
  limits: Pick<Limits, "ticketLists" | "deepTicketLists">,
): void {
  const { store, access } = deps;
  const sorts = sortsOf(deps);

  route(app, "GET", "/tickets", (request, reply) => {
    access.caller(request.headers, "read", "tickets");
    const query = queryOf(request);
    limits.ticketLists.count(reply);
    const isDeep = !isCursorStyle(query) && Number(parameter(query, "page")) > LAST_SHALLOW_PAGE;
    if (isDeep) limits.deepTicketLists.count(reply);
    const externalId = parameter(query, "external_id");
    const options: ListOptions<TicketRecord> = {
      query,
      url: listUrlOf(request),
      idOf: (ticket) => ticket.id,
      sorts,
      defaultSort: "id",
    };
    const { rows, envelope } =
      externalId === undefined
        ? pageById({ after: store.tickets, count: store.ticketCount }, options)
        : pageThrough(withExternalId(store.tickets(), externalId), options);
    return {
      tickets: rows.map((ticket) => presentTicket(ticket, baseUrlOf(request))),
      ...sideloadUsers(deps, request, rows.flatMap(peopleOf)),
      ...envelope,
    };
  });

  route(app, "GET", "/tickets/count", (request) => {
    access.caller(request.headers, "read", "tickets");
    return {
      count: {
        value: store.ticketCount(),
        refreshed_at: toSecondPrecision(deps.now()),
      },
    };
  });

  // Unknown ids are left out, not refused.
  route(app, "GET", "/tickets/show_many", (request) => {
    access.caller(request.headers, "read", "tickets");
    const found = readIds(request)
      .map((id) => store.ticket(id))
      .filter((ticket): ticket is TicketRecord => ticket !== undefined);
    return {
      tickets: found.map((ticket) => presentTicket(ticket, baseUrlOf(request))),
      ...sideloadUsers(deps, request, found.flatMap(peopleOf)),
      next_page: null,
      previous_page: null,
      count: found.length,
    };
  });

  route(app, "GET", "/tickets/:id", (request) => {
    access.caller(request.headers, "read", "tickets");
    const ticket = findTicket(deps, request);
    return {
      ticket: presentTicket(ticket, baseUrlOf(request)),
      ...sideloadUsers(deps, request, peopleOf(ticket)),
    };
  });
}
