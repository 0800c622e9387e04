/** The OAuth endpoints over HTTP: token, revoke, introspect, and the identity of a session's user. */
import { createHmac } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { toUnixSeconds } from "../../clock.ts";
import type { Session, Sessions } from "../sessions.ts";
import type { RecordStore } from "../store.ts";
import { authenticateClient, type Grants, type OAuthClient } from "./grants.ts";

export interface OAuthDeps {
  readonly clients: readonly OAuthClient[];
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly store: RecordStore;
  readonly organizationId: string;
}

/** The address under which the caller reached this host: what `instance_url` says. */
function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

/** Form fields, with client id and secret from a Basic header when the form has none. */
function formOf(request: FastifyRequest): Map<string, string> {
  const form = new Map(new URLSearchParams(typeof request.body === "string" ? request.body : ""));
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (basic && !form.has("client_id")) {
    const pair = Buffer.from(basic, "base64").toString("utf8");
    const colon = pair.indexOf(":");
    form.set("client_id", pair.slice(0, colon)).set("client_secret", pair.slice(colon + 1));
  }
  return form;
}

function bearerOf(request: FastifyRequest): string {
  return /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
}

/** Form bodies are read as text in this scope only. */
function readForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => {
      done(null, body);
    },
  );
}

/** Registers the endpoints; none needs a session, none counts against the org's requests. */
export async function registerOAuth(app: FastifyInstance, deps: OAuthDeps): Promise<void> {
  const { sessions } = deps;
  const scope = "api";
  readForms(app);

  app.post("/services/oauth2/token", async (request, reply) => {
    const origin = originOf(request);
    const outcome = deps.grants.grant(formOf(request), origin);
    if (!outcome.ok) {
      return reply.code(400).send({ error: outcome.error, error_description: outcome.description });
    }
    const { session, client } = outcome;
    const id = `${origin}/id/${deps.organizationId}/${session.userId}`;
    const issuedAt = String(session.issuedAt.getTime());
    return reply.header("cache-control", "no-cache, no-store").send({
      access_token: session.token,
      ...(outcome.refreshToken ? { refresh_token: outcome.refreshToken } : {}),
      signature: createHmac("sha256", client.clientSecret)
        .update(id + issuedAt)
        .digest("base64"),
      scope,
      instance_url: origin,
      id,
      token_type: "Bearer",
      issued_at: issuedAt,
      api_instance_url: origin,
    });
  });

  app.post("/services/oauth2/revoke", async (request, reply) => {
    const token = formOf(request).get("token") ?? "";
    if (!sessions.peek(token)) {
      return reply.code(400).send({
        error: "unsupported_token_type",
        error_description: "this token type is not supported",
      });
    }
    sessions.revoke(token);
    return reply.send("");
  });

  app.post("/services/oauth2/introspect", async (request, reply) => {
    const form = formOf(request);
    const client = authenticateClient(deps.clients, form);
    if ("error" in client) {
      return reply.code(401).send({ error: client.error, error_description: client.description });
    }
    const session = sessions.peek(form.get("token") ?? "");
    return session ? introspection(session) : { active: false };
  });

  function introspection(session: Session) {
    return {
      active: true,
      scope,
      client_id: session.clientId,
      username: deps.store.get(session.userId)?.["Username"] ?? null,
      sub: session.userId,
      token_type: "access_token",
      exp: toUnixSeconds(session.expiresAt),
      iat: toUnixSeconds(session.issuedAt),
      nbf: toUnixSeconds(session.issuedAt),
    };
  }

  function identity(request: FastifyRequest, reply: FastifyReply, token: string) {
    const session = sessions.use(token);
    const user = session && deps.store.get(session.userId);
    if (!session || !user) return reply.code(403).type("text/html").send("Bad_OAuth_Token");
    const origin = originOf(request);
    return reply.send({
      id: `${origin}/id/${deps.organizationId}/${session.userId}`,
      sub: `${origin}/id/${deps.organizationId}/${session.userId}`,
      asserted_user: true,
      user_id: session.userId,
      organization_id: deps.organizationId,
      username: user["Username"],
      preferred_username: user["Username"],
      display_name: user["Name"],
      name: user["Name"],
      email: user["Email"],
      active: user["IsActive"],
      user_type: "STANDARD",
      urls: {
        rest: `${origin}/services/data/v{version}/`,
        query: `${origin}/services/data/v{version}/query/`,
      },
    });
  }

  app.get<{ Querystring: { oauth_token?: string } }>("/id/:organization/:user", (request, reply) =>
    identity(request, reply, request.query.oauth_token ?? bearerOf(request)),
  );
  app.get("/services/oauth2/userinfo", (request, reply) =>
    identity(request, reply, bearerOf(request)),
  );
}
