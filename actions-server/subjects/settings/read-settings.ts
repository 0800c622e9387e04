/** Whether a document holds valid settings: it is migrated to the current version, then checked. Pure. */
import { Ajv } from "ajv";
import { migrateSettings } from "#contract/settings/migrations";
import { Settings } from "#contract/settings/settings";
import { describeFaults } from "#platform/validation-message";

export type ReadSettings =
  | { readonly ok: true; readonly settings: Settings }
  /** Names the member and what was expected, without the member's value. */
  | { readonly ok: false; readonly problem: string };

// Stops at the first fault and reports it.
const isSettings = new Ajv({ verbose: true }).compile<Settings>(Settings);

/** Accepts older versions; an unknown version is a problem. */
export function readSettings(document: Readonly<Record<string, unknown>>): ReadSettings {
  const migrated = migrateSettings(document);
  if (!migrated.ok) return migrated;
  const current: unknown = migrated.document;
  if (isSettings(current)) return { ok: true, settings: current };
  return { ok: false, problem: describeFaults(isSettings.errors ?? [], "settings") };
}
