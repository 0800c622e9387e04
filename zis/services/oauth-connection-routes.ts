/** OAuth clients and OAuth connections over HTTP. Source: ZIS OAuth clients and OAuth connections APIs. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Connections, OAuthConnection } from "./connections.ts";
import { objectBody, optionalText, requiredText } from "./fields.ts";
import { clientView, type OAuthClients } from "./oauth-clients.ts";
import { type OAuthConnections, oauthView } from "./oauth-connections.ts";
import { type Gate, gatedRoutes } from "./routes.ts";
import { invalid, serviceError } from "./service-error.ts";

interface OfIntegration {
  Params: { integration: string };
  Querystring: Record<string, unknown>;
}
const BASE = "/api/services/zis/connections";

export interface OAuthConnectionRoutesOptions {
  readonly clients: OAuthClients;
  readonly connections: Connections;
  readonly oauthConnections: OAuthConnections;
  readonly gate: Gate;
}

/** Adds the routes of OAuth clients and OAuth connections. */
export function oauthConnectionRoutes(
  app: FastifyInstance,
  options: OAuthConnectionRoutesOptions,
): void {
  clientRoutes(app, options);
  startRoutes(app, options);
  showRoutes(app, options);
}

function clientRoutes(
  app: FastifyInstance,
  { clients, oauthConnections, gate }: OAuthConnectionRoutesOptions,
): void {
  const route = gatedRoutes(app, gate, "connections");
  const all = `${BASE}/oauth/clients/:integration`;
  const one = `${all}/:uuid`;

  route("GET", all, ({ integration }) => ({
    clients: clients.list(integration).map(clientView),
  }));
  route(
    "POST",
    all,
    ({ integration, body, userId }) =>
      clientView(clients.create(integration, objectBody(body), userId)),
    201,
  );
  route("GET", one, ({ integration, uuid }) => clientView(clients.show(integration, uuid)));
  route("PATCH", one, ({ integration, uuid, body }) =>
    clientView(clients.update(integration, uuid, objectBody(body))),
  );
  // Observed by a third party: PUT is not offered.
  app.put(one, async () => {
    throw serviceError(405, "method not allowed");
  });
  const remove = (integration: string, uuid: string) => {
    clients.remove(integration, uuid);
    oauthConnections.removeOfClient(integration, uuid);
  };
  route("DELETE", one, ({ integration, uuid }) => remove(integration, uuid), 204);
}

function startRoutes(
  app: FastifyInstance,
  { oauthConnections, gate }: OAuthConnectionRoutesOptions,
): void {
  gatedRoutes(app, gate, "connections")(
    "POST",
    `${BASE}/oauth/start/:integration`,
    ({ integration, body, userId }) => ({
      redirect_url: oauthConnections.start(integration, objectBody(body), userId),
    }),
  );

  app.get<OfIntegration>(`${BASE}/oauth/access_codes/:integration`, async (request, reply) => {
    const { integration } = request.params;
    gate(request, "connections", integration);
    const code = requiredText(request.query, "verification_code");
    return sendCompleted(reply, await oauthConnections.complete(integration, code));
  });

  // The provider sends a browser here; the state that ZIS gave it is what proves where it comes from.
  app.get<OfIntegration>(`${BASE}/oauth/callback`, async (request, reply) => {
    const { query } = request;
    const refusal = optionalText(query, "error");
    if (refusal !== undefined) throw invalid(`the provider refused: ${refusal}`);
    const state = requiredText(query, "state");
    const completed = await oauthConnections.completeWithCode(state, requiredText(query, "code"));
    return sendCompleted(reply, completed);
  });
}

/** Back to where the start asked for, with the token that proves completion; else the connection's name. */
function sendCompleted(reply: FastifyReply, connection: OAuthConnection): FastifyReply {
  const { origin_oauth_redirect_url: back, verification_code, name, integration } = connection;
  if (back === "" || !URL.canParse(back)) return reply.send({ name, integration });
  const url = new URL(back);
  url.searchParams.set("verification_token", verification_code);
  return reply.redirect(url.href);
}

function showRoutes(
  app: FastifyInstance,
  { connections, oauthConnections, gate }: OAuthConnectionRoutesOptions,
): void {
  const route = gatedRoutes(app, gate, "connections");
  const shown = (integration: string, query: Readonly<Record<string, unknown>>) =>
    oauthConnections.show(integration, requiredText(query, "name"));

  route("GET", `${BASE}/:integration`, ({ integration, query }) =>
    oauthView(shown(integration, query)),
  );
  route(
    "DELETE",
    `${BASE}/:integration`,
    ({ integration, query }) => connections.delete(shown(integration, query)),
    204,
  );
  // Documented once, but a third party was answered 405: tokens are renewed on use instead.
  app.post(`${BASE}/refresh/:integration`, async () => {
    throw serviceError(405, "method not allowed");
  });
}
