/** Whether a document is settings, field by field. Pure. */
import { migrateSettings } from "../actions-server/contract/settings-migrations.ts";
import { Settings, SETTINGS_VERSION } from "../actions-server/contract/settings.ts";
import { isJsonObject } from "../zis/model/json.ts";
import { EXPECTED, EXPECTED_ITEM } from "./settings-words.ts";

export interface FieldProblem {
  /** The member, such as `ignore_tags` or `forms/2`; empty: the document itself. */
  readonly field: string;
  /** What was expected there. */
  readonly message: string;
}

export type CheckedSettings =
  | { readonly ok: true; readonly settings: Settings; readonly migratedFrom: number | null }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** The part of JSON Schema that the settings use; a test compares with a full validator. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
}

/** Brings an older document to the form of today, then checks every member. */
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

/** The same for a file's text. */
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
  const schema: Schema = Settings.properties[field];
  const value = document[field];
  const words = EXPECTED_ITEM[field];
  // A list of good length is wrong only in its items: they are named.
  if (Array.isArray(value) && schema.items && words !== undefined && isListOf(schema, value)) {
    const { items } = schema;
    return value.flatMap((item, index) =>
      fits(items, item) ? [] : [wrong(`${field}/${index}`, words, item)],
    );
  }
  return fits(schema, value) ? [] : [wrong(field, EXPECTED[field], value)];
}

const LONGEST_SHOWN = 60;

function wrong(field: string, expected: string, value: unknown): FieldProblem {
  const text = JSON.stringify(value);
  const shown = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return { field, message: `expected ${expected}, not ${shown}` };
}

function fits(schema: Schema, value: unknown): boolean {
  if (schema.anyOf) return schema.anyOf.some((one) => fits(one, value));
  if ("const" in schema) return value === schema.const;
  switch (schema.type) {
    case "array": {
      if (!Array.isArray(value) || !isListOf(schema, value)) return false;
      const { items } = schema;
      return items === undefined || value.every((item) => fits(items, item));
    }
    case "null":
      return value === null;
    case "integer":
      return (
        Number.isInteger(value) &&
        (value as number) >= (schema.minimum ?? -Infinity) &&
        (value as number) <= (schema.maximum ?? Infinity)
      );
    case "string":
      return typeof value === "string" && isLongEnough(schema, value);
    case undefined:
    default:
      return typeof value === schema.type;
  }
}

/** By its length, and by each value being there once. */
function isListOf(schema: Schema, value: readonly unknown[]): boolean {
  const { minItems = 0, maxItems = Infinity, uniqueItems = false } = schema;
  if (value.length < minItems || value.length > maxItems) return false;
  return !uniqueItems || new Set(value).size === value.length;
}

/** JSON Schema counts code points. */
function isLongEnough(schema: Schema, value: string): boolean {
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  const { length } = Array.from(value);
  if (length < minLength || length > maxLength) return false;
  return pattern === undefined || new RegExp(pattern, "u").test(value);
}
