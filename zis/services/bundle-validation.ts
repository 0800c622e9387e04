/**
 * What the registry checks at upload. Only what is known to be refused is refused: the shape, duplicates,
 * and Choice operators. Paths, field ids and connections are not looked at. Source: ZIS registry API, the
 * page on common errors, and a third party's upload of an unknown operator.
 */
import type { Bundle } from "../model/bundle.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { OPERATORS } from "../model/schema.ts";
import { refusalsOf } from "../model/upload.ts";
import { objectBody } from "./fields.ts";
import { invalid } from "./service-error.ts";

/** The message of the answer; a third party saw it with "And is required", for the rest it is inferred. */
const VALIDATION_ERROR = "BundleValidationError";

/** Members of a Choice rule that are not operators. */
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
  for (const { detail } of refusalsOf(bundle)) throw invalid(detail, VALIDATION_ERROR);
  const names = new Set<string>();
  for (const { type, properties } of Object.values((bundle as unknown as Bundle).resources)) {
    const name = JSON.stringify([type, properties.name]);
    if (names.has(name)) throw invalid("Bundle contains duplicated resources");
    names.add(name);
    if (
      type === "ZIS::Flow" &&
      hasUnknownOperator(properties.definition as unknown as JsonObject)
    ) {
      throw invalid("And is required", VALIDATION_ERROR);
    }
  }
  return bundle as unknown as Bundle;
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
