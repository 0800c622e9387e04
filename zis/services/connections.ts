/**
 * The credentials of integrations: what is kept, what is shown, and where they may be sent. Source: ZIS
 * connections API; show, update and delete of the static types are inferred from the family's style.
 */
import type { JsonObject } from "../model/json.ts";
import { CONNECTION_NAME } from "../model/names.ts";
import { optionalText, requiredText } from "./fields.ts";
import { sortedBy } from "./paging.ts";
import { MASK } from "./secrets.ts";
import { conflict, invalid, notFound } from "./service-error.ts";
import type { ServiceSwitches } from "./service-switches.ts";
import type { Store } from "./store.ts";

interface Common {
  readonly integration: string;
  readonly name: string;
  readonly created_at: string;
  readonly updated_at: string;
}

interface ApiKeyConnection extends Common {
  readonly type: "api_key";
  readonly header_name: string;
  readonly api_key: string;
  readonly allowed_domain: string;
}

interface BasicAuthConnection extends Common {
  readonly type: "basic_auth";
  readonly username: string;
  readonly password: string;
  readonly allowed_domain: string;
}

interface BearerTokenConnection extends Common {
  readonly type: "bearer_token";
  readonly token: string;
  readonly allowed_domain: string;
}

export interface OAuthConnection extends Common {
  readonly type: "oauth";
  readonly uuid: string;
  readonly zendesk_account_id: number;
  readonly created_by: number;
  readonly oauth_client_uuid: string;
  readonly oauth_url_subdomain: string;
  readonly permission_scope: string;
  readonly grant_type: "authorization_code" | "client_credentials";
  /** Empty until the redirect_url was opened. */
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: string;
  /** Empty when the token does not expire. */
  readonly token_expiry: string;
  readonly oauth_access_token_response_body: string;
  /** Proves that whoever completes the connection was given its redirect_url. */
  readonly verification_code: string;
  readonly origin_oauth_redirect_url: string;
}

export type StaticConnection = ApiKeyConnection | BasicAuthConnection | BearerTokenConnection;
export type Connection = StaticConnection | OAuthConnection;
export type StaticType = StaticConnection["type"];

export const STATIC_TYPES = [
  "api_key",
  "basic_auth",
  "bearer_token",
] as const satisfies StaticType[];

/** Header of an API key whose connection names none. Inferred: the page does not say. */
const DEFAULT_API_KEY_HEADER = "x-api-key";

export interface Connections {
  /** By exact name, of any type. */
  find(integration: string, name: string): Connection | undefined;
  /** All of an integration, sorted by name. */
  all(integration: string): readonly Connection[];
  /** The OAuth connection that a verification code was made for. */
  oauthWithCode(verificationCode: string): OAuthConnection | undefined;
  /** Throws when the name is malformed, reserved or used. */
  requireFreeName(integration: string, name: string, type: Connection["type"]): void;
  put<C extends Connection>(connection: C): C;
  delete(connection: Connection): void;
  create(integration: string, type: StaticType, fields: JsonObject): StaticConnection;
  /** 404 when there is none of that type and name. */
  show(integration: string, type: StaticType, name: string): StaticConnection;
  /** Changes the given fields; name and type stay. 404 as in show. */
  update(integration: string, type: StaticType, name: string, fields: JsonObject): StaticConnection;
}

export interface ConnectionsOptions {
  readonly store: Store;
  readonly now: () => Date;
  readonly switches: ServiceSwitches;
}

/** The connections of one account. */
export function createConnections({ store, now, switches }: ConnectionsOptions): Connections {
  const connections = store.collection<Connection>("connections");

  function put<C extends Connection>(connection: C): C {
    connections.set(keyOf(connection.integration, connection.name), connection);
    return connection;
  }

  function requireFreeName(integration: string, name: string, type: Connection["type"]): void {
    if (!CONNECTION_NAME.test(name)) {
      throw invalid("name must have 3 to 64 letters, digits, underscores or dashes");
    }
    if (name === "zendesk" && type !== "oauth" && switches.zendeskConnectionName === "oauth") {
      throw invalid("the name zendesk is reserved for OAuth connections");
    }
    if (connections.get(keyOf(integration, name))) {
      throw conflict(`a connection named ${name} already exists`);
    }
  }

  function show(integration: string, type: StaticType, name: string): StaticConnection {
    const connection = connections.get(keyOf(integration, name));
    if (connection && connection.type !== "oauth" && connection.type === type) return connection;
    throw notFound(`connection ${name} not found`);
  }

  return {
    find: (integration, name) => connections.get(keyOf(integration, name)),
    all: (integration) =>
      sortedBy(
        [...connections.values()].filter((connection) => connection.integration === integration),
        (connection) => connection.name,
      ),
    oauthWithCode: (verificationCode) =>
      [...connections.values()]
        .filter((connection) => connection.type === "oauth")
        .find((connection) => connection.verification_code === verificationCode),
    requireFreeName,
    put,
    delete(connection) {
      connections.delete(keyOf(connection.integration, connection.name));
    },
    create(integration, type, fields) {
      const at = now().toISOString();
      const name = requiredText(fields, "name");
      const common = { integration, name, created_at: at, updated_at: at };
      const connection = staticConnection(type, common, fields);
      requireFreeName(integration, name, type);
      return put(connection);
    },
    show,
    update(integration, type, name, fields) {
      const before = show(integration, type, name);
      const { created_at } = before;
      const common = { integration, name, created_at, updated_at: now().toISOString() };
      return put(staticConnection(type, common, { ...before, ...fields }));
    },
  };
}

function staticConnection(type: StaticType, common: Common, fields: object): StaticConnection {
  const given = fields as Readonly<Record<string, unknown>>;
  const allowed_domain = allowedDomain(requiredText(given, "allowed_domain"));
  switch (type) {
    case "api_key":
      return {
        type,
        ...common,
        header_name: optionalText(given, "header_name") ?? DEFAULT_API_KEY_HEADER,
        api_key: requiredText(given, "api_key"),
        allowed_domain,
      };
    case "basic_auth":
      return {
        type,
        ...common,
        username: requiredText(given, "username"),
        password: requiredText(given, "password"),
        allowed_domain,
      };
    case "bearer_token":
      break;
  }
  return { type, ...common, token: requiredText(given, "token"), allowed_domain };
}

function allowedDomain(domain: string): string {
  if (/^(\*\.)?[a-z0-9.-]+(:\d+)?$/i.test(domain)) return domain;
  throw invalid("allowed_domain must be a host name without scheme or path");
}

/**
 * True when a credential may go to the URL: the host must be the allowed domain. That `*.` stands for any
 * subdomain, and that a port counts only where the domain names one, is inferred. An empty domain, which
 * only a local connection has, allows all.
 */
export function mayReceive(connection: Connection, url: URL): boolean {
  if (connection.type === "oauth" || connection.allowed_domain === "") return true;
  const domain = connection.allowed_domain.toLowerCase();
  const host = /:\d+$/.test(domain) ? url.host : url.hostname;
  return domain.startsWith("*.") ? host.endsWith(domain.slice(1)) : host === domain;
}

/** The header that a connection adds to a request. Source: the support article on connections. */
export function credentialHeader(connection: Connection): readonly [name: string, value: string] {
  switch (connection.type) {
    case "oauth":
      return ["authorization", `Bearer ${connection.access_token}`];
    case "bearer_token":
      return ["authorization", `Bearer ${connection.token}`];
    case "basic_auth": {
      const pair = `${connection.username}:${connection.password}`;
      return ["authorization", `Basic ${Buffer.from(pair).toString("base64")}`];
    }
    case "api_key":
      break;
  }
  return [connection.header_name, connection.api_key];
}

/** What must not be shown: the secrets, and the form that a header gives them. */
export function secretsOf(connection: Connection): readonly string[] {
  const secrets = [credentialHeader(connection)[1].replace(/^(Basic|Bearer) /, "")];
  if (connection.type === "oauth") secrets.push(connection.refresh_token);
  if (connection.type === "basic_auth") secrets.push(connection.password);
  return secrets.filter((secret) => secret !== "");
}

/** A static connection as it is answered, with its secret masked. */
export function staticView(connection: StaticConnection): JsonObject {
  const { type, integration: _integration, ...fields } = connection;
  const secret = { api_key: "api_key", basic_auth: "password", bearer_token: "token" }[type];
  return { ...fields, [secret]: MASK };
}

function keyOf(integration: string, name: string): string {
  return `${integration}/${name}`;
}
