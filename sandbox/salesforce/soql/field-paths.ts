/** Which field a dotted path names, and its value in a record. */
import { noSuchColumn } from "../errors.ts";
import { POLYMORPHIC_TARGET } from "../objects.ts";
import {
  fieldOf,
  type FieldSchema,
  type ObjectSchema,
  type Schema,
  type SfRecord,
  type SfValue,
} from "../schema.ts";
import type { RecordStore } from "../store.ts";
import { queryError } from "./query-error.ts";
import type { Path } from "./syntax.ts";

/** SOQL reference, relationship limits: levels from child to parent. */
const MAX_LEVELS = 5;

export interface FieldRef {
  /** The references to follow, from the queried object outwards. */
  readonly via: readonly FieldSchema[];
  /** The object that holds the field. */
  readonly owner: ObjectSchema;
  readonly field: FieldSchema;
}

/** What a query is bound against. */
export interface BindContext {
  readonly text: string;
  readonly schema: Schema;
  readonly now: Date;
}

function follow(from: ObjectSchema, name: string, path: Path, { text, schema }: BindContext) {
  const reference = from.fields.find(
    (one) => one.relationshipName?.toLowerCase() === name.toLowerCase(),
  );
  const [only, ...others] = reference?.referenceTo ?? [];
  const target = schema.object(others.length > 0 ? POLYMORPHIC_TARGET : (only ?? ""));
  if (reference && target) return { reference, target };
  throw queryError(
    text,
    path.at,
    `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom ` +
      "relationship, be sure to append the '__r' after the custom relationship name. " +
      "Please reference your WSDL or the describe call for the appropriate names.",
    "INVALID_FIELD",
  );
}

/**
 * The field that `path` names from `object`; the object's own name in front is allowed.
 * @throws SalesforceError 400 INVALID_FIELD with the place in the query
 */
export function resolvePath(object: ObjectSchema, path: Path, context: BindContext): FieldRef {
  const names = [...path.names];
  if (names.length > 1 && names[0]?.toLowerCase() === object.name.toLowerCase()) names.shift();
  const last = names.pop() ?? "";
  if (names.length > MAX_LEVELS) {
    throw queryError(
      context.text,
      path.at,
      `SOQL queries can only traverse up to ${MAX_LEVELS} child-to-parent relationships`,
      "INVALID_FIELD",
    );
  }
  const via: FieldSchema[] = [];
  let owner = object;
  for (const name of names) {
    const { reference, target } = follow(owner, name, path, context);
    via.push(reference);
    owner = target;
  }
  const field = fieldOf(owner, last);
  if (field) return { via, owner, field };
  throw queryError(context.text, path.at, noSuchColumn(last, owner.name), "INVALID_FIELD");
}

/** The parent that a reference of the record names, if any. */
export function parentOf(
  record: SfRecord,
  reference: FieldSchema,
  store: RecordStore,
): SfRecord | undefined {
  const id = record[reference.name];
  return typeof id === "string" ? store.get(id) : undefined;
}

/** The value at the end of the path; null where a parent is missing. */
export function readRef(
  ref: FieldRef,
  record: SfRecord,
  store: RecordStore,
  schema: Schema,
): SfValue {
  let row: SfRecord | undefined = record;
  for (const reference of ref.via) {
    row = parentOf(row, reference, store);
    if (!row) return null;
  }
  if (ref.owner.name === POLYMORPHIC_TARGET && ref.field.name === "Type") {
    return schema.objectOfId(String(row["Id"]))?.name ?? null;
  }
  return store.value(row, ref.field);
}
