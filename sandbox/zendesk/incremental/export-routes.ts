/** `/incremental/*`: tickets, people, organizations and what happened on tickets, in the order of change. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { toUnixSeconds } from "../../clock.ts";
import { metricEventsOf } from "../metric-events.ts";
import { metricSetOf } from "../metric-routes.ts";
import type { AuditRecord, TicketRecord } from "../model.ts";
import { parameter } from "../paging.ts";
import { presentExportedTicket, presentOrganization, presentUser } from "../present.ts";
import { baseUrlOf, includes, queryOf, type RouteDeps } from "../route.ts";
import { sideload } from "../sideload.ts";
import { serveExport, type ExportOptions } from "./serve-export.ts";
import { presentTicketEvent } from "./ticket-event.ts";

/** Tickets that only AI agents handled are left out unless they are asked for (OAS of 2026). */
function isWanted(ticket: TicketRecord, request: FastifyRequest): boolean {
  const query = queryOf(request);
  const scope = parameter(query, "support_type_scope") ?? "agent";
  if (scope !== "all" && scope !== (ticket.support_type ?? "agent")) return false;
  return parameter(query, "exclude_deleted") !== "true" || !ticket.deletion;
}

export function exportRoutes(app: FastifyInstance, deps: RouteDeps, options: ExportOptions): void {
  const { tables, data } = deps.store;

  /** A deleted ticket has no metrics; that the member is null then is INFERRED. */
  const withMetrics = (ticket: TicketRecord, request: FastifyRequest) =>
    includes(request, "metric_sets") && {
      metric_set: ticket.deletion ? null : metricSetOf(deps, ticket, request),
    };

  /** What an audit did to the metrics of its ticket; nothing is left of an erased one. */
  function metricEventsIn(audit: AuditRecord) {
    const { store } = deps;
    const ticket = store.ticket(audit.ticket_id) ?? store.deletedTicket(audit.ticket_id);
    if (!ticket) return [];
    return metricEventsOf(ticket, store.audits(ticket.id), store.user)
      .filter(({ auditId }) => auditId === audit.id)
      .map(({ event }) => event);
  }

  serveExport(
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
      present: (ticket, request) => ({
        ...presentExportedTicket(ticket, baseUrlOf(request)),
        ...withMetrics(ticket, request),
      }),
      sideload: (tickets, request) => sideload(deps, request, tickets),
    },
    options,
  );

  serveExport(
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

  serveExport(
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

  serveExport(
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

  // Only exports of tickets and their events are documented to hold the last minute back.
  serveExport(
    app,
    deps,
    {
      name: "ticket_metric_events",
      resource: "tickets",
      holdsBack: false,
      byCursor: false,
      *after(place) {
        for (const audit of deps.store.auditsAfter(place)) {
          const second = toUnixSeconds(new Date(audit.created_at));
          for (const row of metricEventsIn(audit)) yield { place: [second, row.id], row };
        }
      },
      present: (event) => event,
    },
    options,
  );
}
