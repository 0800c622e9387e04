/** Links over HTTP. Source: ZIS Links API; PATCH and DELETE by query parameters are inferred. */
import type { FastifyInstance } from "fastify";
import { objectBody } from "./fields.ts";
import type { Links } from "./links.ts";
import { pageFromQuery } from "./paging.ts";
import { type Gate, gatedRoutes } from "./routes.ts";

const LINKS = "/api/services/zis/links/:integration";

/** Adds the routes of links. */
export function linkRoutes(
  app: FastifyInstance,
  { links, gate }: { links: Links; gate: Gate },
): void {
  const route = gatedRoutes(app, gate, "links");

  route("GET", LINKS, ({ integration, query }) =>
    links.search(integration, query, pageFromQuery(query)),
  );
  const create = (integration: string, body: unknown) =>
    links.create(integration, objectBody(body));
  route("POST", LINKS, ({ integration, body }) => ({ link: create(integration, body) }), 201);
  route("PATCH", LINKS, ({ integration, query, body }) => ({
    link: links.patch(integration, query, objectBody(body)),
  }));
  route("DELETE", LINKS, ({ integration, query }) => links.remove(integration, query), 204);
}
