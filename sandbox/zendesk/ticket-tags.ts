/** The tags of a ticket as a list of their own: POST replaces, PUT adds, DELETE takes away. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isJsonObject } from "#zis/model/json";
import { invalidAttribute } from "./errors.ts";
import { findTicket, route, type RouteDeps } from "./route.ts";
import { readTags } from "./ticket-input.ts";
import type { UpdateLimits } from "./update-limits.ts";
import { checkWritable } from "./writable.ts";

export function ticketTags(app: FastifyInstance, deps: RouteDeps, limits: UpdateLimits): void {
  const { store, access } = deps;

  function write(
    request: FastifyRequest,
    reply: FastifyReply,
    next: (current: readonly string[], given: readonly string[]) => readonly string[],
  ): readonly string[] {
    const caller = access.caller(request.headers, "write", "tickets");
    const ticket = findTicket(deps, request);
    // The limit is on every PUT that updates a ticket, and on no other method.
    if (request.method === "PUT") limits.count(ticket.id, caller, reply);
    const { body } = request;
    if (!isJsonObject(body)) throw invalidAttribute("tags: expected a list of strings");
    checkWritable(deps, ticket, body);
    const tags = next(ticket.tags, readTags(body["tags"]));
    return store.update(ticket, { tags }, { author: caller, channel: "api" }).ticket.tags;
  }

  route(app, "GET", "/tickets/:id/tags", (request) => {
    access.caller(request.headers, "read", "tickets");
    return { tags: findTicket(deps, request).tags };
  });

  route(app, "POST", "/tickets/:id/tags", (request, reply) => {
    const tags = write(request, reply, (_, given) => given);
    void reply.code(201);
    return { tags };
  });

  route(app, "PUT", "/tickets/:id/tags", (request, reply) => ({
    tags: write(request, reply, (current, given) => [...current, ...given]),
  }));

  route(app, "DELETE", "/tickets/:id/tags", (request, reply) => {
    write(request, reply, (current, given) => current.filter((tag) => !given.includes(tag)));
    void reply.code(204);
    return null;
  });
}
