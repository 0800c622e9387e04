/** Which fields the form of the settings has, read from their schema, so that a new setting appears by itself. */
import { Settings } from "#contract/settings/settings";

export type FieldKind =
  | { readonly kind: "switch" }
  | { readonly kind: "choice"; readonly options: readonly string[] }
  /** All or some of the options, in an order that counts. */
  | { readonly kind: "order"; readonly options: readonly string[] }
  | { readonly kind: "texts" }
  | { readonly kind: "ids" }
  | { readonly kind: "number" }
  | { readonly kind: "id"; readonly nullable: boolean }
  | { readonly kind: "text"; readonly nullable: boolean };

export type SettingName = Exclude<keyof Settings, "version" | "revision">;

export interface SettingField {
  readonly name: SettingName;
  readonly kind: FieldKind;
  /** In English, for a field without a text of its own. */
  readonly description: string;
}

type SectionName = "general" | "scope" | "cases" | "notification" | "quality";

export interface Section {
  readonly name: SectionName;
  readonly fields: readonly SettingField[];
}

/** A part of a JSON schema, as far as it is read here. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly description?: string;
}

/** The section of each field; a field that is not listed is under General. */
const PLACES: Readonly<Partial<Record<SettingName, SectionName>>> = {
  ignore_tags: "scope",
  forms: "scope",
  brands: "scope",
  groups: "scope",
  match_order: "cases",
  case_number_field_id: "cases",
  case_external_id_field: "cases",
  one_case_per_ticket: "cases",
  on_ambiguous: "notification",
  on_unknown_number: "notification",
  capture_on_solved: "quality",
  capture_on_closed: "quality",
  capture_on_public_reply: "quality",
  capture_share_percent: "quality",
  capture_groups: "quality",
  capture_brands: "quality",
  capture_forms: "quality",
  record_assignments: "quality",
  sweep_old_tickets: "quality",
};
const SECTIONS: readonly SectionName[] = ["general", "scope", "cases", "notification", "quality"];

const PROPERTIES = Settings.properties as unknown as Readonly<Record<string, Schema>>;

/** All fields but the two that count versions. */
export const FIELDS: readonly SettingField[] = Object.entries(PROPERTIES)
  .filter(([name]) => name !== "version" && name !== "revision")
  .map(([name, schema]) => ({
    name: name as SettingName,
    kind: kindOf(schema),
    description: schema.description ?? "",
  }));

export function sections(fields: readonly SettingField[] = FIELDS): readonly Section[] {
  return SECTIONS.map((name) => ({
    name,
    fields: fields
      .filter((field) => (PLACES[field.name] ?? "general") === name)
      .sort((a, b) => placeOf(a.name) - placeOf(b.name)),
  })).filter(({ fields }) => fields.length > 0);
}

function placeOf(name: SettingName): number {
  return Object.keys(PLACES).indexOf(name);
}

/** @throws Error on a form of schema that the page has no input for */
export function kindOf(schema: Schema): FieldKind {
  if (schema.type === "boolean") return { kind: "switch" };
  if (schema.type === "integer") return { kind: "number" };
  if (schema.type === "array") return listKind(schema.items ?? {});
  const parts = schema.anyOf ?? [schema];
  const options = literals(schema);
  if (options.length > 0 && options.length === parts.length) return { kind: "choice", options };
  const nullable = parts.some(({ type }) => type === "null");
  const [rest] = parts.filter(({ type }) => type !== "null");
  if (rest && isId(rest)) return { kind: "id", nullable };
  if (rest?.type === "string") return { kind: "text", nullable };
  throw new Error(`there is no input for the schema ${JSON.stringify(schema)}`);
}

function listKind(items: Schema): FieldKind {
  const options = literals(items);
  if (options.length > 0) return { kind: "order", options };
  if (isId(items)) return { kind: "ids" };
  if (items.type === "string") return { kind: "texts" };
  throw new Error(`there is no input for a list of ${JSON.stringify(items)}`);
}

/** The texts of a union of literals. */
function literals({ anyOf, const: value }: Schema): readonly string[] {
  if (typeof value === "string") return [value];
  return (anyOf ?? []).flatMap(({ const: one }) => (typeof one === "string" ? [one] : []));
}

/** A Zendesk id is a whole number or its text. */
function isId({ anyOf }: Schema): boolean {
  const types = anyOf?.map(({ type }) => type) ?? [];
  return types.includes("integer") && types.includes("string");
}
