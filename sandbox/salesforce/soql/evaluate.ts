/** Which records a plan finds, in which order, and how they look in an answer. */
import type { Schema, SfRecord, SfValue } from "../schema.ts";
import { idOf, isDeleted, type RecordStore } from "../store.ts";
import { parentOf, readRef, type FieldRef } from "./field-paths.ts";
import { comparable } from "./operands.ts";
import type { Column, Plan } from "./plan.ts";

export interface Reader {
  readonly store: RecordStore;
  readonly schema: Schema;
  /** Rows in the recycle bin too (`queryAll`). */
  readonly includeDeleted: boolean;
  /** `/services/data/v68.0`, in front of record addresses. */
  readonly basePath: string;
}

type Compare = (left: SfRecord, right: SfRecord) => number;

function compareValues(left: SfValue, right: SfValue): number {
  if (left === null || right === null || left === right) return 0;
  return left < right ? -1 : 1;
}

function comparator({ ref, item }: Plan["order"][number], reader: Reader): Compare {
  const read = (record: SfRecord): SfValue =>
    comparable(ref.field, readRef(ref, record, reader.store, reader.schema));
  return (left, right) => {
    const a = read(left);
    const b = read(right);
    if (a === null || b === null) {
      return (Number(b === null) - Number(a === null)) * (item.nullsLast ? -1 : 1);
    }
    return compareValues(a, b) * (item.descending ? -1 : 1);
  };
}

/**
 * The rows that a plan finds, in its order. Without ORDER BY the platform promises none; here it is
 * the order of insertion.
 * @param only rows to choose from; absent: all of the object
 */
export function findRows(plan: Plan, reader: Reader, only?: Iterable<SfRecord>): SfRecord[] {
  const rows: SfRecord[] = [];
  for (const record of only ?? reader.store.scan(plan.object.name)) {
    if (isDeleted(record) && !reader.includeDeleted) continue;
    if (plan.keeps(record, reader.store)) rows.push(record);
  }
  const comparators = plan.order.map((order) => comparator(order, reader));
  rows.sort((left, right) => {
    for (const compare of comparators) {
      const sign = compare(left, right);
      if (sign !== 0) return sign;
    }
    return 0;
  });
  return rows.slice(plan.offset, plan.offset + plan.limit);
}

/** The `attributes` member of a record in an answer. */
function attributesOf(record: SfRecord, reader: Reader): { type: string; url: string } {
  const type = reader.schema.objectOfId(idOf(record))?.name ?? "";
  return { type, url: `${reader.basePath}/sobjects/${type}/${idOf(record)}` };
}

type Json = Record<string, unknown>;

function setField(target: Json, ref: FieldRef, record: SfRecord, reader: Reader): void {
  let place = target;
  let row = record;
  for (const reference of ref.via) {
    const name = reference.relationshipName ?? "";
    const parent = parentOf(row, reference, reader.store);
    if (!parent) {
      place[name] = null;
      return;
    }
    place[name] ??= { attributes: attributesOf(parent, reader) };
    place = place[name] as Json;
    row = parent;
  }
  place[ref.field.name] = readRef({ ...ref, via: [] }, row, reader.store, reader.schema);
}

function childrenOf(
  column: Column & { kind: "children" },
  record: SfRecord,
  reader: Reader,
): Json | null {
  const { plan, reference } = column;
  const own = [...reader.store.scan(plan.object.name)].filter(
    (child) => child[reference.name] === record["Id"],
  );
  const rows = findRows(plan, reader, own);
  if (rows.length === 0) return null;
  return {
    totalSize: rows.length,
    done: true,
    records: rows.map((row) => renderRow(plan, row, reader)),
  };
}

/** A row as an answer shows it: `attributes`, then the selected fields, parents nested. */
export function renderRow(plan: Plan, record: SfRecord, reader: Reader): Json {
  const target: Json = { attributes: attributesOf(record, reader) };
  if (plan.columns === "count") return target;
  for (const column of plan.columns) {
    if (column.kind === "field") setField(target, column.ref, record, reader);
    else target[column.relationshipName] = childrenOf(column, record, reader);
  }
  return target;
}
