/** Checks settings field by field. Pure. */
import { Check } from "typebox/value";
import { migrateSettings } from "#contract/settings/migrations";
import { Settings, SETTINGS_VERSION } from "#contract/settings/settings";
import { isJsonObject } from "#zis/model/json";
import { EXPECTED, EXPECTED_ITEM } from "./settings-words.ts";

export interface FieldProblem {
  /** Such as `ignore_tags` or `forms/2`; empty: the document itself. */
  readonly field: string;
  /** What was expected there. */
  readonly message: string;
}

export type CheckedSettings =
  | { readonly ok: true; readonly settings: Settings; readonly migratedFrom: number | null }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Migrates an older document to the current version, then checks every member. */
export function checkSettings(document: unknown): CheckedSettings {
  if (!isJsonObject(document)) {
    return {
      ok: false,
      problems: [{ field: "", message: "expected settings: names and values between { and }" }],
    };
  }
  const migrated = migrateSettings(document);
  if (!migrated.ok) {
    const message = migrated.problem.replace(/^version: /, "");
    return { ok: false, problems: [{ field: "version", message }] };
  }
  const problems = problemsOf(migrated.document);
  if (problems.length > 0) return { ok: false, problems };
  const version = Number(document["version"]);
  return {
    ok: true,
    settings: migrated.document as unknown as Settings,
    migratedFrom: version === SETTINGS_VERSION ? null : version,
  };
}

/** The same for the text of a file. */
export function importSettings(text: string): CheckedSettings {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "not readable";
    return { ok: false, problems: [{ field: "", message: `expected JSON: ${why}` }] };
  }
  return checkSettings(document);
}

type Document = Readonly<Record<string, unknown>>;

function problemsOf(document: Document): readonly FieldProblem[] {
  const fields = Object.keys(Settings.properties) as (keyof Settings)[];
  const unknown = Object.keys(document).filter((name) => !Object.hasOwn(Settings.properties, name));
  return [
    ...fields.flatMap((field) => problemsOfField(field, document)),
    ...unknown.map((field) => ({ field, message: "is not a setting" })),
  ];
}

function problemsOfField(field: keyof Settings, document: Document): readonly FieldProblem[] {
  if (!Object.hasOwn(document, field)) {
    return [{ field, message: `is missing: expected ${EXPECTED[field]}` }];
  }
  const schema = Settings.properties[field];
  const value = document[field];
  if (Check(schema, value)) return [];
  const words = EXPECTED_ITEM[field];
  // When the list itself is right, its wrong items are named.
  if (words !== undefined && "items" in schema && Check({ ...schema, items: true }, value)) {
    const { items } = schema;
    return (value as readonly unknown[]).flatMap((item, index) =>
      Check(items, item) ? [] : [wrong(`${field}/${index}`, words, item)],
    );
  }
  return [wrong(field, EXPECTED[field], value)];
}

const LONGEST_SHOWN = 60;

function wrong(field: string, expected: string, value: unknown): FieldProblem {
  const text = JSON.stringify(value);
  const shown = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return { field, message: `expected ${expected}, not ${shown}` };
}
