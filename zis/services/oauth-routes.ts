/**
 * OAuth tokens over HTTP: the grants at /oauth/tokens, and the tokens an administrator makes and revokes
 * at /api/v2/oauth/tokens. Source: Zendesk's OAuth tokens and grant-type tokens APIs.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isJsonObject, type Json } from "../model/json.ts";
import type { Account, OAuthToken, Principal } from "./account.ts";
import { answerGrant } from "./oauth-grants.ts";
import { ServiceError } from "./service-error.ts";

const TOKENS = "/api/v2/oauth/tokens";

export interface OAuthRoutesOptions {
  readonly account: Account;
  readonly now: () => Date;
}

/** Adds the routes of OAuth tokens to a scope of their own: here alone a body may be a form. */
export function oauthRoutes(app: FastifyInstance, { account, now }: OAuthRoutesOptions): void {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    },
  );

  app.post("/oauth/tokens", async (request, reply) => {
    const body = isJsonObject(request.body) ? request.body : {};
    const fields = { ...basicClient(request.headers.authorization), ...body };
    const answer = answerGrant(account, fields, now());
    return reply.code(answer.status).send(answer.body);
  });

  for (const path of [TOKENS, `${TOKENS}.json`]) {
    app.post(path, async (request, reply) => {
      const { userId } = requireAdmin(account, request);
      const token = account.issueToken({ userId, ...tokenFields(account, request.body) });
      return reply
        .code(201)
        .send({ token: { ...view(token, account), full_token: token.accessToken } });
    });

    app.get(path, async (request) => {
      requireAdmin(account, request);
      return { tokens: account.tokens().map((token) => view(token, account)) };
    });
  }

  for (const path of [`${TOKENS}/current`, `${TOKENS}/current.json`]) {
    app.get(path, async (request) => {
      const principal = requireKnown(account, request);
      const token = principal.kind === "oauth" ? account.tokenById(principal.tokenId) : undefined;
      if (!token) throw recordNotFound();
      return { token: { ...view(token, account), used_at: now().toISOString() } };
    });
  }

  app.delete<{ Params: { id: string } }>(`${TOKENS}/:id`, async (request, reply) => {
    requireAdmin(account, request);
    const id = Number(request.params.id.replace(/\.json$/, ""));
    if (!account.revokeToken(id)) throw recordNotFound();
    return reply.code(204).send();
  });
}

/** A client that authenticates with a Basic header instead of in the body. */
function basicClient(authorization: string | undefined): Record<string, string> {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return {};
  const [client_id = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { client_id, client_secret: rest.join(":") };
}

function tokenFields(
  account: Account,
  body: unknown,
): { readonly clientId: number; readonly scopes: readonly string[] } {
  const token = isJsonObject(body) ? body["token"] : undefined;
  if (!isJsonObject(token)) {
    throw failed(400, {
      error: "Parameter token is required",
      description: "The body must be an object with a token.",
    });
  }
  const client = account.clientById(Number(token["client_id"]));
  const { scopes } = token;
  if (!client) throw recordInvalid("client_id", "Client: is invalid");
  if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every(isText)) {
    throw recordInvalid("scopes", "Scopes: must be an array of strings");
  }
  return { clientId: client.id, scopes };
}

function isText(value: Json): value is string {
  return typeof value === "string";
}

function requireKnown(account: Account, request: FastifyRequest): Principal {
  const identified = account.identify(request.headers);
  if (identified.ok) return identified.principal;
  if (identified.reason !== "bad_bearer") {
    throw failed(401, { error: "Couldn't authenticate you" });
  }
  throw failed(401, {
    error: "invalid_token",
    error_description:
      "The access token provided is expired, revoked, malformed or invalid for other reasons.",
  });
}

function requireAdmin(account: Account, request: FastifyRequest): Principal {
  const principal = requireKnown(account, request);
  if (principal.admin) return principal;
  throw failed(403, {
    error: {
      title: "Forbidden",
      message: "You do not have access to this page. Please contact the account owner.",
    },
  });
}

function recordNotFound(): ServiceError {
  return failed(404, { error: "RecordNotFound", description: "Not found" });
}

function recordInvalid(field: string, description: string): ServiceError {
  return failed(422, {
    error: "RecordInvalid",
    description: "Record validation errors",
    details: { [field]: [{ description, error: "InvalidValue" }] },
  });
}

function failed(status: number, body: { readonly error: unknown; [key: string]: unknown }) {
  return new ServiceError(status, String(body.error), body);
}

/** A token as it is answered: only its first ten characters are shown. */
function view(token: OAuthToken, account: Account): Record<string, Json> {
  return {
    id: token.id,
    client_id: token.clientId,
    user_id: token.userId,
    scopes: [...token.scopes],
    token: token.accessToken.slice(0, 10),
    created_at: token.createdAt,
    expires_at: token.expiresAt ?? null,
    refresh_token_expires_at: token.refreshExpiresAt ?? null,
    url: `https://${account.subdomain}.zendesk.com${TOKENS}/${token.id}.json`,
  };
}
