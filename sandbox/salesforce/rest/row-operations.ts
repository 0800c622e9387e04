/** Single records over REST: create, read, update, delete, and the same by an external id. */
import { noSuchColumn, notFound, refusal } from "../errors.ts";
import { fieldOf, type FieldSchema, type ObjectSchema, type SfRecord } from "../schema.ts";
import { idOf } from "../store.ts";
import {
  objectOf,
  writeContext,
  type Answer,
  type Call,
  type Operation,
  type RestDeps,
} from "./operation.ts";

const addressOf = (object: ObjectSchema, id: string, call: Call): string =>
  `${call.basePath}/sobjects/${object.name}/${id}`;

/** The fields that a read asks for. @throws SalesforceError 400 INVALID_FIELD */
export function selectFields(object: ObjectSchema, names: readonly string[]): FieldSchema[] {
  return names.map((name) => {
    const field = fieldOf(object, name);
    if (!field) throw refusal(400, "INVALID_FIELD", noSuchColumn(name, object.name));
    return field;
  });
}

/** A record as a read answers it. */
export function renderRecord(
  input: { object: ObjectSchema; record: SfRecord; fields: readonly FieldSchema[] },
  call: Call,
  deps: RestDeps,
): Record<string, unknown> {
  const { object, record, fields } = input;
  return {
    attributes: { type: object.name, url: addressOf(object, idOf(record), call) },
    ...Object.fromEntries(fields.map((one) => [one.name, deps.org.store.value(record, one)])),
    // Always present, asked for or not.
    Id: idOf(record),
  };
}

/** Several rows under one key: their addresses, and nothing done. */
function several(object: ObjectSchema, ids: readonly string[], call: Call): Answer {
  return { status: 300, body: ids.map((id) => addressOf(object, id, call)) };
}

/** The operations on one record. */
export function rowOperations(deps: RestDeps): Operation[] {
  const { org, schema } = deps;

  function answerRecord(object: ObjectSchema, record: SfRecord, call: Call): Answer {
    const asked = call.query["fields"];
    const fields = asked
      ? selectFields(
          object,
          asked.split(",").map((name) => name.trim()),
        )
      : object.fields;
    return { status: 200, body: renderRecord({ object, record, fields }, call, deps) };
  }

  function create(call: Call): Answer {
    const id = org.create(objectOf(call, schema), call.body, writeContext(call));
    return { status: 201, body: { id, success: true, errors: [] } };
  }

  function read(call: Call): Answer {
    const object = objectOf(call, schema);
    return answerRecord(object, org.read(object, call.params["id"] ?? ""), call);
  }

  function update(call: Call): Answer {
    org.update(objectOf(call, schema), call.params["id"] ?? "", call.body, writeContext(call));
    return { status: 204 };
  }

  function remove(call: Call): Answer {
    org.remove(objectOf(call, schema), call.params["id"] ?? "", writeContext(call));
    return { status: 204 };
  }

  /** Rows under `/{field}/{value}`. @throws SalesforceError 404 when there are none */
  function rowsByKey(call: Call): readonly SfRecord[] {
    const { field = "", value = "" } = call.params;
    const rows = org.readBy(objectOf(call, schema), field, value);
    if (rows.length === 0) throw notFound();
    return rows;
  }

  function readByKey(call: Call): Answer {
    const object = objectOf(call, schema);
    const rows = rowsByKey(call);
    const [row] = rows;
    if (!row || rows.length > 1) return several(object, rows.map(idOf), call);
    return answerRecord(object, row, call);
  }

  function removeByKey(call: Call): Answer {
    const object = objectOf(call, schema);
    const rows = rowsByKey(call);
    const [row] = rows;
    if (!row || rows.length > 1) return several(object, rows.map(idOf), call);
    org.remove(object, idOf(row), writeContext(call));
    return { status: 204 };
  }

  function upsert(call: Call): Answer {
    const object = objectOf(call, schema);
    const { field = "", value = "" } = call.params;
    const result = org.upsert({
      object,
      fieldName: field,
      value,
      body: call.body,
      updateOnly: call.query["updateOnly"] === "true",
      context: writeContext(call),
    });
    if (result.outcome === "ambiguous") return several(object, result.ids, call);
    const isNew = result.outcome === "created";
    if (!isNew && deps.upsertUpdateStatus === 204) return { status: 204 };
    return {
      status: isNew ? 201 : 200,
      body: { id: result.id, success: true, errors: [], created: isNew },
    };
  }

  return [
    { method: "POST", path: "/sobjects/:object", run: create },
    { method: "POST", path: "/sobjects/:object/", run: create },
    { method: "GET", path: "/sobjects/:object/:id", run: read },
    { method: "PATCH", path: "/sobjects/:object/:id", run: update },
    { method: "DELETE", path: "/sobjects/:object/:id", run: remove },
    { method: "GET", path: "/sobjects/:object/:field/:value", run: readByKey },
    { method: "PATCH", path: "/sobjects/:object/:field/:value", run: upsert },
    { method: "DELETE", path: "/sobjects/:object/:field/:value", run: removeByKey },
  ];
}
