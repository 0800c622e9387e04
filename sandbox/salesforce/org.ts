/** What happens to records: create, update, upsert and delete, each whole or not at all. */
import { created, defaults, derive, modified } from "./derived-fields.ts";
import { noSuchExternalId, notFound, refusal } from "./errors.ts";
import { mintId, toId18 } from "./ids.ts";
import {
  fieldOf,
  type FieldSchema,
  type ObjectSchema,
  type Schema,
  type SfRecord,
} from "./schema.ts";
import { idOf, isDeleted, type RecordStore } from "./store.ts";
import { checkReferences, checkRequired, checkUnique, readBody } from "./write-rules.ts";

/** Who writes, and whether assignment rules run (`Sforce-Auto-Assign`, true unless refused). */
export interface WriteContext {
  readonly userId: string;
  readonly autoAssign: boolean;
}

type UpsertResult =
  | { readonly outcome: "created" | "updated"; readonly id: string }
  | { readonly outcome: "ambiguous"; readonly ids: readonly string[] };

export interface Org {
  readonly store: RecordStore;
  create(object: ObjectSchema, body: unknown, context: WriteContext): string;
  update(object: ObjectSchema, id: string, body: unknown, context: WriteContext): void;
  upsert(input: UpsertInput): UpsertResult;
  remove(object: ObjectSchema, id: string, context: WriteContext): void;
  /** The row of that object under a 15 or 18 character id. @throws SalesforceError 404 */
  read(object: ObjectSchema, id: string): SfRecord;
  /** Rows by an external id (or another lookup field). @throws SalesforceError 404 for other fields */
  readBy(object: ObjectSchema, fieldName: string, value: string): readonly SfRecord[];
}

interface UpsertInput {
  readonly object: ObjectSchema;
  readonly fieldName: string;
  readonly value: string;
  readonly body: unknown;
  readonly updateOnly: boolean;
  readonly context: WriteContext;
}

export interface OrgOptions {
  readonly store: RecordStore;
  readonly schema: Schema;
  readonly now: () => Date;
  /** Whom assignment rules hand cases to; absent: no rule is active. */
  readonly caseAssignmentOwnerId?: string | undefined;
}

/** The next number of an autonumber field, eight digits as the default display format has it. */
function nextNumber(store: RecordStore, object: ObjectSchema, field: FieldSchema): string {
  let highest = 1_000;
  for (const record of store.scan(object.name)) {
    const number = Number(record[field.name]);
    if (number > highest) highest = number;
  }
  return String(highest + 1).padStart(8, "0");
}

/** The org's writes over a store. */
export function createOrg({ store, schema, now, caseAssignmentOwnerId }: OrgOptions): Org {
  const serials = new Map<string, number>();
  const numbers = new Map<string, number>();

  function freshId(object: ObjectSchema): string {
    let serial = serials.get(object.name) ?? 1;
    while (store.get(mintId(object.keyPrefix, serial))) serial += 1;
    serials.set(object.name, serial + 1);
    return mintId(object.keyPrefix, serial);
  }

  /** Autonumbers never go back, not even when the row that took one was rolled back. */
  function autoNumbers(object: ObjectSchema): SfRecord {
    const field = object.fields.find((one) => one.autoNumber);
    if (!field) return {};
    const last = numbers.get(object.name);
    const next =
      last === undefined ? nextNumber(store, object, field) : String(last + 1).padStart(8, "0");
    numbers.set(object.name, Number(next));
    return { [field.name]: next };
  }

  function assignment(object: ObjectSchema, context: WriteContext): SfRecord {
    const applies = object.name === "Case" && context.autoAssign && caseAssignmentOwnerId;
    return applies ? { OwnerId: caseAssignmentOwnerId } : {};
  }

  function save(object: ObjectSchema, record: SfRecord, written: SfRecord): void {
    checkRequired(object, record);
    checkReferences(object, written, store, schema);
    checkUnique(object, record, store);
    store.put(object, derive(object, record, now()));
  }

  function insert(object: ObjectSchema, written: SfRecord, context: WriteContext): string {
    const id = freshId(object);
    const record = {
      ...defaults(object),
      ...created(object, context.userId, now()),
      ...withoutNulls(written),
      ...assignment(object, context),
      ...autoNumbers(object),
      Id: id,
    };
    save(object, record, written);
    return id;
  }

  function change(
    object: ObjectSchema,
    current: SfRecord,
    written: SfRecord,
    context: WriteContext,
  ): void {
    if (isDeleted(current)) throw refusal(404, "ENTITY_IS_DELETED", "entity is deleted", []);
    const record = {
      ...current,
      ...written,
      ...assignment(object, context),
      ...modified(context.userId, now()),
    };
    save(object, record, written);
  }

  function rowOf(object: ObjectSchema, id: string): SfRecord {
    const id18 = toId18(id);
    if (!id18) throw noSuchExternalId(id);
    const record = store.get(id18);
    if (!record || schema.objectOfId(id18)?.name !== object.name) throw notFound();
    return record;
  }

  function readBy(object: ObjectSchema, fieldName: string, value: string): readonly SfRecord[] {
    const field = fieldOf(object, fieldName);
    if (!field || !(field.externalId || field.idLookup)) throw noSuchExternalId(fieldName);
    return field.type === "id" ? [rowOf(object, value)] : store.find(object, field, value);
  }

  return {
    store,
    readBy,
    create: (object, body, context) => insert(object, readBody(object, body, "create"), context),
    update(object, id, body, context) {
      const current = rowOf(object, id);
      change(object, current, readBody(object, body, "update"), context);
    },
    upsert({ object, fieldName, value, body, updateOnly, context }) {
      const matches = readBy(object, fieldName, value);
      const [match] = matches;
      if (matches.length > 1) return { outcome: "ambiguous", ids: matches.map(idOf) };
      refuseKeyInBody(body, fieldName);
      if (match) {
        change(object, match, readBody(object, body, "update"), context);
        return { outcome: "updated", id: idOf(match) };
      }
      if (updateOnly) throw notFound();
      const written = readBody(object, { ...Object(body), [fieldName]: value }, "create");
      return { outcome: "created", id: insert(object, written, context) };
    },
    remove(object, id, context) {
      const current = rowOf(object, id);
      if (isDeleted(current)) throw refusal(404, "ENTITY_IS_DELETED", "entity is deleted", []);
      if (!fieldOf(object, "IsDeleted")) {
        throw refusal(
          400,
          "INSUFFICIENT_ACCESS_OR_READONLY",
          `${object.name} rows cannot be deleted`,
        );
      }
      store.put(object, { ...current, IsDeleted: true, ...modified(context.userId, now()) });
    },
    read(object, id) {
      const record = rowOf(object, id);
      if (isDeleted(record)) throw refusal(404, "ENTITY_IS_DELETED", "entity is deleted", []);
      return record;
    },
  };
}

/** A null in a creation means "not given": the default stands. */
function withoutNulls(written: SfRecord): SfRecord {
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== null));
}

/** The key of an upsert stands in the address and nowhere else. */
function refuseKeyInBody(body: unknown, fieldName: string): void {
  if (typeof body !== "object" || body === null) return;
  const inBody = Object.keys(body).some((name) => name.toLowerCase() === fieldName.toLowerCase());
  if (!inBody) return;
  throw refusal(
    400,
    "INVALID_FIELD",
    `The ${fieldName} field should not be specified in the sobject data.`,
    [fieldName],
  );
}
