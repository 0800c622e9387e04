/**
 * What the registry checks at upload. Only what is known to be refused is refused: the shape, duplicates,
 * and Choice operators. Paths, field ids and connections are not looked at. Source: ZIS registry API, the
 * page on common errors, and a third party's upload of an unknown operator.
 */
import { type Bundle, ZIS_TEMPLATE_VERSION } from "../model/bundle.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { OPERATORS, RESOURCE_TYPES } from "../model/schema.ts";
import { objectBody, requiredObject, requiredText } from "./fields.ts";
import { invalid } from "./service-error.ts";

/** Members of a Choice rule that are no operator. */
const NOT_OPERATORS: ReadonlySet<string> = new Set([
  "Variable",
  "Next",
  "And",
  "Or",
  "Not",
  "Comment",
]);

/** The uploaded body as a bundle. Throws a 400 with the registry's text. */
export function validateBundle(body: unknown): Bundle {
  const bundle = objectBody(body);
  requiredText(bundle, "name");
  if (bundle["zis_template_version"] !== ZIS_TEMPLATE_VERSION) {
    throw invalid(
      `zis_template_version must be "${ZIS_TEMPLATE_VERSION}"`,
      "BundleValidationError",
    );
  }
  const names = new Set<string>();
  for (const [key, resource] of Object.entries(requiredObject(bundle, "resources"))) {
    const name = resourceName(key, resource);
    if (names.has(name)) throw invalid("Bundle contains duplicated resources");
    names.add(name);
  }
  return bundle as unknown as Bundle;
}

/** Type and name of a resource that has what its type needs. */
function resourceName(key: string, resource: Json): string {
  const type = isJsonObject(resource) ? resource["type"] : undefined;
  if (!isJsonObject(resource) || !(RESOURCE_TYPES as readonly unknown[]).includes(type)) {
    throw invalid(
      `resources.${key}.type must be one of ${RESOURCE_TYPES.join(", ")}`,
      "BundleValidationError",
    );
  }
  const properties = requiredObject(resource, "properties");
  const name = requiredText(properties, "name");
  if (type === "ZIS::JobSpec") {
    for (const member of ["event_source", "event_type", "flow_name"])
      requiredText(properties, member);
  } else {
    const definition = requiredObject(properties, "definition");
    if (type === "ZIS::Flow" && hasUnknownOperator(definition)) {
      throw invalid("And is required", "BundleValidationError");
    }
  }
  return JSON.stringify([type, name]);
}

function hasUnknownOperator(flow: JsonObject): boolean {
  const flows = [flow];
  const conditions: JsonObject[] = [];
  for (let at = flows.pop(); at; at = flows.pop()) {
    const states = isJsonObject(at["States"]) ? Object.values(at["States"]) : [];
    for (const state of states.filter(isJsonObject)) {
      if (isJsonObject(state["Iterator"])) flows.push(state["Iterator"]);
      if (state["Type"] === "Choice") conditions.push(...objects(state["Choices"]));
    }
  }
  for (let at = conditions.pop(); at; at = conditions.pop()) {
    if (Object.keys(at).some((key) => !NOT_OPERATORS.has(key) && !OPERATORS.has(key))) return true;
    conditions.push(...objects(at["And"]), ...objects(at["Or"]));
    if (isJsonObject(at["Not"])) conditions.push(at["Not"]);
  }
  return false;
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
