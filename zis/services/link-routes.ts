/** Links over HTTP. Source: ZIS Links API; PATCH and DELETE by query parameters are inferred. */
import type { FastifyInstance } from "fastify";
import { objectBody } from "./fields.ts";
import type { Links } from "./links.ts";
import { pageFromQuery } from "./paging.ts";
import type { Gate } from "./routes.ts";

interface OfIntegration {
  Params: { integration: string };
  Querystring: Record<string, unknown>;
}

const LINKS = "/api/services/zis/links/:integration";

/** Adds the routes of links. */
export function linkRoutes(
  app: FastifyInstance,
  { links, gate }: { links: Links; gate: Gate },
): void {
  app.get<OfIntegration>(LINKS, async (request) => {
    const { integration } = request.params;
    gate(request, "links", integration);
    return links.search(integration, request.query, pageFromQuery(request.query));
  });

  app.post<OfIntegration>(LINKS, async (request, reply) => {
    const { integration } = request.params;
    gate(request, "links", integration);
    const link = links.create(integration, objectBody(request.body));
    return reply.code(201).send({ link });
  });

  app.patch<OfIntegration>(LINKS, async (request) => {
    const { integration } = request.params;
    gate(request, "links", integration);
    return { link: links.patch(integration, request.query, objectBody(request.body)) };
  });

  app.delete<OfIntegration>(LINKS, async (request, reply) => {
    const { integration } = request.params;
    gate(request, "links", integration);
    links.remove(integration, request.query);
    return reply.code(204).send();
  });
}
