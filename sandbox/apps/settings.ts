/** An installation's settings: what a customer may set, and what anybody is shown of it. */
import type { Json } from "#zis/model/json";
import { type Manifest, plain } from "./manifest.ts";

type Settings = Readonly<Record<string, Json>>;

export type Merged =
  | { readonly ok: true; readonly settings: Settings }
  /** Sentences by the name of the setting. */
  | { readonly ok: false; readonly faults: Readonly<Record<string, string>> };

/**
 * The settings after a write: what is given replaces, what is not stays; at the first write the manifest's defaults
 * count. Unknown names are dropped. Sources: an update keeps what it does not name (observed by a third party); the
 * rest is inferred.
 */
export function mergeSettings(
  manifest: Manifest,
  known: Settings | undefined,
  given: Settings,
): Merged {
  const { parameters, name } = manifest;
  const settings: Record<string, Json> = { name: given["name"] ?? known?.["name"] ?? name };
  const faults: Record<string, string> = {};
  for (const parameter of parameters) {
    const before = known ? known[parameter.name] : parameter.defaultValue;
    const value = given[parameter.name] ?? before;
    if (value !== undefined) settings[parameter.name] = value;
    const empty = value === undefined || value === "";
    if (parameter.required && empty) faults[parameter.name] = `${parameter.name} is required`;
    if (!empty && !fits(parameter.type, value)) {
      faults[parameter.name] = `${parameter.name} must be of the type ${parameter.type}`;
    }
  }
  return Object.keys(faults).length > 0 ? { ok: false, faults } : { ok: true, settings };
}

function fits(type: string, value: Json): boolean {
  if (type === "checkbox")
    return typeof value === "boolean" || value === "true" || value === "false";
  if (type === "number") return Number.isFinite(Number(value));
  if (type === "url") return URL.canParse(plain(value));
  return true;
}

/** The settings without secure ones: what the API and the browser get. */
export function openSettings(manifest: Manifest, settings: Settings): Settings {
  const secure = new Set(manifest.parameters.filter((one) => one.secure).map(({ name }) => name));
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !secure.has(name)));
}
