/** The settings of integrations: one JSON object a scope. Source: ZIS Configs API. */
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { matchesWildcard } from "./fields.ts";
import { sortedBy } from "./paging.ts";
import { conflict, notFound } from "./service-error.ts";
import type { ServiceSwitches } from "./service-switches.ts";
import type { Store } from "./store.ts";

interface Config {
  readonly id: number;
  readonly scope: string;
  readonly config: JsonObject;
  readonly integration: string;
  readonly zendesk_account_id: number;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Configs {
  /** Configs whose scope matches; `*` stands for any run of characters. Sorted by scope. */
  search(integration: string, scope: string): readonly Config[];
  /** 409 when the scope is taken. */
  create(integration: string, scope: string, config: JsonObject): Config;
  /** 404 when there is no such scope. */
  replace(integration: string, scope: string, config: JsonObject): Config;
  /** Changes the given settings only. 404 when there is no such scope. */
  merge(integration: string, scope: string, config: JsonObject): Config;
  /** 404 when there is no such scope. */
  remove(integration: string, scope: string): void;
}

export interface ConfigsOptions {
  readonly store: Store;
  readonly accountId: number;
  readonly now: () => Date;
  readonly switches: ServiceSwitches;
}

/** The configs of one account. */
export function createConfigs({ store, accountId, now, switches }: ConfigsOptions): Configs {
  const configs = store.collection<Config>("configs");

  function existing(integration: string, scope: string): Config {
    const config = configs.get(keyOf(integration, scope));
    if (config) return config;
    throw notFound(`config with scope ${scope} not found`);
  }

  function save(config: Config): Config {
    configs.set(keyOf(config.integration, config.scope), config);
    return config;
  }

  return {
    search(integration, scope) {
      if (!scope.includes("*")) {
        const exact = configs.get(keyOf(integration, scope));
        return exact ? [exact] : [];
      }
      const found = [...configs.values()].filter(
        (config) => config.integration === integration && matchesWildcard(scope, config.scope),
      );
      return sortedBy(found, (config) => config.scope);
    },
    create(integration, scope, config) {
      if (configs.get(keyOf(integration, scope))) {
        throw conflict(`a config with scope ${scope} already exists`);
      }
      const at = now().toISOString();
      return save({
        id: store.nextNumber("config"),
        scope,
        config,
        integration,
        zendesk_account_id: accountId,
        created_at: at,
        updated_at: at,
      });
    },
    replace: (integration, scope, config) =>
      save({ ...existing(integration, scope), config, updated_at: now().toISOString() }),
    merge(integration, scope, changes) {
      const before = existing(integration, scope);
      const config =
        switches.configMerge === "deep"
          ? mergeDeep(before.config, changes)
          : { ...before.config, ...changes };
      return save({ ...before, config, updated_at: now().toISOString() });
    },
    remove(integration, scope) {
      existing(integration, scope);
      configs.delete(keyOf(integration, scope));
    },
  };
}

function mergeDeep(base: JsonObject, changes: JsonObject): JsonObject {
  const entries = Object.entries(changes).map(([key, value]): [string, Json] => {
    const old = Object.hasOwn(base, key) ? base[key] : undefined;
    return [key, isJsonObject(old) && isJsonObject(value) ? mergeDeep(old, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

function keyOf(integration: string, scope: string): string {
  return `${integration}/${scope}`;
}
