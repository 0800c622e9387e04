/** What an object and a field are, and how they are found: names are case-insensitive. */

/** A field's value in a record; datetimes are text as `datetime.ts` writes them. */
export type SfValue = string | number | boolean | null;
/** A record as stored: every field of its object that is not a formula, by its exact name. */
export type SfRecord = Readonly<Record<string, SfValue>>;

export type FieldType =
  | "id"
  | "string"
  | "email"
  | "phone"
  | "picklist"
  | "textarea"
  | "boolean"
  | "double"
  | "datetime"
  | "date"
  | "reference";

export interface FieldSchema {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Most characters; 0 where length has no meaning. */
  readonly length: number;
  /** Most bytes of UTF-8 instead of characters (CaseComment.CommentBody). */
  readonly countsBytes: boolean;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly filterable: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly idLookup: boolean;
  readonly autoNumber: boolean;
  readonly defaultValue: SfValue;
  readonly picklistValues: readonly string[];
  /** Objects that a reference may point to; more than one: polymorphic. */
  readonly referenceTo: readonly string[];
  /** How a query walks to the parent (`Contact` for ContactId). */
  readonly relationshipName: string | null;
  /** How a query walks from the parent to its rows (`CaseComments`). */
  readonly childRelationshipName: string | null;
  /** A read-only mirror of a field of the parent that `through` names. */
  readonly formula: { readonly through: string; readonly field: string } | null;
}

export interface ObjectSchema {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  /** False for what queries reach only through a polymorphic relationship. */
  readonly queryable: boolean;
  readonly fields: readonly FieldSchema[];
  readonly fieldsByName: ReadonlyMap<string, FieldSchema>;
}

export interface Schema {
  readonly objects: readonly ObjectSchema[];
  object(name: string): ObjectSchema | undefined;
  /** The object whose ids start like this one. */
  objectOfId(id: string): ObjectSchema | undefined;
}

/** A field with everything that is usual left out; the label is read off the name. */
export function field(
  name: string,
  type: FieldType,
  extra: Partial<Omit<FieldSchema, "name" | "type">> = {},
): FieldSchema {
  return {
    name,
    label: name
      .replace(/__c$/, "")
      .replaceAll("_", " ")
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .replace(/ Id$/, " ID"),
    type,
    length: type === "id" || type === "reference" ? 18 : 0,
    countsBytes: false,
    nillable: type !== "boolean",
    createable: true,
    updateable: true,
    filterable: type !== "textarea",
    unique: false,
    externalId: false,
    idLookup: false,
    autoNumber: false,
    defaultValue: type === "boolean" ? false : null,
    picklistValues: [],
    referenceTo: [],
    relationshipName: null,
    childRelationshipName: null,
    formula: null,
    ...extra,
  };
}

/** An object over its fields. */
export function object(
  name: string,
  keyPrefix: string,
  fields: readonly FieldSchema[],
  extra: { readonly labelPlural?: string; readonly queryable?: boolean } = {},
): ObjectSchema {
  const label = name.replace(/([a-z])([A-Z])/g, "$1 $2");
  return {
    name,
    label,
    labelPlural: extra.labelPlural ?? `${label}s`,
    keyPrefix,
    queryable: extra.queryable ?? true,
    fields,
    fieldsByName: new Map(fields.map((one) => [one.name.toLowerCase(), one])),
  };
}

/** The field of that name, whatever its case. */
export function fieldOf(schema: ObjectSchema, name: string): FieldSchema | undefined {
  return schema.fieldsByName.get(name.toLowerCase());
}

/** A schema over objects. */
export function createSchema(objects: readonly ObjectSchema[]): Schema {
  const byName = new Map(objects.map((one) => [one.name.toLowerCase(), one]));
  const byPrefix = new Map(objects.map((one) => [one.keyPrefix, one]));
  return {
    objects,
    object: (name) => byName.get(name.toLowerCase()),
    objectOfId: (id) => byPrefix.get(id.slice(0, 3)),
  };
}

/**
 * The schema without what a user may not see: `"Case.SuppliedEmail"` hides a field, `"CaseComment"`
 * an object. The platform answers for hidden things exactly as for things that do not exist.
 */
export function hide(objects: readonly ObjectSchema[], hidden: readonly string[]): ObjectSchema[] {
  const names = new Set(hidden.map((name) => name.toLowerCase()));
  return objects
    .filter((one) => !names.has(one.name.toLowerCase()))
    .map((one) => ({
      ...object(
        one.name,
        one.keyPrefix,
        one.fields.filter((f) => !names.has(`${one.name}.${f.name}`.toLowerCase())),
      ),
      labelPlural: one.labelPlural,
      queryable: one.queryable,
    }));
}
