/** Configs over HTTP. Source: ZIS Configs API; bodies and statuses of changes are inferred. */
import type { FastifyInstance } from "fastify";
import type { JsonObject } from "../model/json.ts";
import type { Configs } from "./configs.ts";
import { objectBody, optionalText, requiredObject, requiredText } from "./fields.ts";
import { pageFromQuery, paginate } from "./paging.ts";
import { type Gate, gatedRoutes } from "./routes.ts";
import { invalid, notFound } from "./service-error.ts";

const CONFIGS = "/api/services/zis/integrations/:integration/configs";

/** Adds the routes of configs. */
export function configRoutes(
  app: FastifyInstance,
  { configs, gate }: { configs: Configs; gate: Gate },
): void {
  const route = gatedRoutes(app, gate, "configs");

  route("GET", CONFIGS, ({ integration, query }) => {
    const scope = requiredText(query, "filter[scope]");
    const found = configs.search(integration, scope);
    // Zendesk's demo app learns from the 404 that it has to create the config.
    if (found.length === 0) throw notFound(`no config matches the scope ${scope}`);
    const page = paginate(found, (config) => config.scope, pageFromQuery(query));
    return { configs: page.items, meta: page.meta };
  });

  const create = (integration: string, body: JsonObject) =>
    configs.create(integration, requiredText(body, "scope"), requiredObject(body, "config"));
  route("POST", CONFIGS, ({ integration, body }) => create(integration, objectBody(body)), 201);

  for (const [method, change] of [
    ["PUT", configs.replace],
    ["PATCH", configs.merge],
  ] as const) {
    route(method, `${CONFIGS}/*`, ({ integration, scope, body }) => {
      const changes = objectBody(body);
      if ((optionalText(changes, "scope") ?? scope) !== scope) {
        throw invalid("the scope of a config cannot be changed");
      }
      return change(integration, scope, requiredObject(changes, "config"));
    });
  }

  route(
    "DELETE",
    `${CONFIGS}/*`,
    ({ integration, scope }) => configs.remove(integration, scope),
    204,
  );
}
