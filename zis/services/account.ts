/** Who a request comes from: the users, API tokens, browser sessions and OAuth clients of one account. */
import type { IncomingHttpHeaders } from "node:http";
import { hexSecret } from "./secrets.ts";
import { openStore, type Store } from "./store.ts";

export type Principal =
  | {
      readonly kind: "basic";
      readonly via: "api_token" | "password";
      readonly userId: number;
      readonly email: string;
      readonly admin: boolean;
    }
  | {
      readonly kind: "oauth";
      readonly tokenId: number;
      readonly clientId: number;
      readonly clientIdentifier: string;
      /** The ZIS integration that the client belongs to, if it is one of ZIS. */
      readonly integration: string | undefined;
      readonly scopes: readonly string[];
      readonly userId: number;
      readonly admin: boolean;
    }
  | { readonly kind: "session"; readonly userId: number; readonly admin: boolean };

export type Identified =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly reason: "missing" | "bad_basic" | "bad_bearer" };

interface AccountUser {
  readonly id: number;
  readonly email: string;
  readonly admin: boolean;
  /** Absent: no sign-in with a password. */
  readonly password?: string;
}

export interface OAuthClient {
  readonly id: number;
  /** The text by which OAuth requests name the client. */
  readonly identifier: string;
  readonly secret: string;
  /** Set for the client that ZIS makes for an integration. */
  readonly integration?: string;
  /** The user whom client_credentials tokens act as. Absent: that grant is refused. */
  readonly userId?: number;
  /** Scopes that may be asked for. Absent: any. */
  readonly allowedScopes?: readonly string[];
}

export interface OAuthToken {
  readonly id: number;
  readonly accessToken: string;
  readonly clientId: number;
  readonly userId: number;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  /** Absent: it never expires. */
  readonly expiresAt?: string;
  readonly refreshToken?: string;
  readonly refreshExpiresAt?: string;
}

interface TokenRequest {
  readonly clientId: number;
  readonly userId: number;
  readonly scopes: readonly string[];
  /** Absent: it never expires. */
  readonly expiresInSeconds?: number;
  /** Absent: no refresh token. */
  readonly refreshExpiresInSeconds?: number;
}

export interface Account {
  readonly subdomain: string;
  readonly accountId: number;
  /** Whose credential the headers carry. An Authorization header wins over a session cookie. */
  identify(headers: IncomingHttpHeaders): Identified;
  userById(id: number): AccountUser | undefined;
  createOAuthClient(client: Omit<OAuthClient, "id" | "secret">): OAuthClient;
  clientById(id: number): OAuthClient | undefined;
  clientByIdentifier(identifier: string): OAuthClient | undefined;
  clients(): readonly OAuthClient[];
  issueToken(request: TokenRequest): OAuthToken;
  tokenById(id: number): OAuthToken | undefined;
  tokenByRefreshToken(refreshToken: string): OAuthToken | undefined;
  tokens(): readonly OAuthToken[];
  /** False when there is no such token. */
  revokeToken(id: number): boolean;
  /** A new API token; every API token of an account works with the email of each of its users. */
  createApiToken(email: string): string;
  /** Signs a user in; the result is the value of a Cookie header. */
  createSession(userId: number): string;
}

export interface AccountOptions {
  readonly subdomain: string;
  readonly accountId: number;
  readonly users: readonly AccountUser[];
  readonly now: () => Date;
  /** Unguessable and never the same twice: secrets are made from it. */
  readonly newId: () => string;
  /** Keeps clients, tokens and sessions; absent: in memory. */
  readonly store?: Store;
}

const SESSION_COOKIE = "_zendesk_session";
const NOT_BASIC: Identified = { ok: false, reason: "bad_basic" };
const NOT_BEARER: Identified = { ok: false, reason: "bad_bearer" };

/** An account with its users. */
export function createAccount(options: AccountOptions): Account {
  const { users, now, newId } = options;
  const store = options.store ?? openStore();
  const clients = store.collection<OAuthClient>("oauth_clients");
  const tokens = store.collection<OAuthToken>("oauth_tokens");
  const apiTokens = store.collection<{ readonly createdBy: string }>("api_tokens");
  const sessions = store.collection<{ readonly userId: number }>("sessions");
  const tokenIds = new Map(Array.from(tokens.values(), (t) => [t.accessToken, String(t.id)]));

  const userById = (id: number) => users.find((user) => user.id === id);
  const userByEmail = (email: string) =>
    users.find((user) => user.email.toLowerCase() === email.toLowerCase());

  function fromBasic(encoded: string): Identified {
    const decoded = Buffer.from(encoded, "base64").toString("utf8");
    const colon = decoded.indexOf(":");
    const login = decoded.slice(0, Math.max(colon, 0));
    const secret = decoded.slice(colon + 1);
    const byToken = login.endsWith("/token");
    const user = userByEmail(byToken ? login.slice(0, -"/token".length) : login);
    const known = byToken ? apiTokens.get(secret) !== undefined : secret === user?.password;
    if (colon < 0 || !user || !known) return NOT_BASIC;
    const via = byToken ? "api_token" : "password";
    return {
      ok: true,
      principal: { kind: "basic", via, userId: user.id, email: user.email, admin: user.admin },
    };
  }

  function fromBearer(accessToken: string): Identified {
    const token = tokens.get(tokenIds.get(accessToken) ?? "");
    if (!token || isPast(token.expiresAt, now())) return NOT_BEARER;
    const client = clients.get(String(token.clientId));
    const user = userById(token.userId);
    if (!client || !user) return NOT_BEARER;
    return {
      ok: true,
      principal: {
        kind: "oauth",
        tokenId: token.id,
        clientId: client.id,
        clientIdentifier: client.identifier,
        integration: client.integration,
        scopes: token.scopes,
        userId: user.id,
        admin: user.admin,
      },
    };
  }

  function fromCookie(cookie: string): Identified {
    const id = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([^;]+)`).exec(cookie)?.[1] ?? "";
    const user = userById(sessions.get(id)?.userId ?? Number.NaN);
    if (!user) return { ok: false, reason: "missing" };
    return { ok: true, principal: { kind: "session", userId: user.id, admin: user.admin } };
  }

  return {
    subdomain: options.subdomain,
    accountId: options.accountId,
    identify(headers) {
      const [scheme = "", credential = ""] = (headers.authorization ?? "").trim().split(/\s+/, 2);
      switch (scheme.toLowerCase()) {
        case "basic":
          return fromBasic(credential);
        case "":
          return fromCookie(headers.cookie ?? "");
        default:
          return fromBearer(credential);
      }
    },
    userById,
    createOAuthClient(client) {
      const created = { ...client, id: store.nextNumber("oauth_client"), secret: hexSecret(newId) };
      clients.set(String(created.id), created);
      return created;
    },
    clientById: (id) => clients.get(String(id)),
    clientByIdentifier: (identifier) =>
      [...clients.values()].find((client) => client.identifier === identifier),
    clients: () => [...clients.values()],
    issueToken(request) {
      const at = now();
      const refresh = request.refreshExpiresInSeconds;
      const token: OAuthToken = {
        id: store.nextNumber("oauth_token"),
        accessToken: hexSecret(newId),
        clientId: request.clientId,
        userId: request.userId,
        scopes: request.scopes,
        createdAt: at.toISOString(),
        ...(request.expiresInSeconds !== undefined && {
          expiresAt: later(at, request.expiresInSeconds),
        }),
        ...(refresh !== undefined && {
          refreshToken: hexSecret(newId),
          refreshExpiresAt: later(at, refresh),
        }),
      };
      tokens.set(String(token.id), token);
      tokenIds.set(token.accessToken, String(token.id));
      return token;
    },
    tokenById: (id) => tokens.get(String(id)),
    tokenByRefreshToken: (refreshToken) =>
      [...tokens.values()].find(
        (token) => token.refreshToken === refreshToken && !isPast(token.refreshExpiresAt, now()),
      ),
    tokens: () => [...tokens.values()],
    revokeToken(id) {
      const token = tokens.get(String(id));
      if (token) tokenIds.delete(token.accessToken);
      return tokens.delete(String(id));
    },
    createApiToken(email) {
      if (!userByEmail(email)) throw new Error(`the account has no user ${email}`);
      const token = hexSecret(newId).slice(0, 40);
      apiTokens.set(token, { createdBy: email });
      return token;
    },
    createSession(userId) {
      if (!userById(userId)) throw new Error(`the account has no user ${userId}`);
      const id = hexSecret(newId);
      sessions.set(id, { userId });
      return `${SESSION_COOKIE}=${id}`;
    },
  };
}

function later(from: Date, seconds: number): string {
  return new Date(from.getTime() + seconds * 1000).toISOString();
}

function isPast(time: string | undefined, now: Date): boolean {
  return time !== undefined && Date.parse(time) <= now.getTime();
}
