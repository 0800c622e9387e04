/** The OAuth clients of providers, from which OAuth connections are made. Source: ZIS OAuth clients API. */
import type { JsonObject } from "../model/json.ts";
import type { OAuthConnection } from "./connections.ts";
import { optionalText, requiredText } from "./fields.ts";
import { sortedBy } from "./paging.ts";
import { MASK } from "./secrets.ts";
import { conflict, invalid, notFound } from "./service-error.ts";
import type { Store } from "./store.ts";

export type GrantType = OAuthConnection["grant_type"];

export interface ProviderClient {
  readonly uuid: string;
  readonly integration: string;
  readonly name: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly auth_url: string;
  readonly token_url: string;
  /** Separated by blanks. */
  readonly default_scopes: string;
  readonly grant_type: GrantType;
  readonly created_by: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/**
 * The client that every integration has without making it: for connections to the account's own Zendesk.
 * Source: Zendesk's demo app. It is not listed (inferred).
 */
export const COMPANION_CLIENT = "zendesk";

export interface OAuthClients {
  /** Sorted by name. */
  list(integration: string): readonly ProviderClient[];
  /** 409 when the name is used. */
  create(integration: string, fields: JsonObject, createdBy: number): ProviderClient;
  /** 404 when there is none. */
  show(integration: string, uuid: string): ProviderClient;
  /** Changes the given fields. 404 when there is none. */
  update(integration: string, uuid: string, fields: JsonObject): ProviderClient;
  /** 404 when there is none. */
  remove(integration: string, uuid: string): void;
}

export interface OAuthClientsOptions {
  readonly store: Store;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** The OAuth clients of one account's integrations. */
export function createOAuthClients({ store, now, newId }: OAuthClientsOptions): OAuthClients {
  const clients = store.collection<ProviderClient>("provider_clients");

  function list(integration: string): readonly ProviderClient[] {
    const own = [...clients.values()].filter((client) => client.integration === integration);
    return sortedBy(own, (client) => client.name);
  }

  function show(integration: string, uuid: string): ProviderClient {
    const client = clients.get(uuid);
    if (client?.integration === integration) return client;
    throw notFound(`OAuth client ${uuid} not found`);
  }

  function requireFreeName(integration: string, name: string, uuid: string): void {
    const used = list(integration).some((client) => client.name === name && client.uuid !== uuid);
    if (used || name === COMPANION_CLIENT) {
      throw conflict(`an OAuth client named ${name} already exists`);
    }
  }

  function save(client: ProviderClient): ProviderClient {
    requireFreeName(client.integration, client.name, client.uuid);
    clients.set(client.uuid, client);
    return client;
  }

  return {
    list,
    show,
    create(integration, fields, createdBy) {
      const at = now().toISOString();
      return save({
        uuid: newId(),
        integration,
        ...clientFields(fields),
        created_by: createdBy,
        created_at: at,
        updated_at: at,
      });
    },
    update(integration, uuid, fields) {
      const before = show(integration, uuid);
      return save({
        ...before,
        ...clientFields({ ...before, ...fields }),
        updated_at: now().toISOString(),
      });
    },
    remove(integration, uuid) {
      clients.delete(show(integration, uuid).uuid);
    },
  };
}

function clientFields(fields: Readonly<Record<string, unknown>>) {
  const grant_type = grantType(optionalText(fields, "grant_type") ?? "authorization_code");
  const auth_url = optionalText(fields, "auth_url") ?? "";
  if (grant_type === "authorization_code" || auth_url !== "") requireUrl(auth_url, "auth_url");
  const token_url = requiredText(fields, "token_url");
  requireUrl(token_url, "token_url");
  return {
    name: requiredText(fields, "name"),
    client_id: requiredText(fields, "client_id"),
    client_secret: requiredText(fields, "client_secret"),
    auth_url,
    token_url,
    default_scopes: optionalText(fields, "default_scopes") ?? "",
    grant_type,
  };
}

/** A provider's URL as it is for a customer's subdomain. How the place for it is written is inferred. */
export function providerUrl(url: string, subdomain: string): string {
  return url.replaceAll("{subdomain}", subdomain);
}

function requireUrl(url: string, field: string): void {
  const filled = providerUrl(url, "customer");
  if (!URL.canParse(filled) || !/^https?:/.test(filled)) {
    throw invalid(`${field} is required and must be an http or https URL`);
  }
}

/** One of the two grants that ZIS knows. */
export function grantType(text: string): GrantType {
  if (text === "authorization_code" || text === "client_credentials") return text;
  throw invalid("grant_type must be authorization_code or client_credentials");
}

/** A client as it is answered. That the secret is masked is inferred. */
export function clientView(client: ProviderClient): ProviderClient {
  return { ...client, client_secret: MASK };
}
