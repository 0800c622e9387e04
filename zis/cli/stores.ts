/** What the configs and links of a run are before it, and what they are after it. */
import { child } from "../check/json-pointer.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
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

/** Stores in memory. Throws a Misuse when the services would refuse what a file holds. */
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
  await fillConfigs(options, configs);
  await fillLinks(options, links);

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

async function fillConfigs(
  { integration, configsFile }: StoresOptions,
  configs: BuiltInStores["configs"],
): Promise<void> {
  if (configsFile === undefined) return;
  const json = await readObject(configsFile, "the configs");
  for (const [scope, config] of Object.entries(json.value)) {
    if (!isJsonObject(config)) {
      throw json.problem(child("", scope), `the config of the scope ${scope} must be an object`);
    }
    configs.create(integration, scope, config);
  }
}

async function fillLinks(
  { integration, linksFile }: StoresOptions,
  links: BuiltInStores["links"],
): Promise<void> {
  if (linksFile === undefined) return;
  const json = await readArray(linksFile, "the links");
  for (const [index, link] of json.value.entries()) addLink(integration, links, link, index, json);
}

function addLink(
  integration: string,
  links: BuiltInStores["links"],
  link: Json,
  index: number,
  json: JsonFile,
): void {
  const complain = (message: string) => json.problem(`/${index}`, `link ${index}: ${message}`);
  if (!isJsonObject(link)) throw complain("must be an object");
  try {
    links.create(integration, link);
  } catch (error) {
    if (error instanceof ServiceError) throw complain(error.message);
    throw error;
  }
}
