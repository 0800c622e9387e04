/** Inbound webhooks over HTTP: their management, and where outside systems post. Source: ZIS inbound webhooks API. */
import type { FastifyInstance } from "fastify";
import type { Json } from "../model/json.ts";
import { objectBody, requiredText } from "./fields.ts";
import { INGEST_PATH, type InboundWebhook, type InboundWebhooks } from "./inbound-webhooks.ts";
import { type Gate, gatedRoutes } from "./routes.ts";
import { invalid } from "./service-error.ts";

export interface InboundWebhookRoutesOptions {
  readonly webhooks: InboundWebhooks;
  readonly gate: Gate;
  /** Queues the flows of an event. */
  readonly accept: (event: {
    readonly event_source: string;
    readonly event_type: string;
    readonly input: Json;
  }) => unknown;
}

const WEBHOOKS = "/api/services/zis/inbound_webhooks/generic/:integration";

/** Adds the routes of inbound webhooks. There is none that lists them, as at Zendesk. */
export function inboundWebhookRoutes(
  app: FastifyInstance,
  { webhooks, gate, accept }: InboundWebhookRoutesOptions,
): void {
  const route = gatedRoutes(app, gate, "inboundWebhooks");

  route("POST", WEBHOOKS, ({ integration, body }) => {
    const fields = objectBody(body);
    const sourceSystem = requiredText(fields, "source_system");
    return webhooks.create(integration, sourceSystem, requiredText(fields, "event_type"));
  });
  route("GET", `${WEBHOOKS}/:uuid`, ({ integration, uuid }) =>
    withoutCredential(webhooks.show(integration, uuid)),
  );
  route(
    "DELETE",
    `${WEBHOOKS}/:uuid`,
    ({ integration, uuid }) => webhooks.remove(integration, uuid),
    204,
  );

  app.post<{ Params: { token: string } }>(`${INGEST_PATH}:token`, async (request, reply) => {
    const webhook = webhooks.authenticate(request.params.token, request.headers.authorization);
    if (request.body === undefined) throw invalid("the request body must be JSON");
    // Accepted says nothing about the flows: there may be none, and how they end is never answered.
    accept({
      event_source: webhook.source_system,
      event_type: webhook.event_type,
      input: request.body as Json,
    });
    return reply.code(200).send();
  });
}

function withoutCredential(webhook: InboundWebhook): Json {
  const { username: _username, password: _password, ...view } = webhook;
  return view;
}
