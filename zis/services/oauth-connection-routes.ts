/** OAuth clients and OAuth connections over HTTP. Source: ZIS OAuth clients and OAuth connections APIs. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Connections, OAuthConnection } from "./connections.ts";
import { objectBody, optionalText, requiredText } from "./fields.ts";
import { clientView, type OAuthClients } from "./oauth-clients.ts";
import { type OAuthConnections, oauthView } from "./oauth-connections.ts";
import type { Gate } from "./routes.ts";
import { invalid, serviceError } from "./service-error.ts";

interface OfIntegration {
  Params: { integration: string };
  Querystring: Record<string, unknown>;
}
interface OfClient {
  Params: { integration: string; uuid: string };
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
  app.get<OfIntegration>(`${BASE}/oauth/clients/:integration`, async (request) => {
    const { integration } = request.params;
    gate(request, "connections", integration);
    return { clients: clients.list(integration).map(clientView) };
  });

  app.post<OfIntegration>(`${BASE}/oauth/clients/:integration`, async (request, reply) => {
    const { integration } = request.params;
    const { userId } = gate(request, "connections", integration);
    const created = clients.create(integration, objectBody(request.body), userId);
    return reply.code(201).send(clientView(created));
  });

  app.get<OfClient>(`${BASE}/oauth/clients/:integration/:uuid`, async (request) => {
    const { integration, uuid } = request.params;
    gate(request, "connections", integration);
    return clientView(clients.show(integration, uuid));
  });

  app.patch<OfClient>(`${BASE}/oauth/clients/:integration/:uuid`, async (request) => {
    const { integration, uuid } = request.params;
    gate(request, "connections", integration);
    return clientView(clients.update(integration, uuid, objectBody(request.body)));
  });

  // Observed by a third party: PUT is not offered.
  app.put<OfClient>(`${BASE}/oauth/clients/:integration/:uuid`, async () => {
    throw serviceError(405, "method not allowed");
  });

  app.delete<OfClient>(`${BASE}/oauth/clients/:integration/:uuid`, async (request, reply) => {
    const { integration, uuid } = request.params;
    gate(request, "connections", integration);
    clients.remove(integration, uuid);
    oauthConnections.removeOfClient(integration, uuid);
    return reply.code(204).send();
  });
}

function startRoutes(
  app: FastifyInstance,
  { oauthConnections, gate }: OAuthConnectionRoutesOptions,
): void {
  app.post<OfIntegration>(`${BASE}/oauth/start/:integration`, async (request) => {
    const { integration } = request.params;
    const { userId } = gate(request, "connections", integration);
    return { redirect_url: oauthConnections.start(integration, objectBody(request.body), userId) };
  });

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
  app.get<OfIntegration>(`${BASE}/:integration`, async (request) => {
    const { integration } = request.params;
    gate(request, "connections", integration);
    return oauthView(oauthConnections.show(integration, requiredText(request.query, "name")));
  });

  app.delete<OfIntegration>(`${BASE}/:integration`, async (request, reply) => {
    const { integration } = request.params;
    gate(request, "connections", integration);
    const name = requiredText(request.query, "name");
    connections.delete(oauthConnections.show(integration, name));
    return reply.code(204).send();
  });

  // Documented once, but a third party was answered 405: tokens are renewed on use instead.
  app.post<OfIntegration>(`${BASE}/refresh/:integration`, async () => {
    throw serviceError(405, "method not allowed");
  });
}
