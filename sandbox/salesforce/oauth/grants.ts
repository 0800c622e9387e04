/** Who gets a session: the grants of the token endpoint, decided for one request. */
import { fieldOf, type ObjectSchema } from "../schema.ts";
import type { Session, Sessions } from "../sessions.ts";
import { idOf, type RecordStore } from "../store.ts";
import { checkAssertion, issuerOf } from "./jwt-bearer.ts";

/** An app that may ask for tokens (a connected app or an external client app). */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The user whose rights client-credentials sessions have; absent: that flow is off. */
  readonly runAsUserId?: string;
  /** PEM of the certificate or public key for the JWT bearer flow; absent: that flow is off. */
  readonly certificate?: string;
  /** A refresh token that the web-server flow gave before this world began. */
  readonly refreshToken?: { readonly token: string; readonly userId: string };
}

type GrantOutcome =
  | {
      readonly ok: true;
      readonly client: OAuthClient;
      readonly session: Session;
      /** Present when a rotated refresh token replaces the one that was used. */
      readonly refreshToken?: string;
    }
  | { readonly ok: false; readonly error: string; readonly description: string };

export interface GrantContext {
  readonly clients: readonly OAuthClient[];
  readonly sessions: Sessions;
  readonly store: RecordStore;
  readonly users: ObjectSchema;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly rotateRefreshTokens: boolean;
}

export interface Grants {
  /**
   * Decides one token request.
   * @param form the request's form fields, client data from a Basic header already among them
   * @param origin the address under which the caller reached this host
   */
  grant(form: ReadonlyMap<string, string>, origin: string): GrantOutcome;
}

const LOGIN_AUDIENCES = ["https://login.salesforce.com", "https://test.salesforce.com"];

const no = (error: string, description: string): GrantOutcome => ({
  ok: false,
  error,
  description,
});

/** The app of a request whose secret fits, or why there is none. */
export function authenticateClient(
  clients: readonly OAuthClient[],
  form: ReadonlyMap<string, string>,
): OAuthClient | { readonly error: string; readonly description: string } {
  const client = clients.find((one) => one.clientId === form.get("client_id"));
  if (!client) return { error: "invalid_client_id", description: "client identifier invalid" };
  if (client.clientSecret === form.get("client_secret")) return client;
  return { error: "invalid_client", description: "invalid client credentials" };
}

/** The token endpoint's decisions; keeps which refresh tokens are alive. */
export function createGrants(context: GrantContext): Grants {
  const { clients, sessions, store, now, newId } = context;
  const refreshTokens = new Map(
    clients.flatMap(({ clientId, refreshToken }) =>
      refreshToken
        ? [[refreshToken.token, { clientId, userId: refreshToken.userId }] as const]
        : [],
    ),
  );

  function open(client: OAuthClient, userId: string): GrantOutcome {
    if (store.get(userId)?.["IsActive"] !== true) return no("invalid_grant", "inactive user");
    return { ok: true, client, session: sessions.issue({ clientId: client.clientId, userId }) };
  }

  function clientCredentials(form: ReadonlyMap<string, string>): GrantOutcome {
    const client = authenticateClient(clients, form);
    if ("error" in client) return no(client.error, client.description);
    if (client.runAsUserId) return open(client, client.runAsUserId);
    return no("invalid_grant", "no client credentials user enabled");
  }

  function jwtBearer(form: ReadonlyMap<string, string>, origin: string): GrantOutcome {
    const assertion = form.get("assertion") ?? "";
    const client = clients.find((one) => one.clientId === issuerOf(assertion));
    if (!client?.certificate) return no("invalid_client_id", "client identifier invalid");
    const outcome = checkAssertion({
      assertion,
      certificate: client.certificate,
      clientId: client.clientId,
      audiences: [...LOGIN_AUDIENCES, origin],
      now: now(),
    });
    if (!outcome.ok) return no("invalid_grant", outcome.description);
    const username = fieldOf(context.users, "Username");
    const [user] = username ? store.find(context.users, username, outcome.username) : [];
    return user
      ? open(client, idOf(user))
      : no("invalid_grant", "user hasn't approved this consumer");
  }

  function refresh(form: ReadonlyMap<string, string>): GrantOutcome {
    const client = authenticateClient(clients, form);
    if ("error" in client) return no(client.error, client.description);
    const token = form.get("refresh_token") ?? "";
    const held = refreshTokens.get(token);
    if (held?.clientId !== client.clientId) {
      return no("invalid_grant", "expired access/refresh token");
    }
    const outcome = open(client, held.userId);
    if (!outcome.ok || !context.rotateRefreshTokens) return outcome;
    const next = `5Aep861${newId()}`;
    refreshTokens.delete(token);
    refreshTokens.set(next, held);
    return { ...outcome, refreshToken: next };
  }

  return {
    grant(form, origin) {
      switch (form.get("grant_type") ?? "") {
        case "client_credentials":
          return clientCredentials(form);
        case "urn:ietf:params:oauth:grant-type:jwt-bearer":
          return jwtBearer(form, origin);
        case "refresh_token":
          return refresh(form);
        // Username-password is off by default in new orgs; this is what such an org says (observed).
        case "password":
          return no("invalid_grant", "authentication failure");
        default:
          return no("unsupported_grant_type", "grant type not supported");
      }
    },
  };
}
