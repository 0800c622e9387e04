/** The built-in actions of flows, done on the stores. Source: ZIS developer guide, built-in actions and links. */
import type { BuiltInEffect, Outcome } from "../engine/effects.ts";
import type { Json } from "../model/json.ts";
import type { Configs } from "./configs.ts";
import { requiredObject, requiredText } from "./fields.ts";
import type { Links } from "./links.ts";
import { pageRequest } from "./paging.ts";
import { notFound, ServiceError } from "./service-error.ts";

export interface BuiltInStores {
  readonly configs: Configs;
  readonly links: Links;
}

/**
 * Performs one built-in action for an integration. A refusal of the store is a runtime error of the flow;
 * its wording is inferred.
 */
export function performBuiltIn(
  effect: BuiltInEffect,
  integration: string,
  stores: BuiltInStores,
): Outcome {
  try {
    return { ok: true, result: resultOf(effect, integration, stores), elapsedMs: 0 };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const action = effect.actionName.slice("zis:common:action:".length);
    return {
      ok: false,
      error: `${action} failed due to status code: ${error.status}, ${error.message}`,
      status: error.status,
      elapsedMs: 0,
    };
  }
}

function resultOf(
  { actionName, parameters }: BuiltInEffect,
  integration: string,
  { configs, links }: BuiltInStores,
): Json {
  switch (actionName) {
    case "zis:common:action:LoadConfig": {
      const scope = requiredText(parameters, "scope");
      // With a wildcard the first match is taken. What an unknown scope does is inferred.
      const config = configs.search(integration, scope)[0];
      if (config) return config.config;
      throw notFound(`no config matches the scope ${scope}`);
    }
    case "zis:common:action:PatchConfig": {
      const scope = requiredText(parameters, "scope");
      return configs.merge(integration, scope, requiredObject(parameters, "config")).config;
    }
    case "zis:common:action:LoadLinks": {
      const { page_size, page_after_cursor, page_before_cursor } = parameters;
      const page = pageRequest(page_size, page_after_cursor, page_before_cursor);
      return links.search(integration, parameters, page) as unknown as Json;
    }
    case "zis:common:action:CreateLink":
      return { link: links.create(integration, parameters) as unknown as Json };
    case "zis:common:action:PatchLink":
      return { link: links.patch(integration, parameters, parameters) as unknown as Json };
    case "zis:common:action:DeleteLink":
      break;
  }
  links.remove(integration, parameters);
  return {};
}
