/** The connections of the integration: which the bundle's actions name, and which are there. */
import type { Bundle } from "#zis/model/bundle";
import { isJsonObject } from "#zis/model/json";
import { allPages, type OfIntegration, text } from "./zis-api.ts";

export interface ConnectionState {
  readonly name: string;
  readonly type: "bearer_token" | "basic_auth" | "api_key" | "oauth";
  readonly allowedDomain: string | null;
}

const TYPES = ["bearer_token", "basic_auth", "api_key", "oauth"] as const;

export function connectionsPath(integration: string): string {
  return `/api/services/zis/integrations/${integration}/connections`;
}

/** All connections, without their secrets, which Zendesk masks. */
export async function listConnections(of: OfIntegration): Promise<readonly ConnectionState[]> {
  const pages = await allPages(
    of.callZendesk,
    { method: "GET", path: `${connectionsPath(of.integration)}/all`, as: "integration" },
    "list the connections",
  );
  return pages.flatMap((page) =>
    TYPES.flatMap((type) => {
      const list = isJsonObject(page) ? page[type] : undefined;
      if (!Array.isArray(list)) return [];
      return list.filter(isJsonObject).map((one) => ({
        name: text(one, "name"),
        type,
        allowedDomain: text(one, "allowed_domain") || null,
      }));
    }),
  );
}

/** The connections that a bundle's actions name. Zendesk looks for all of a flow's before it starts it. */
export function connectionNames(bundle: Bundle): readonly string[] {
  const names = Object.values(bundle.resources).flatMap((resource) => {
    if (resource.type !== "ZIS::Action::Http") return [];
    const { connectionName } = resource.properties.definition;
    return connectionName === undefined ? [] : [connectionName];
  });
  return [...new Set(names)];
}
