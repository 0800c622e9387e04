/** Deleting tickets over the API: softly, back, for good, as spam. Source: Zendesk API reference, "Tickets". */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Deletions } from "./deletions.ts";
import { createEndpointLimit } from "./endpoint-limits.ts";
import { recordNotFound } from "./errors.ts";
import { answerJob } from "./job-routes.ts";
import type { TicketRecord } from "./model.ts";
import { pageThrough } from "./paging.ts";
import { findTicket, listUrlOf, queryOf, readId, readIds, route, type RouteDeps } from "./route.ts";
import type { Actor } from "./store-contract.ts";

const deletedAt = (ticket: TicketRecord) => ticket.deletion?.at ?? null;

export function deletionRoutes(app: FastifyInstance, deps: RouteDeps, deletions: Deletions): void {
  const { store, access, jobs, now } = deps;
  const limit = (name: string, what: string, most: number) =>
    createEndpointLimit({
      name,
      what: `${what} requests per minute`,
      limit: () => most,
      windowMs: 60_000,
      now,
    });
  // The first name is inferred; all figures are documented.
  const deletes = limit("tickets-destroy", "ticket deletion", 400);
  const lists = limit("deleted-tickets-index", "deleted tickets", 10);
  const erasures = limit("deleted-tickets-destroy", "permanent ticket deletion", 1_000);
  const bulkErasures = limit("deleted-tickets-destroy_many", "permanent ticket deletion", 300);

  const actorOf = (request: FastifyRequest): Actor => ({
    author: access.caller(request.headers, "write", "tickets"),
    channel: "api",
  });

  function findDeleted(request: FastifyRequest): TicketRecord {
    const ticket = store.deletedTicket(readId(request));
    if (!ticket) throw recordNotFound();
    return ticket;
  }

  route(app, "DELETE", "/tickets/destroy_many", (request) => {
    const actor = actorOf(request);
    const ids = readIds(request);
    const remove = (id: number) => {
      const ticket = store.ticket(id);
      if (ticket) deletions.delete(ticket, actor);
      return ticket
        ? { action: "delete", id, status: "Deleted", success: true }
        : { action: "delete", id, success: false, error: "RecordNotFound", details: "Not found" };
    };
    return answerJob(
      jobs.start("Bulk Delete Ticket", ids.length, () => ids.map(remove)),
      request,
    );
  });

  route(app, "DELETE", "/tickets/:id", (request, reply) => {
    const actor = actorOf(request);
    deletes.count(reply);
    deletions.delete(findTicket(deps, request), actor);
    void reply.code(204);
    return null;
  });

  route(app, "PUT", "/tickets/:id/mark_as_spam", (request) => {
    const actor = actorOf(request);
    deletions.markAsSpam(findTicket(deps, request), actor);
    return "";
  });

  route(app, "GET", "/deleted_tickets", (request, reply) => {
    access.caller(request.headers, "read", "tickets");
    lists.count(reply);
    const { rows, envelope } = pageThrough(store.deletedTickets(), {
      query: queryOf(request),
      url: listUrlOf(request),
      idOf: ({ id }) => id,
      sorts: {
        created_at: { keyOf: ({ created_at }) => created_at, styles: "both" },
        id: { keyOf: ({ id }) => id, styles: "both" },
        subject: { keyOf: ({ subject }) => subject, styles: "both" },
        deleted_at: { keyOf: deletedAt, styles: "both" },
      },
      defaultSort: "created_at",
    });
    const present = (ticket: TicketRecord) => {
      const actor = store.user(ticket.deletion?.actor_id ?? 0);
      return {
        id: ticket.id,
        subject: ticket.subject,
        actor: { id: actor?.id ?? null, name: actor?.name ?? null },
        deleted_at: deletedAt(ticket),
        previous_state: ticket.status,
      };
    };
    return { deleted_tickets: rows.map(present), ...envelope };
  });

  // Ids that cannot be restored are passed over, which is inferred.
  route(app, "PUT", "/deleted_tickets/restore_many", (request) => {
    const actor = actorOf(request);
    for (const id of readIds(request)) {
      const ticket = store.deletedTicket(id);
      if (ticket) deletions.restore(ticket, actor);
    }
    return "";
  });

  route(app, "PUT", "/deleted_tickets/:id/restore", (request) => {
    const actor = actorOf(request);
    deletions.restore(findDeleted(request), actor);
    return "";
  });

  function eraseAll(ids: readonly number[], actor: Actor): { success: boolean } {
    const found = ids
      .map((id) => store.deletedTicket(id))
      .filter((ticket): ticket is TicketRecord => ticket !== undefined);
    for (const ticket of found) deletions.erase(ticket, actor);
    return { success: found.length === ids.length };
  }

  route(app, "DELETE", "/deleted_tickets/destroy_many", (request, reply) => {
    const actor = actorOf(request);
    bulkErasures.count(reply);
    const ids = readIds(request);
    const job = jobs.start("Bulk Permanently Delete Ticket", ids.length, () =>
      eraseAll(ids, actor),
    );
    return answerJob(job, request);
  });

  route(app, "DELETE", "/deleted_tickets/:id", (request, reply) => {
    const actor = actorOf(request);
    erasures.count(reply);
    const { id } = findDeleted(request);
    const job = jobs.start("Permanently Delete Ticket", 1, () => eraseAll([id], actor));
    return answerJob(job, request);
  });
}
