/**
 * OAuth connections: started, completed by opening the redirect_url, renewed on use. Source: ZIS OAuth
 * connections API; that client_credentials needs the redirect_url fetched with the ZIS token was observed
 * by a third party.
 */
import type { Dispatcher } from "undici";
import type { JsonObject } from "../model/json.ts";
import type { Account } from "./account.ts";
import type { Connections, OAuthConnection } from "./connections.ts";
import { optionalText, requiredText } from "./fields.ts";
import {
  COMPANION_CLIENT,
  type GrantType,
  grantType,
  type OAuthClients,
  type ProviderClient,
  providerUrl,
} from "./oauth-clients.ts";
import { urlSecret } from "./secrets.ts";
import { invalid, notFound } from "./service-error.ts";
import { type ProviderToken, requestToken } from "./token-request.ts";

export interface OAuthConnections {
  /** Makes a pending connection. @returns the redirect_url that completes it when it is opened. */
  start(integration: string, fields: JsonObject, userId: number): string;
  /** Completes a pending connection from its access_codes address. */
  complete(integration: string, verificationCode: string): Promise<OAuthConnection>;
  /** Completes a pending connection with the provider's authorization code. */
  completeWithCode(state: string, code: string): Promise<OAuthConnection>;
  /** 404 when there is no OAuth connection of that name. */
  show(integration: string, name: string): OAuthConnection;
  /** The connection with a token that is not expired. Throws when it cannot be renewed. */
  renewed(connection: OAuthConnection): Promise<OAuthConnection>;
  /** Deletes every connection made from a client. */
  removeOfClient(integration: string, clientUuid: string): void;
}

export interface OAuthConnectionsOptions {
  readonly account: Account;
  readonly connections: Connections;
  readonly clients: OAuthClients;
  /** Origin that the account's browser and API requests go to. */
  readonly zendeskOrigin: () => string;
  readonly dispatcher: Dispatcher;
  readonly now: () => Date;
  readonly newId: () => string;
}

const BASE = "/api/services/zis/connections/oauth";
/** Life of a token for the account's own Zendesk: the default for OAuth clients made since April 2026. */
const OWN_TOKEN_SECONDS = 1800;

/** The OAuth connections of one account. */
export function createOAuthConnections(options: OAuthConnectionsOptions): OAuthConnections {
  const { account, connections, clients, zendeskOrigin, dispatcher, now, newId } = options;
  const renewals = new Map<string, Promise<OAuthConnection>>();
  const redirectUri = () => `${zendeskOrigin()}${BASE}/callback`;

  function clientNamed(integration: string, fields: JsonObject): ProviderClient | undefined {
    const uuid = optionalText(fields, "oauth_client_uuid");
    if (uuid !== undefined && uuid !== COMPANION_CLIENT) return clients.show(integration, uuid);
    const name = uuid ?? requiredText(fields, "oauth_client_name");
    if (name === COMPANION_CLIENT) return undefined;
    const client = clients.list(integration).find((candidate) => candidate.name === name);
    if (client) return client;
    throw notFound(`OAuth client ${name} not found`);
  }

  /** A connection that was never completed makes way for a new start under its name. */
  function requireStartable(integration: string, name: string): void {
    const known = connections.find(integration, name);
    if (known?.type === "oauth" && !isComplete(known)) connections.delete(known);
    connections.requireFreeName(integration, name, "oauth");
  }

  function redirectUrl(connection: OAuthConnection, client: ProviderClient | undefined): string {
    if (!client || connection.grant_type === "client_credentials") {
      const query = new URLSearchParams({ verification_code: connection.verification_code });
      const address = `${zendeskOrigin()}${BASE}/access_codes/${connection.integration}`;
      return `${address}?${query.toString()}`;
    }
    const url = new URL(providerUrl(client.auth_url, connection.oauth_url_subdomain));
    url.searchParams.set("response_type", "code");
    url.searchParams.set("client_id", client.client_id);
    url.searchParams.set("redirect_uri", redirectUri());
    url.searchParams.set("scope", connection.permission_scope);
    url.searchParams.set("state", connection.verification_code);
    return url.href;
  }

  function pending(verificationCode: string): OAuthConnection {
    const found = connections.oauthWithCode(verificationCode);
    if (found && !isComplete(found)) return found;
    throw invalid("the verification code is not that of a pending connection");
  }

  function withToken(connection: OAuthConnection, token: ProviderToken): OAuthConnection {
    const { expiresInSeconds } = token;
    const at = now();
    return connections.put({
      ...connection,
      access_token: token.accessToken,
      refresh_token: token.refreshToken === "" ? connection.refresh_token : token.refreshToken,
      token_type: token.tokenType,
      token_expiry: expiresInSeconds === undefined ? "" : secondsAfter(at, expiresInSeconds),
      oauth_access_token_response_body: token.responseBody,
      updated_at: at.toISOString(),
    });
  }

  /** A token for the account's own Zendesk needs no HTTP: ZIS and Zendesk are one. */
  function ownToken(connection: OAuthConnection): ProviderToken {
    const identifier = "zendesk_integration_services";
    const client =
      account.clientByIdentifier(identifier) ?? account.createOAuthClient({ identifier });
    const token = account.issueToken({
      clientId: client.id,
      userId: connection.created_by,
      scopes: connection.permission_scope.split(" "),
      expiresInSeconds: OWN_TOKEN_SECONDS,
    });
    return {
      accessToken: token.accessToken,
      refreshToken: "",
      tokenType: "bearer",
      expiresInSeconds: OWN_TOKEN_SECONDS,
      responseBody: "",
    };
  }

  async function mint(
    connection: OAuthConnection,
    grant: Readonly<Record<string, string>>,
  ): Promise<OAuthConnection> {
    const { integration, oauth_client_uuid } = connection;
    if (oauth_client_uuid === COMPANION_CLIENT) return withToken(connection, ownToken(connection));
    const client = clients.show(integration, oauth_client_uuid);
    const credential = { client_id: client.client_id, client_secret: client.client_secret };
    const form = { ...grant, ...credential };
    const url = providerUrl(client.token_url, connection.oauth_url_subdomain);
    const token = await requestToken(url, form, dispatcher);
    // A connection deleted while its token was under way must not come back.
    const current = connections.find(integration, connection.name);
    if (!current) throw invalid("the connection was deleted");
    return withToken(connection, token);
  }

  return {
    start(integration, fields, userId) {
      const name = requiredText(fields, "name");
      const client = clientNamed(integration, fields);
      const wanted: GrantType = grantType(
        optionalText(fields, "grant_type") ?? client?.grant_type ?? "client_credentials",
      );
      if (wanted === "authorization_code" && client?.auth_url === "") {
        throw invalid(`the OAuth client ${client.name} has no auth_url`);
      }
      requireStartable(integration, name);
      const at = now().toISOString();
      const connection = connections.put<OAuthConnection>({
        type: "oauth",
        uuid: newId(),
        integration,
        name,
        zendesk_account_id: account.accountId,
        created_by: userId,
        oauth_client_uuid: client?.uuid ?? COMPANION_CLIENT,
        oauth_url_subdomain: optionalText(fields, "oauth_url_subdomain") ?? "",
        permission_scope:
          optionalText(fields, "permission_scopes") ?? client?.default_scopes ?? "read write",
        grant_type: wanted,
        access_token: "",
        refresh_token: "",
        token_type: "",
        token_expiry: "",
        oauth_access_token_response_body: "",
        verification_code: urlSecret(newId),
        origin_oauth_redirect_url: optionalText(fields, "origin_oauth_redirect_url") ?? "",
        created_at: at,
        updated_at: at,
      });
      return redirectUrl(connection, client);
    },
    async complete(integration, verificationCode) {
      const connection = pending(verificationCode);
      if (connection.integration !== integration) throw notFound("connection not found");
      return mint(connection, credentialsGrant(connection));
    },
    async completeWithCode(state, code) {
      const connection = pending(state);
      const redirect_uri = redirectUri();
      return mint(connection, { grant_type: "authorization_code", code, redirect_uri });
    },
    show(integration, name) {
      const connection = connections.find(integration, name);
      if (connection?.type === "oauth") return connection;
      throw notFound(`OAuth connection ${name} not found`);
    },
    renewed(connection) {
      const { token_expiry, uuid } = connection;
      if (token_expiry === "" || Date.parse(token_expiry) > now().getTime()) {
        return Promise.resolve(connection);
      }
      const running =
        renewals.get(uuid) ??
        mint(connection, renewalGrant(connection)).finally(() => renewals.delete(uuid));
      renewals.set(uuid, running);
      return running;
    },
    removeOfClient(integration, clientUuid) {
      for (const connection of connections.all(integration)) {
        if (connection.type === "oauth" && connection.oauth_client_uuid === clientUuid) {
          connections.delete(connection);
        }
      }
    },
  };
}

/** True once a token was obtained; until then the connection does not exist for flows. */
export function isComplete(connection: OAuthConnection): boolean {
  return connection.access_token !== "";
}

/** An OAuth connection as it is answered, with its live token. */
export function oauthView(connection: OAuthConnection): JsonObject {
  const {
    type: _type,
    verification_code: _code,
    origin_oauth_redirect_url: _url,
    ...view
  } = connection;
  return view;
}

/** What the list of all connections shows of an OAuth connection: never a secret. */
export function oauthMetadata(connection: OAuthConnection): JsonObject {
  const {
    access_token: _access,
    refresh_token: _refresh,
    oauth_access_token_response_body: _body,
    ...metadata
  } = oauthView(connection);
  return metadata;
}

function credentialsGrant(connection: OAuthConnection): Readonly<Record<string, string>> {
  const { permission_scope: scope } = connection;
  return { grant_type: "client_credentials", ...(scope !== "" && { scope }) };
}

function renewalGrant(connection: OAuthConnection): Readonly<Record<string, string>> {
  if (connection.grant_type === "client_credentials") return credentialsGrant(connection);
  return { grant_type: "refresh_token", refresh_token: connection.refresh_token };
}

/** `YYYY-MM-DDThh:mm:ssZ`, as token_expiry is documented. */
function secondsAfter(from: Date, seconds: number): string {
  return `${new Date(from.getTime() + seconds * 1000).toISOString().slice(0, 19)}Z`;
}
