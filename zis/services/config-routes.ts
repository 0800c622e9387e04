/** Configs over HTTP. Source: ZIS Configs API; bodies and statuses of changes are inferred. */
import type { FastifyInstance } from "fastify";
import type { Configs } from "./configs.ts";
import { objectBody, optionalText, requiredObject, requiredText } from "./fields.ts";
import { pageFromQuery, paginate } from "./paging.ts";
import type { Gate } from "./routes.ts";
import { invalid, notFound } from "./service-error.ts";

interface OfIntegration {
  Params: { integration: string };
  Querystring: Record<string, unknown>;
}
/** The scope is the whole rest of the path: encoded or not, it may hold slashes and be long. */
interface OfScope {
  Params: { integration: string; "*": string };
}

const CONFIGS = "/api/services/zis/integrations/:integration/configs";

/** Adds the routes of configs. */
export function configRoutes(
  app: FastifyInstance,
  { configs, gate }: { configs: Configs; gate: Gate },
): void {
  app.get<OfIntegration>(CONFIGS, async (request) => {
    const { integration } = request.params;
    gate(request, "configs", integration);
    const scope = requiredText(request.query, "filter[scope]");
    const found = configs.search(integration, scope);
    // Zendesk's demo app tells from the 404 that it has to create the config.
    if (found.length === 0) throw notFound(`no config matches the scope ${scope}`);
    const page = paginate(found, (config) => config.scope, pageFromQuery(request.query));
    return { configs: page.items, meta: page.meta };
  });

  app.post<OfIntegration>(CONFIGS, async (request, reply) => {
    const { integration } = request.params;
    gate(request, "configs", integration);
    const body = objectBody(request.body);
    const scope = requiredText(body, "scope");
    return reply.code(201).send(configs.create(integration, scope, requiredObject(body, "config")));
  });

  for (const [method, change] of [
    ["PUT", "replace"],
    ["PATCH", "merge"],
  ] as const) {
    app.route<OfScope>({
      method,
      url: `${CONFIGS}/*`,
      handler: async (request) => {
        const { integration, "*": scope } = request.params;
        gate(request, "configs", integration);
        const body = objectBody(request.body);
        if ((optionalText(body, "scope") ?? scope) !== scope) {
          throw invalid("the scope of a config cannot be changed");
        }
        return configs[change](integration, scope, requiredObject(body, "config"));
      },
    });
  }

  app.delete<OfScope>(`${CONFIGS}/*`, async (request, reply) => {
    const { integration, "*": scope } = request.params;
    gate(request, "configs", integration);
    configs.remove(integration, scope);
    return reply.code(204).send();
  });
}
