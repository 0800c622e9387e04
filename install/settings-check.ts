/** Whether a document is settings, told field by field. Pure. */
import { migrateSettings } from "../actions-server/contract/settings-migrations.ts";
import { Settings, SETTINGS_VERSION } from "../actions-server/contract/settings.ts";
import { isJsonObject } from "../zis/model/json.ts";

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
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
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
    return { ok: false, problems: [{ field: "", message: "expected an object of settings" }] };
  }
  const migrated = migrateSettings(document);
  if (!migrated.ok) {
    const message = migrated.problem.replace(/^version: /, "");
    return { ok: false, problems: [{ field: "version", message }] };
  }
  const problems = problemsOf(Settings, migrated.document, "");
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

function problemsOf(schema: Schema, value: unknown, field: string): readonly FieldProblem[] {
  if (schema.anyOf) {
    if (schema.anyOf.some((one) => problemsOf(one, value, field).length === 0)) return [];
    return [{ field, message: `expected ${schema.anyOf.map(describe).join(" or ")}` }];
  }
  if ("const" in schema) {
    return value === schema.const ? [] : [{ field, message: `expected ${describe(schema)}` }];
  }
  if (!isOfType(schema, value)) return [{ field, message: `expected ${describe(schema)}` }];
  if (Array.isArray(value)) return problemsOfList(schema, value, field);
  if (isJsonObject(value)) return problemsOfObject(schema, value, field);
  return [];
}

function problemsOfObject(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  field: string,
): readonly FieldProblem[] {
  const known = schema.properties ?? {};
  const at = (name: string) => (field === "" ? name : `${field}/${name}`);
  const missing = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ field: at(name), message: "is missing" }));
  const members = Object.entries(value).flatMap(([name, member]) => {
    const own = Object.hasOwn(known, name) ? known[name] : undefined;
    if (own) return problemsOf(own, member, at(name));
    if (schema.additionalProperties !== false) return [];
    return [{ field: at(name), message: "is no setting" }];
  });
  return [...missing, ...members];
}

function problemsOfList(
  schema: Schema,
  value: readonly unknown[],
  field: string,
): readonly FieldProblem[] {
  const { items, minItems = 0, maxItems = Infinity, uniqueItems = false } = schema;
  const own: FieldProblem[] = [];
  if (value.length < minItems) own.push({ field, message: `expected at least ${minItems}` });
  if (value.length > maxItems) own.push({ field, message: `expected at most ${maxItems}` });
  if (uniqueItems && new Set(value).size < value.length) {
    own.push({ field, message: "expected each value once" });
  }
  const each = items
    ? value.flatMap((item, index) => problemsOf(items, item, `${field}/${index}`))
    : [];
  return [...own, ...each];
}

function isOfType(schema: Schema, value: unknown): boolean {
  switch (schema.type) {
    case "object":
      return isJsonObject(value);
    case "array":
      return Array.isArray(value);
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

/** JSON Schema counts code points. */
function isLongEnough(schema: Schema, value: string): boolean {
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  const { length } = Array.from(value);
  if (length < minLength || length > maxLength) return false;
  return pattern === undefined || new RegExp(pattern, "u").test(value);
}

function describe(schema: Schema): string {
  if ("const" in schema) return JSON.stringify(schema.const);
  switch (schema.type) {
    case "null":
      return "nothing (null)";
    case "array":
      return "a list";
    case "boolean":
      return "true or false";
    case "integer": {
      const { minimum, maximum } = schema;
      if (minimum === undefined || maximum === undefined) return "a whole number";
      return `a whole number from ${minimum} to ${maximum}`;
    }
    case "string": {
      if (schema.pattern !== undefined) return `a text of the form ${schema.pattern}`;
      return `a text of ${schema.minLength ?? 0} to ${schema.maxLength ?? "any number of"} characters`;
    }
    case undefined:
    default:
      return "an object";
  }
}
