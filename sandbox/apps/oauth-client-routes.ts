/** The account's OAuth clients, as an administrator lists them: how the id of `zis_<integration>` is found. */
import type { FastifyInstance } from "fastify";
import type { Account, OAuthClient } from "#zis/services/account";
import { recordNotFound } from "../zendesk/errors.ts";
import type { RequireAdministrator } from "./administrator.ts";
import { both, numberIn } from "./app-routes.ts";

const BASE = "/api/v2/oauth/clients";

/** Source: Zendesk's OAuth clients API; only reading is played. */
export function oauthClientRoutes(
  app: FastifyInstance,
  account: Account,
  requireAdministrator: RequireAdministrator,
): void {
  for (const url of both(BASE)) {
    app.get(url, async (request) => {
      requireAdministrator(request);
      const clients = account.clients().map(present);
      return { clients, count: clients.length, next_page: null, previous_page: null };
    });
  }

  app.get<{ Params: { id: string } }>(`${BASE}/:id`, async (request) => {
    requireAdministrator(request);
    const client = account.clientById(numberIn(request.params.id));
    if (!client) throw recordNotFound();
    return { client: present(client) };
  });
}

/** Of the secret only the beginning is shown. */
function present(client: OAuthClient): object {
  return {
    id: client.id,
    identifier: client.identifier,
    name: client.identifier,
    kind: "confidential",
    secret: client.secret.slice(0, 10),
    user_id: client.userId ?? null,
    redirect_uri: [],
    global: false,
  };
}
