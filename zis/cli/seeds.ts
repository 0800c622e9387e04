/** What integrations have besides their bundles when a run or a served ZIS starts. */
import { child } from "../check/json-pointer.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { Zis } from "../services/create-zis.ts";
import { ServiceError } from "../services/service-error.ts";
import { hasMadeUpToken, type LocalConnections, readConnections } from "./connections-file.ts";
import { type JsonFile, readArray, readObject } from "./files.ts";
import { OWN_ZENDESK } from "./own-zendesk.ts";

export interface Seeds {
  readonly configs: readonly (readonly [scope: string, config: JsonObject])[];
  readonly links: LinkSeeds | undefined;
  readonly connections: LocalConnections;
}

/** The links of a file, with their places. */
interface LinkSeeds {
  readonly json: Pick<JsonFile, "problem">;
  readonly links: readonly JsonObject[];
}

/** The options that name the files. */
export interface SeedOptions {
  readonly configs?: string;
  readonly links?: string;
  readonly connections?: string;
}

/**
 * Reads the files given. The connection to the account's own Zendesk is left out when its token is made up: it is made in
 * another way. Throws a UsageError.
 */
export async function readSeeds({ configs, links, connections }: SeedOptions): Promise<Seeds> {
  const read = connections === undefined ? [] : [...(await readConnections(connections))];
  return {
    configs: await readConfigs(configs),
    links: await readLinks(links),
    connections: new Map(
      read.filter(([name, each]) => name !== OWN_ZENDESK || !hasMadeUpToken(each)),
    ),
  };
}

async function readConfigs(file: string | undefined): Promise<Seeds["configs"]> {
  if (file === undefined) return [];
  const { value, problem } = await readObject(file, "the configs");
  return Object.entries(value).map(([scope, config]) => {
    if (isJsonObject(config)) return [scope, config] as const;
    throw problem(child("", scope), `the config of the scope ${scope} must be an object`);
  });
}

async function readLinks(file: string | undefined): Promise<LinkSeeds | undefined> {
  if (file === undefined) return undefined;
  const json = await readArray(file, "the links");
  const links = json.value.map((link, index) => {
    if (isJsonObject(link)) return link;
    throw json.problem(`/${index}`, `link ${index}: must be an object`);
  });
  return { json, links };
}

/**
 * Gives an integration all of it: configs and connections of the same names are replaced, links that there are stay.
 * Throws a UsageError for a link that the service refuses.
 */
export function sow(
  integration: string,
  seeds: Seeds,
  { configs, links, connections }: Pick<Zis["stores"], "configs" | "links" | "connections">,
  at: string,
): void {
  const known = new Set(configs.search(integration, "*").map(({ scope }) => scope));
  for (const [scope, config] of seeds.configs) {
    if (known.has(scope)) configs.replace(integration, scope, config);
    else configs.create(integration, scope, config);
  }
  for (const [index, link] of seeds.links?.links.entries() ?? []) {
    try {
      links.create(integration, link);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.status === CONFLICT) continue;
      throw seeds.links?.json.problem(`/${index}`, `link ${index}: ${error.message}`) ?? error;
    }
  }
  for (const connection of seeds.connections.values()) {
    connections.put({ ...connection, integration, created_at: at, updated_at: at });
  }
}

const CONFLICT = 409;
