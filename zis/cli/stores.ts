/** What the configs and links of a run are before it, and what they are after it. */
import { child } from "../check/json-pointer.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { BuiltInStores } from "../services/built-ins.ts";
import { createConfigs } from "../services/configs.ts";
import { createLinks, type Links } from "../services/links.ts";
import { ServiceError } from "../services/service-error.ts";
import { type ServiceSwitches, serviceSwitches } from "../services/service-switches.ts";
import { openStore, type Store } from "../services/store.ts";
import { type JsonFile, readArray, readObject } from "./files.ts";

export type Link = ReturnType<Links["create"]>;

export interface LocalStores extends BuiltInStores {
  /** As `--configs` takes them. */
  configsNow(): JsonObject;
  /** As `--links` takes them. */
  linksNow(): readonly Link[];
}

export interface StoresOptions {
  readonly integration: string;
  readonly accountId: number;
  readonly now: () => Date;
  readonly switches: Partial<ServiceSwitches>;
  /** A file that maps scopes to configs. */
  readonly configsFile: string | undefined;
  /** A file with an array of links. */
  readonly linksFile: string | undefined;
}

/** Stores in memory. Throws a UsageError when the services would refuse what a file holds. */
export async function createStores(options: StoresOptions): Promise<LocalStores> {
  const { integration, accountId, now } = options;
  const store = openStore();
  // Links can only be searched by their names; all of them are what their collection holds.
  const collections = new Map<string, { values(): Iterable<unknown> }>();
  const watched: Store = {
    ...store,
    collection<T>(name: string) {
      const collection = store.collection<T>(name);
      collections.set(name, collection);
      return collection;
    },
  };
  const common = { store: watched, accountId, now, switches: serviceSwitches(options.switches) };
  const configs = createConfigs(common);
  const links = createLinks({ ...common, newId: () => `link-${store.nextNumber("uuid")}` });
  fillConfigs(integration, configs, await readConfigs(options.configsFile));
  fillLinks(integration, links, await readLinks(options.linksFile), "refuse");

  return {
    configs,
    links,
    configsNow: () =>
      Object.fromEntries(
        configs.search(integration, "*").map(({ scope, config }) => [scope, config]),
      ),
    linksNow: () => [...(collections.get("links")?.values() ?? [])] as Link[],
  };
}

/** What a file of configs holds. */
export type ConfigSeeds = readonly (readonly [scope: string, config: JsonObject])[];

/** The links of a file, with their places. */
export interface LinkSeeds {
  readonly json: Pick<JsonFile, "problem">;
  readonly links: readonly JsonObject[];
}

/** Reads a file of configs, `{SCOPE: {...}}`; absent: none. Throws a UsageError. */
export async function readConfigs(file: string | undefined): Promise<ConfigSeeds> {
  if (file === undefined) return [];
  const { value, problem } = await readObject(file, "the configs");
  return Object.entries(value).map(([scope, config]) => {
    if (isJsonObject(config)) return [scope, config] as const;
    throw problem(child("", scope), `the config of the scope ${scope} must be an object`);
  });
}

/** Reads a file of links, as the API takes them; absent: none. Throws a UsageError. */
export async function readLinks(file: string | undefined): Promise<LinkSeeds | undefined> {
  if (file === undefined) return undefined;
  const json = await readArray(file, "the links");
  const links = json.value.map((link, index) => {
    if (isJsonObject(link)) return link;
    throw json.problem(`/${index}`, `link ${index}: must be an object`);
  });
  return { json, links };
}

/** Gives an integration the configs; those of the same scopes are replaced. */
export function fillConfigs(
  integration: string,
  configs: BuiltInStores["configs"],
  seeds: ConfigSeeds,
): void {
  const known = new Set(configs.search(integration, "*").map(({ scope }) => scope));
  for (const [scope, config] of seeds) {
    if (known.has(scope)) configs.replace(integration, scope, config);
    else configs.create(integration, scope, config);
  }
}

const CONFLICT = 409;

/**
 * Gives an integration the links. Throws a UsageError when the service refuses one.
 *
 * @param existing what a link is that there is already: refused, or left as it is
 */
export function fillLinks(
  integration: string,
  links: BuiltInStores["links"],
  seeds: LinkSeeds | undefined,
  existing: "refuse" | "keep",
): void {
  for (const [index, link] of seeds?.links.entries() ?? []) {
    try {
      links.create(integration, link);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.status === CONFLICT && existing === "keep") continue;
      throw seeds?.json.problem(`/${index}`, `link ${index}: ${error.message}`) ?? error;
    }
  }
}
