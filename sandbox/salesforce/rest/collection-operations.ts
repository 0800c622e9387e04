/** Up to 200 records in one request, each with its own result; all or none when asked. */
import { refusal, SalesforceError } from "../errors.ts";
import type { ObjectSchema } from "../schema.ts";
import {
  objectOf,
  writeContext,
  type Answer,
  type Call,
  type Operation,
  type RestDeps,
} from "./operation.ts";
import { renderRecord, selectFields } from "./row-operations.ts";

const MAX_RECORDS = 200;
/** Reads take more ids than writes take records (inferred). */
const MAX_READ_IDS = 2_000;

type Fields = Readonly<Record<string, unknown>>;

/** Entries name their code `statusCode`, unlike errors of whole requests. */
type RecordResult =
  | {
      readonly success: true;
      readonly id: string;
      readonly errors: readonly [];
      readonly created?: boolean;
    }
  | { readonly success: false; readonly errors: readonly Fields[] };

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function recordsOf(call: Call): { records: readonly Fields[]; allOrNone: boolean } {
  const body = isFields(call.body) ? call.body : {};
  const records = body["records"];
  if (!Array.isArray(records) || !records.every(isFields)) {
    throw refusal(400, "JSON_PARSER_ERROR", "The request body must hold a list of records");
  }
  checkCount(records.length);
  return { records, allOrNone: body["allOrNone"] === true };
}

function checkCount(count: number): void {
  if (count <= MAX_RECORDS) return;
  throw refusal(
    400,
    "EXCEEDED_MAX_SIZE_REQUEST",
    `record limit reached. cannot submit more than ${MAX_RECORDS} records into this call`,
  );
}

function failure(error: unknown): RecordResult {
  if (!(error instanceof SalesforceError)) throw error;
  return {
    success: false,
    errors: error.errors.map(({ errorCode, message, fields }) => ({
      statusCode: errorCode,
      message,
      fields: fields ?? [],
    })),
  };
}

const rolledBack: RecordResult = {
  success: false,
  errors: [
    {
      statusCode: "ALL_OR_NONE_OPERATION_ROLLED_BACK",
      message:
        "Record rolled back because not all records were valid and the request was using " +
        "AllOrNone header",
      fields: [],
    },
  ],
};

/** Fields without the id that an update names in the record itself. */
function splitId(record: Fields): { id: string; fields: Fields } {
  const entries = Object.entries(record);
  const id = entries.find(([name]) => name.toLowerCase() === "id")?.[1];
  return {
    id: typeof id === "string" ? id : "",
    fields: Object.fromEntries(entries.filter(([name]) => name.toLowerCase() !== "id")),
  };
}

/** The operations on many records. */
export function collectionOperations(deps: RestDeps): Operation[] {
  const { org, schema } = deps;

  function each<T>(
    items: readonly T[],
    allOrNone: boolean,
    write: (item: T) => RecordResult,
  ): Answer {
    const before = org.store.snapshot();
    const results = items.map((item) => {
      try {
        return write(item);
      } catch (error) {
        return failure(error);
      }
    });
    if (!allOrNone || results.every((result) => result.success)) {
      return { status: 200, body: results };
    }
    org.store.restore(before);
    return { status: 200, body: results.map((result) => (result.success ? rolledBack : result)) };
  }

  function typeOf(record: Fields): ObjectSchema {
    const attributes = isFields(record["attributes"]) ? record["attributes"] : {};
    const object = schema.object(String(attributes["type"]));
    if (object?.queryable) return object;
    throw refusal(
      400,
      "INVALID_TYPE",
      `sObject type '${String(attributes["type"])}' is not supported.`,
    );
  }

  function create(call: Call): Answer {
    const { records, allOrNone } = recordsOf(call);
    return each(records, allOrNone, (record) => ({
      success: true,
      id: org.create(typeOf(record), record, writeContext(call)),
      errors: [],
    }));
  }

  function update(call: Call): Answer {
    const { records, allOrNone } = recordsOf(call);
    return each(records, allOrNone, (record) => {
      const { id, fields } = splitId(record);
      const object = typeOf(record);
      org.update(object, id, fields, writeContext(call));
      return { success: true, id: String(org.read(object, id)["Id"]), errors: [] };
    });
  }

  function upsert(call: Call): Answer {
    const { records, allOrNone } = recordsOf(call);
    const object = objectOf(call, schema);
    const fieldName = call.params["field"] ?? "";
    return each(records, allOrNone, (record) => {
      const { [fieldName]: value, ...body } = record;
      if (typeof value !== "string") {
        throw refusal(400, "MISSING_ARGUMENT", `${fieldName} not specified`, []);
      }
      const context = writeContext(call);
      const result = org.upsert({ object, fieldName, value, body, updateOnly: false, context });
      if (result.outcome === "ambiguous") {
        throw refusal(
          400,
          "DUPLICATE_EXTERNAL_ID",
          `${fieldName}: more than one record found for external id field`,
          [],
        );
      }
      return { success: true, id: result.id, errors: [], created: result.outcome === "created" };
    });
  }

  function remove(call: Call): Answer {
    const ids = (call.query["ids"] ?? "").split(",").filter((id) => id !== "");
    checkCount(ids.length);
    return each(ids, call.query["allOrNone"] === "true", (id) => {
      const object = schema.objectOfId(id);
      if (!object?.queryable) throw refusal(400, "MALFORMED_ID", `bad id ${id}`, []);
      org.remove(object, id, writeContext(call));
      return { success: true, id, errors: [] };
    });
  }

  /** Unknown ids leave a null in their place. */
  function retrieve(call: Call): Answer {
    const object = objectOf(call, schema);
    const body = isFields(call.body) ? call.body : {};
    const ids: unknown = body["ids"];
    const names: unknown = body["fields"];
    if (!Array.isArray(ids) || !Array.isArray(names) || ids.length > MAX_READ_IDS) {
      throw refusal(
        400,
        "JSON_PARSER_ERROR",
        "The request body must hold the lists ids and fields",
      );
    }
    const fields = selectFields(object, names.map(String));
    return {
      status: 200,
      body: ids.map((id) => {
        try {
          return renderRecord({ object, record: org.read(object, String(id)), fields }, call, deps);
        } catch (error) {
          if (error instanceof SalesforceError) return null;
          throw error;
        }
      }),
    };
  }

  return [
    { method: "POST", path: "/composite/sobjects", run: create },
    { method: "PATCH", path: "/composite/sobjects", run: update },
    { method: "DELETE", path: "/composite/sobjects", run: remove },
    { method: "POST", path: "/composite/sobjects/:object", run: retrieve },
    { method: "PATCH", path: "/composite/sobjects/:object/:field", run: upsert },
  ];
}
