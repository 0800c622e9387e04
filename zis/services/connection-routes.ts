/** Connections with static credentials, and the list of all, over HTTP. Source: ZIS connections API. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  type Connections,
  STATIC_TYPES,
  type StaticConnection,
  staticView,
  type StaticType,
} from "./connections.ts";
import { objectBody } from "./fields.ts";
import { oauthMetadata } from "./oauth-connections.ts";
import { pageFromQuery, paginate } from "./paging.ts";
import type { Gate } from "./routes.ts";

interface Named {
  Params: { integration: string; name: string };
}
interface Listed {
  Params: { integration: string };
  Querystring: Record<string, unknown>;
}

const CONNECTIONS = "/api/services/zis/integrations/:integration/connections";

/** Adds the routes of static connections. */
export function connectionRoutes(
  app: FastifyInstance,
  { connections, gate }: { connections: Connections; gate: Gate },
): void {
  app.get<Listed>(`${CONNECTIONS}/all`, async (request) => {
    const { integration } = request.params;
    gate(request, "connections", integration);
    const all = connections.all(integration);
    const { items, meta } = paginate(all, ({ name }) => name, pageFromQuery(request.query));
    const ofType = (type: StaticType) =>
      items.filter((item): item is StaticConnection => item.type === type).map(staticView);
    return {
      api_key: ofType("api_key"),
      basic_auth: ofType("basic_auth"),
      bearer_token: ofType("bearer_token"),
      oauth: items.filter((item) => item.type === "oauth").map(oauthMetadata),
      meta,
    };
  });

  for (const type of STATIC_TYPES) {
    const wrapped = (connection: StaticConnection) => ({ [type]: staticView(connection) });

    app.post<Listed>(`${CONNECTIONS}/${type}`, async (request, reply) => {
      const { integration } = request.params;
      gate(request, "connections", integration);
      const created = connections.create(integration, type, objectBody(request.body));
      return reply.code(201).send(wrapped(created));
    });

    app.get<Named>(`${CONNECTIONS}/${type}/:name`, async (request) => {
      const { integration, name } = request.params;
      gate(request, "connections", integration);
      return wrapped(connections.show(integration, type, name));
    });

    const update = async (request: FastifyRequest<Named>) => {
      const { integration, name } = request.params;
      gate(request, "connections", integration);
      return wrapped(connections.update(integration, type, name, objectBody(request.body)));
    };
    app.put<Named>(`${CONNECTIONS}/${type}/:name`, update);
    app.patch<Named>(`${CONNECTIONS}/${type}/:name`, update);

    app.delete<Named>(
      `${CONNECTIONS}/${type}/:name`,
      async (request, reply): Promise<FastifyReply> => {
        const { integration, name } = request.params;
        gate(request, "connections", integration);
        connections.delete(connections.show(integration, type, name));
        return reply.code(204).send();
      },
    );
  }
}
