/** Connections with static credentials, and the list of all, over HTTP. Source: ZIS connections API. */
import type { FastifyInstance } from "fastify";
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
import { type Gate, gatedRoutes } from "./routes.ts";

const CONNECTIONS = "/api/services/zis/integrations/:integration/connections";

/** Adds the routes of static connections. */
export function connectionRoutes(
  app: FastifyInstance,
  { connections, gate }: { connections: Connections; gate: Gate },
): void {
  const route = gatedRoutes(app, gate, "connections");

  route("GET", `${CONNECTIONS}/all`, ({ integration, query }) => {
    const all = connections.all(integration);
    const { items, meta } = paginate(all, ({ name }) => name, pageFromQuery(query));
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
    const all = `${CONNECTIONS}/${type}`;
    const one = `${all}/:name`;
    const wrapped = (connection: StaticConnection) => ({ [type]: staticView(connection) });

    route(
      "POST",
      all,
      ({ integration, body }) => wrapped(connections.create(integration, type, objectBody(body))),
      201,
    );
    route("GET", one, ({ integration, name }) =>
      wrapped(connections.show(integration, type, name)),
    );
    for (const method of ["PUT", "PATCH"] as const) {
      route(method, one, ({ integration, name, body }) =>
        wrapped(connections.update(integration, type, name, objectBody(body))),
      );
    }
    route(
      "DELETE",
      one,
      ({ integration, name }) => connections.delete(connections.show(integration, type, name)),
      204,
    );
  }
}
