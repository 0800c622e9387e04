/** Which writes the org takes: known and writable fields, required ones, unique ones, real parents. */
import { refusal } from "./errors.ts";
import { toStored } from "./field-value.ts";
import {
  fieldOf,
  type FieldSchema,
  type ObjectSchema,
  type Schema,
  type SfRecord,
} from "./schema.ts";
import { idOf, isDeleted, type RecordStore } from "./store.ts";

export type WriteKind = "create" | "update";

function writableField(object: ObjectSchema, name: string, kind: WriteKind): FieldSchema {
  const field = fieldOf(object, name);
  if (!field) {
    throw refusal(
      400,
      "INVALID_FIELD",
      `No such column '${name}' on sobject of type ${object.name}`,
    );
  }
  if (field.type === "id") {
    throw refusal(
      400,
      "INVALID_FIELD",
      "The Id field should not be specified in the sobject data.",
      ["Id"],
    );
  }
  if (kind === "create" ? !field.createable : !field.updateable) {
    throw refusal(
      400,
      "INVALID_FIELD_FOR_INSERT_UPDATE",
      `Unable to create/update fields: ${field.name}. Please check the security settings of this ` +
        "field and verify that it is read/write for your profile or permission set.",
      [field.name],
    );
  }
  return field;
}

/**
 * The fields that a request's body sets, by their exact names, as stored. `attributes` is passed over.
 * @throws SalesforceError 400 INVALID_FIELD, INVALID_FIELD_FOR_INSERT_UPDATE, or as `toStored`.
 */
export function readBody(object: ObjectSchema, body: unknown, kind: WriteKind): SfRecord {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw refusal(400, "JSON_PARSER_ERROR", "The request body must be a JSON object of fields");
  }
  const values: Record<string, SfRecord[string]> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === "attributes") continue;
    const field = writableField(object, name, kind);
    values[field.name] = toStored(field, value);
  }
  return values;
}

/** @throws SalesforceError 400 REQUIRED_FIELD_MISSING naming every absent field at once. */
export function checkRequired(object: ObjectSchema, record: SfRecord): void {
  const missing = object.fields
    .filter((field) => field.createable && !field.nillable && (record[field.name] ?? null) === null)
    .map((field) => field.name);
  if (missing.length === 0) return;
  throw refusal(
    400,
    "REQUIRED_FIELD_MISSING",
    `Required fields are missing: [${missing.join(", ")}]`,
    missing,
  );
}

/** @throws SalesforceError 400 DUPLICATE_VALUE when another row holds the value of a unique field. */
export function checkUnique(object: ObjectSchema, record: SfRecord, store: RecordStore): void {
  for (const field of object.fields) {
    const value = record[field.name];
    if (!field.unique || typeof value !== "string") continue;
    const other = store.find(object, field, value).find((one) => idOf(one) !== idOf(record));
    if (!other) continue;
    throw refusal(
      400,
      "DUPLICATE_VALUE",
      `duplicate value found: ${field.name} duplicates value on record with id: ${idOf(other).slice(0, 15)}`,
      [],
    );
  }
}

/** @throws SalesforceError 400 when a reference names the wrong kind of record, or none. */
export function checkReferences(
  object: ObjectSchema,
  written: SfRecord,
  store: RecordStore,
  schema: Schema,
): void {
  for (const field of object.fields) {
    const id = written[field.name];
    if (field.type !== "reference" || typeof id !== "string") continue;
    if (!field.referenceTo.includes(schema.objectOfId(id)?.name ?? "")) {
      throw refusal(
        400,
        "FIELD_INTEGRITY_EXCEPTION",
        `${field.label}: id value of incorrect type: ${id}`,
        [field.name],
      );
    }
    const parent = store.get(id);
    if (!parent || isDeleted(parent)) {
      throw refusal(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", []);
    }
  }
}
