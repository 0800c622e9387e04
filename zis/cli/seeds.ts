/** What the integrations of a served ZIS have from the start, besides their bundles. */
import type { Zis } from "../services/create-zis.ts";
import { hasMadeUpToken, type LocalConnections, readConnections } from "./connections-file.ts";
import { OWN_ZENDESK } from "./install-bundle.ts";
import {
  type ConfigSeeds,
  fillConfigs,
  fillLinks,
  type LinkSeeds,
  readConfigs,
  readLinks,
} from "./stores.ts";

export interface Seeds {
  readonly configs: ConfigSeeds;
  readonly links: LinkSeeds | undefined;
  readonly connections: LocalConnections;
}

/** The options that name the files. */
export interface SeedOptions {
  readonly configs?: string;
  readonly links?: string;
  readonly connections?: string;
}

/** Reads the files given, in the formats of `zis run`. Throws a UsageError. */
export async function readSeeds({ configs, links, connections }: SeedOptions): Promise<Seeds> {
  return {
    configs: await readConfigs(configs),
    links: await readLinks(links),
    connections: connections === undefined ? new Map() : await readConnections(connections),
  };
}

/**
 * Gives an integration all of it: configs and connections of the same names are replaced, links that there
 * are stay. The connection to the account's own Zendesk is left to be made with a token that works, unless
 * the file has one. Throws a UsageError for a link that the service refuses.
 */
export function sow(
  integration: string,
  { configs, links, connections }: Seeds,
  stores: Zis["stores"],
  at: string,
): void {
  fillConfigs(integration, stores.configs, configs);
  fillLinks(integration, stores.links, links, "keep");
  for (const [name, connection] of connections) {
    if (name === OWN_ZENDESK && hasMadeUpToken(connection)) continue;
    stores.connections.put({ ...connection, integration, created_at: at, updated_at: at });
  }
}
