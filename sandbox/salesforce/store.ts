/** Where the org's records live: in memory, by object and id, with an index over the lookup fields. */
import {
  type FieldSchema,
  type ObjectSchema,
  type Schema,
  type SfRecord,
  type SfValue,
} from "./schema.ts";

export interface RecordStore {
  /** Every row of an object in the order of insertion, deleted ones too. */
  scan(objectName: string): Iterable<SfRecord>;
  /** The row under an 18-character id, deleted or not. */
  get(id: string): SfRecord | undefined;
  /** The value of a field, formulas worked out. */
  value(record: SfRecord, field: FieldSchema): SfValue;
  /** Rows that are not deleted and hold the value in a lookup field, whatever its case. */
  find(object: ObjectSchema, field: FieldSchema, value: string): readonly SfRecord[];
  /** Inserts or replaces by `Id`. */
  put(object: ObjectSchema, record: SfRecord): void;
  /** A state to return to; cheap, because records are never changed in place. */
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}

type Snapshot = ReadonlyMap<string, ReadonlyMap<string, SfRecord>>;

/** True for a row in the recycle bin. */
export function isDeleted(record: SfRecord): boolean {
  return record["IsDeleted"] === true;
}

/** The id of a stored record. */
export function idOf(record: SfRecord): string {
  return String(record["Id"]);
}

const isIndexed = (field: FieldSchema): boolean =>
  field.type !== "id" && (field.idLookup || field.unique || field.externalId);

const keyOf = (object: ObjectSchema, field: FieldSchema, value: string): string =>
  `${object.name}.${field.name}=${value.toLowerCase()}`;

/** An empty store over a schema. */
export function createStore(schema: Schema): RecordStore {
  let tables = new Map<string, Map<string, SfRecord>>();
  let index = new Map<string, Set<string>>();

  const tableOf = (objectName: string): Map<string, SfRecord> => {
    const existing = tables.get(objectName);
    if (existing) return existing;
    const created = new Map<string, SfRecord>();
    tables.set(objectName, created);
    return created;
  };

  function reindex(object: ObjectSchema, before: SfRecord | undefined, after: SfRecord): void {
    for (const field of object.fields.filter(isIndexed)) {
      const old = before?.[field.name];
      const value = after[field.name];
      if (old === value) continue;
      if (typeof old === "string") index.get(keyOf(object, field, old))?.delete(idOf(after));
      if (typeof value !== "string") continue;
      const key = keyOf(object, field, value);
      index.set(key, (index.get(key) ?? new Set()).add(idOf(after)));
    }
  }

  const get = (id: string): SfRecord | undefined => {
    const object = schema.objectOfId(id);
    return object && tables.get(object.name)?.get(id);
  };

  return {
    scan: (objectName) => tableOf(objectName).values(),
    get,
    value(record, field) {
      if (!field.formula) return record[field.name] ?? null;
      const parentId = record[field.formula.through];
      const parent = typeof parentId === "string" ? get(parentId) : undefined;
      return parent?.[field.formula.field] ?? null;
    },
    find(object, field, value) {
      const ids = index.get(keyOf(object, field, value)) ?? new Set<string>();
      return [...ids].flatMap((id) => {
        const record = tableOf(object.name).get(id);
        return record && !isDeleted(record) ? [record] : [];
      });
    },
    put(object, record) {
      const table = tableOf(object.name);
      reindex(object, table.get(idOf(record)), record);
      table.set(idOf(record), record);
    },
    snapshot: () => new Map([...tables].map(([name, table]) => [name, new Map(table)])),
    restore(snapshot) {
      tables = new Map([...snapshot].map(([name, table]) => [name, new Map(table)]));
      index = new Map();
      for (const [name, table] of tables) {
        const object = schema.object(name);
        for (const record of table.values()) if (object) reindex(object, undefined, record);
      }
    },
  };
}
