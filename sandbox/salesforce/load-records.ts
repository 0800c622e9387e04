/** How a data set becomes records of the org: checked strictly, so that a slip in it shows at once. */
import { created, defaults, derive } from "./derived-fields.ts";
import { SalesforceError } from "./errors.ts";
import { toStored } from "./field-value.ts";
import { toId18 } from "./ids.ts";
import { fieldOf, type ObjectSchema, type Schema, type SfRecord, type SfValue } from "./schema.ts";
import { idOf, type RecordStore } from "./store.ts";
import { checkReferences, checkUnique } from "./write-rules.ts";

/** Records by object name; each has an `Id`, and any fields of its object but formulas. */
export type SeedRecords = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

function readField(object: ObjectSchema, name: string, value: unknown): [string, SfValue] {
  const field = fieldOf(object, name);
  if (!field) throw new TypeError(`no field ${name} on ${object.name}`);
  return [field.name, toStored(field, value)];
}

function readRecord(
  object: ObjectSchema,
  seed: Readonly<Record<string, unknown>>,
  { now, userId }: { now: Date; userId: string },
): SfRecord {
  const given = Object.fromEntries(
    Object.entries(seed).map(([name, value]) => readField(object, name, value)),
  );
  const id = toId18(String(given["Id"]));
  if (!id?.startsWith(object.keyPrefix)) {
    throw new TypeError(`Id must be an id that starts with ${object.keyPrefix}`);
  }
  const record = { ...defaults(object), ...created(object, userId, now), ...given, Id: id };
  return derive(object, record, now);
}

function eachRecord(
  records: SeedRecords,
  schema: Schema,
  visit: (object: ObjectSchema, row: Readonly<Record<string, unknown>>) => void,
): void {
  for (const [objectName, rows] of Object.entries(records)) {
    const object = schema.object(objectName);
    if (!object?.queryable) throw new TypeError(`no object ${objectName} in this org`);
    for (const [position, row] of rows.entries()) {
      try {
        visit(object, row);
      } catch (error) {
        if (!(error instanceof TypeError || error instanceof SalesforceError)) throw error;
        throw new TypeError(`${objectName}[${position}]: ${error.message}`, { cause: error });
      }
    }
  }
}

/** A record may spell its mirrors out, if they say what the parent says. */
function checkMirrors(object: ObjectSchema, record: SfRecord, store: RecordStore): void {
  for (const field of object.fields) {
    const given = record[field.name];
    if (!field.formula || given === undefined || given === store.value(record, field)) continue;
    throw new TypeError(
      `${field.name} is ${String(given)}, but ${field.formula.through} has ${String(store.value(record, field))}`,
    );
  }
}

export interface LoadOptions {
  readonly store: RecordStore;
  readonly schema: Schema;
  readonly now: () => Date;
  /** Who counts as creator and owner where a record does not say. */
  readonly userId: string;
}

/**
 * Puts the records into the store; what a record leaves out gets its default, stamps get `now`.
 * @throws TypeError that names object, position and reason (`Case[3]: no field Foo on Case`).
 */
export function loadRecords(records: SeedRecords, options: LoadOptions): void {
  const { store, schema } = options;
  eachRecord(records, schema, (object, row) => {
    const record = readRecord(object, row, { now: options.now(), userId: options.userId });
    if (store.get(idOf(record))) throw new TypeError(`Id ${idOf(record)} is taken`);
    store.put(object, record);
  });
  // Only now, because records may name others that come after them.
  eachRecord(records, schema, (object, row) => {
    const record = store.get(toId18(String(row["Id"])) ?? "");
    if (!record) return;
    checkReferences(object, record, store, schema);
    checkUnique(object, record, store);
    checkMirrors(object, record, store);
  });
}
