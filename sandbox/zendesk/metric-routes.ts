/** Reading the metrics of tickets. Source: Zendesk API reference, "Ticket Metrics". */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { recordNotFound } from "./errors.ts";
import { metricIdOf, metricsOf, ticketIdOf } from "./metrics.ts";
import type { TicketRecord } from "./model.ts";
import { pageThrough } from "./paging.ts";
import {
  baseUrlOf,
  findTicket,
  listUrlOf,
  queryOf,
  readId,
  route,
  type RouteDeps,
} from "./route.ts";

/** A ticket's metrics as they are written out, by themselves or in the rows of an export. */
export function metricSetOf(
  { store, now }: RouteDeps,
  ticket: TicketRecord,
  request: FastifyRequest,
): object {
  return {
    url: `${baseUrlOf(request)}/api/v2/ticket_metrics/${metricIdOf(ticket.id)}.json`,
    ...metricsOf(ticket, store.audits(ticket.id), store.user, now()),
  };
}

export function metricRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { store, access } = deps;
  const present = (ticket: TicketRecord, request: FastifyRequest) =>
    metricSetOf(deps, ticket, request);

  route(app, "GET", "/tickets/:id/metrics", (request) => {
    access.caller(request.headers, "read", "tickets");
    return { ticket_metric: present(findTicket(deps, request), request) };
  });

  // Newest first.
  route(app, "GET", "/ticket_metrics", (request) => {
    access.caller(request.headers, "read", "tickets");
    const ids: { readonly id: number }[] = [];
    for (const { id } of store.tickets()) ids.push({ id });
    const { rows, envelope } = pageThrough(ids, {
      query: queryOf(request),
      url: listUrlOf(request),
      idOf: ({ id }) => -id,
      sorts: { id: { keyOf: ({ id }) => -id, styles: "both" } },
      defaultSort: "id",
    });
    const tickets = rows
      .map(({ id }) => store.ticket(id))
      .filter((ticket): ticket is TicketRecord => ticket !== undefined);
    return { ticket_metrics: tickets.map((ticket) => present(ticket, request)), ...envelope };
  });

  // The reference's example has a list here; that it is an object, as at the ticket, is inferred.
  route(app, "GET", "/ticket_metrics/:id", (request) => {
    access.caller(request.headers, "read", "tickets");
    const ticket = store.ticket(ticketIdOf(readId(request)));
    if (!ticket) throw recordNotFound();
    return { ticket_metric: present(ticket, request) };
  });
}
