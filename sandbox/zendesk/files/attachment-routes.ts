/** `/attachments/{id}`: what a file is, without its content. */
import type { FastifyInstance } from "fastify";
import { recordNotFound } from "../errors.ts";
import type { AttachmentRecord } from "../model.ts";
import { presentAttachment } from "../present.ts";
import { baseUrlOf, readId, route, type RouteDeps } from "../route.ts";

export function attachmentRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { store, access } = deps;

  function find(id: number): AttachmentRecord | undefined {
    const known = store.history?.ticketOfPart(id);
    const ticket = known === undefined ? undefined : store.ticket(known);
    const tickets = ticket ? [ticket] : store.tickets(store.history?.lastTicketId ?? 0);
    for (const { comments } of tickets) {
      const file = comments.flatMap(({ attachments }) => attachments).find((one) => one.id === id);
      if (file) return file;
    }
    return undefined;
  }

  route(app, "GET", "/attachments/:id", (request) => {
    access.caller(request.headers, "read", "tickets");
    const file = find(readId(request));
    if (!file) throw recordNotFound();
    return { attachment: presentAttachment(file, baseUrlOf(request), deps.addressOf) };
  });
}
