/** The Registry over HTTP: integrations, bundles, job specs. Source: ZIS registry API. */
import type { FastifyInstance } from "fastify";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { parseResourceName } from "../model/names.ts";
import type { Account } from "./account.ts";
import { objectBody, optionalText, requiredText } from "./fields.ts";
import { pageFromQuery, paginate } from "./paging.ts";
import type { Integration, Registry, StoredJobSpec } from "./registry.ts";
import { type Gate, gatedRoutes } from "./routes.ts";
import { MASK } from "./secrets.ts";
import { invalid, serviceError } from "./service-error.ts";

interface Named {
  Params: { integration: string };
}
const REGISTRY = "/api/services/zis/registry";

/** Adds the routes of the registry. */
export function registryRoutes(
  app: FastifyInstance,
  { account, registry, gate }: { account: Account; registry: Registry; gate: Gate },
): void {
  /** The secret is shown once, when the integration is created (inferred: the page does not say). */
  function integrationView(integration: Integration, secretShown: boolean): JsonObject {
    const client = account.clientById(integration.clientId);
    return {
      description: integration.description,
      jwt_public_key: integration.jwt_public_key,
      zendesk_oauth_client: {
        id: integration.clientId,
        identifier: client?.identifier ?? "",
        secret: secretShown ? (client?.secret ?? "") : MASK,
      },
    };
  }

  app.get(`${REGISTRY}/integrations`, async (request) => {
    gate(request, "listIntegrations");
    const integrations = registry.integrations().map((integration) => ({
      name: integration.name,
      ...integrationView(integration, false),
    }));
    return { integrations };
  });

  app.post<Named>(`${REGISTRY}/:integration`, async (request) => {
    const { integration } = request.params;
    gate(request, "createIntegration");
    const body = objectBody(request.body ?? {});
    const isNew = !registry.hasIntegration(integration);
    const created = registry.createIntegration(
      integration,
      optionalText(body, "description") ?? "",
      optionalText(body, "jwt_public_key") ?? "",
    );
    return integrationView(created, isNew);
  });

  const bundles = `${REGISTRY}/:integration/bundles`;
  const readBundles = gatedRoutes(app, gate, "readBundles");
  const jobSpecs = gatedRoutes(app, gate, "jobSpecs");

  // The documented answer is 200; what it contains is not public, so nothing may depend on it.
  gatedRoutes(app, gate, "uploadBundle")("POST", bundles, ({ integration, body }) =>
    registry.upload(integration, body),
  );

  readBundles("GET", bundles, ({ integration, query }) => {
    const all = registry.bundles(integration);
    const page = paginate(all, ({ content }) => content.name, pageFromQuery(query));
    return {
      bundles: page.items.map(({ uuid, content }) => ({
        uuid,
        integration,
        zendesk_account_id: account.accountId,
        name: content.name,
        description: content.description ?? "",
        zis_template_version: content.zis_template_version,
      })),
      meta: page.meta,
    };
  });

  readBundles("GET", `${bundles}/:uuid`, ({ integration, uuid }) => {
    const { content } = registry.bundle(integration, uuid);
    return { ...content, integration, uuid, zendesk_account_id: account.accountId };
  });

  readBundles("DELETE", `${bundles}/:uuid`, () => {
    throw serviceError(405, "bundles cannot be deleted: uninstall their job specs");
  });

  jobSpecs("GET", `${REGISTRY}/:integration/job_specs`, ({ integration, query }) => {
    const specs = registry.jobSpecs(integration);
    const page = paginate(specs, (spec) => spec.name, pageFromQuery(query));
    return { job_specs: page.items.map(jobSpecView), meta: page.meta };
  });

  for (const [method, installed] of [
    ["POST", true],
    ["DELETE", false],
  ] as const) {
    app.route<{ Querystring: Record<string, unknown> }>({
      method,
      url: `${REGISTRY}/job_specs/install`,
      handler: async (request, reply) => {
        const name = optionalText(request.query, "job_spec_name") ?? "";
        gate(request, "jobSpecs", integrationOf(name));
        registry.setInstalled([name], installed);
        return reply.code(200).send();
      },
    });
  }

  const installation = "/api/services/zis/integrations/:integration/job_specs/installation";
  jobSpecs("POST", installation, ({ integration, body }) => {
    const names = installationNames(body);
    if (names.some((name) => integrationOf(name) !== integration)) {
      throw invalid("one or more requested job specs is invalid");
    }
    registry.setInstalled(names, true);
  });
}

/** The integration that a job spec's full name belongs to. */
function integrationOf(fullName: string): string | undefined {
  const parsed = parseResourceName(fullName);
  if (parsed?.kind === "job_spec") return parsed.integration;
  return undefined;
}

function installationNames(body: unknown): readonly string[] {
  if (!Array.isArray(body)) throw invalid("the request body must be an array of {name}");
  return body.map((entry: unknown) => requiredText(isJsonObject(entry) ? entry : {}, "name"));
}

function jobSpecView(spec: StoredJobSpec): JsonObject {
  const { bundleName: _bundle, current: _current, ...view } = spec;
  return view;
}
