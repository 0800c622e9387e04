/** Migrates a settings document of an older version to the present one, and back where nothing is lost. Pure. */
import { DEFAULT_SETTINGS, type Settings, SETTINGS_VERSION } from "./settings.ts";

type Document = Readonly<Record<string, unknown>>;

const LONGEST_SHOWN = 20;

/** What version 4 has besides: which conversations are stored. */
export const NEW_IN_4 = {
  capture_on_closed: false,
  capture_on_public_reply: false,
  capture_share_percent: 100,
  capture_groups: [],
  capture_brands: [],
  capture_forms: [],
} as const;

/** From one version to the next: what the newer form has besides. */
const MIGRATIONS: Readonly<Record<number, (document: Document) => Document>> = {
  /** Version 1 knew enabled, ignore_tags, case_number_field_id and case_external_id_field, and no revision. */
  1: (document) => ({ ...DEFAULT_SETTINGS, ...document, version: 2 }),
  2: (document) => ({ sweep_old_tickets: false, ...document, version: 3 }),
  3: (document) => ({ ...NEW_IN_4, ...document, version: 4 }),
};

/** From one version to the one before; a text: what that one cannot hold. */
const WAYS_BACK: Readonly<Record<number, (document: Document) => Document | string>> = {
  3: ({ sweep_old_tickets: sweepsOld, ...rest }) =>
    sweepsOld === false ? { ...rest, version: 2 } : `sweep_old_tickets=${String(sweepsOld)}`,
  4: (document) => {
    const rest = { ...document };
    for (const [name, atFirst] of Object.entries(NEW_IN_4)) {
      const [value, same] = [JSON.stringify(document[name]), JSON.stringify(atFirst)];
      if (value !== same) return `${name}=${value}`;
      delete rest[name];
    }
    return { ...rest, version: 3 };
  },
};

export type Migrated =
  | { readonly ok: true; readonly document: Document }
  | { readonly ok: false; readonly problem: string };

/**
 * The document in the form of today; members are not checked here. A document without a version, or with one
 * that this code does not know, is not guessed at.
 */
export function migrateSettings(document: Document): Migrated {
  let current = document;
  while (current["version"] !== SETTINGS_VERSION) {
    const { version } = current;
    const migrate = typeof version === "number" ? MIGRATIONS[version] : undefined;
    if (!migrate) {
      const known = [...Object.keys(MIGRATIONS), String(SETTINGS_VERSION)].join(", ");
      return {
        ok: false,
        problem: `version: expected one of ${known}, found ${describeFound(version)}`,
      };
    }
    current = migrate(current);
  }
  return { ok: true, document: current };
}

/**
 * The settings as a document of `version`, for a bundle that reads nothing newer. `migrateSettings` makes the same settings
 * of it; where that version cannot hold them, the problem names what it lacks.
 */
export function settingsOfVersion(settings: Settings, version: number): Migrated {
  let current: Document = settings;
  while (Number(current["version"]) > version) {
    const before = WAYS_BACK[Number(current["version"])]?.(current) ?? "a revision";
    if (typeof before === "string") return { ok: false, problem: before };
    current = before;
  }
  return { ok: true, document: current };
}

/** Shows a number or a short text; whatever else it is may be of any size, so only its kind is named. */
function describeFound(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null || typeof value === "number" || typeof value === "boolean") return `${value}`;
  if (typeof value === "string" && value.length <= LONGEST_SHOWN) return JSON.stringify(value);
  return Array.isArray(value) ? "a list" : typeof value === "string" ? "a text" : "{…}";
}
