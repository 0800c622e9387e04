/** Does the registry accept the shape of the bundle? */
import { isJsonObject, type Json } from "../../model/json.ts";
import { RESOURCE_TYPES } from "../../model/schema.ts";
import { refusalsOf } from "../../model/upload.ts";
import { child } from "../json-pointer.ts";
import { nearestPhrase } from "../nearest.ts";
import type { Rule } from "../rule.ts";

export const bundleValidation: Rule = {
  name: "bundle-validation",
  severity: "error",
  origin: "registry",
  what: "The bundle or a resource lacks a member that the registry requires, or has a wrong one.",
  source: "ZIS registry API, bundles",
  *find({ bundle }) {
    for (const { path, detail } of refusalsOf(bundle)) {
      yield {
        path: child("", ...path),
        message: `BundleValidationError: ${detail}${foundAt(bundle, path)}.`,
        hint: "Zendesk refuses the upload: write what it requires.",
      };
    }
  },
};

function foundAt(bundle: unknown, path: readonly string[]): string {
  const value = path.reduce<unknown>(
    (inner, key) => (isJsonObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    bundle,
  ) as Json | undefined;
  if (value === undefined) return "";
  const near =
    path.at(-1) === "type" && typeof value === "string" ? nearestPhrase(value, RESOURCE_TYPES) : "";
  return ` (found ${JSON.stringify(value).slice(0, 60)}${near})`;
}
