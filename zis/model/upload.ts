/** What the registry requires of the shape of an uploaded bundle. Source: ZIS registry API, bundles. */
import { ZIS_TEMPLATE_VERSION } from "./bundle.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { RESOURCE_TYPES } from "./schema.ts";
import { shortened } from "./shorten.ts";

export interface Refusal {
  /** The members that lead to what is wrong or missing. */
  readonly path: readonly string[];
  readonly detail: string;
}

/** Everything for which the registry refuses the shape of a bundle; the first is what it answers. */
export function* refusalsOf(bundle: unknown): Generator<Refusal> {
  if (!isJsonObject(bundle)) {
    yield { path: [], detail: "the request body must be a JSON object" };
    return;
  }
  yield* textRefusal(bundle, ["name"]);
  if (bundle["zis_template_version"] !== ZIS_TEMPLATE_VERSION) {
    const path = ["zis_template_version"];
    yield { path, detail: `zis_template_version must be "${ZIS_TEMPLATE_VERSION}"` };
  }
  const { resources } = bundle;
  if (!isJsonObject(resources)) yield noObject(["resources"]);
  else {
    for (const [key, resource] of Object.entries(resources)) {
      yield* refusalsOfResource(resource, ["resources", key]);
    }
  }
}

function* refusalsOfResource(resource: Json, path: readonly string[]): Generator<Refusal> {
  const type = isJsonObject(resource) ? resource["type"] : undefined;
  if (!isJsonObject(resource) || !(RESOURCE_TYPES as readonly unknown[]).includes(type)) {
    const at = isJsonObject(resource) ? [...path, "type"] : path;
    yield {
      path: at,
      detail: `${nameOf([...path, "type"])} must be one of ${RESOURCE_TYPES.join(", ")}`,
    };
    return;
  }
  const { properties } = resource;
  const inside = [...path, "properties"];
  if (!isJsonObject(properties)) {
    yield noObject(inside);
    return;
  }
  yield* textRefusal(properties, [...inside, "name"]);
  if (type === "ZIS::JobSpec") {
    for (const member of ["event_source", "event_type", "flow_name"]) {
      yield* textRefusal(properties, [...inside, member]);
    }
  } else if (!isJsonObject(properties["definition"])) yield noObject([...inside, "definition"]);
}

function* textRefusal(object: JsonObject, path: readonly string[]): Generator<Refusal> {
  const value = object[path.at(-1) ?? ""];
  if (typeof value === "string" && value !== "") return;
  yield { path, detail: `${nameOf(path)} is required and must be a non-empty string` };
}

function noObject(path: readonly string[]): Refusal {
  return { path, detail: `${nameOf(path)} is required and must be an object` };
}

function nameOf(path: readonly string[]): string {
  return path.map(shortened).join(".");
}
