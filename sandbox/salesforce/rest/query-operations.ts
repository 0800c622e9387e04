/** Queries over REST: the first page, further pages by locator, and rows in the recycle bin. */
import type { Cursor } from "../cursors.ts";
import { refusal } from "../errors.ts";
import { findRows, renderRow, type Reader } from "../soql/evaluate.ts";
import { planQuery } from "../soql/plan.ts";
import type { Answer, Call, Operation, RestDeps } from "./operation.ts";

const MAX_BATCH = 2_000;
const MIN_BATCH = 200;

/** Rows a page: the `Sforce-Query-Options: batchSize=N` hint, held to 200 to 2,000. */
function batchSize(call: Call, maxPageRows: number): number {
  const asked = /batchSize\s*=\s*(\d+)/i.exec(call.headers["sforce-query-options"] ?? "")?.[1];
  const rows = Math.min(Math.max(Number(asked ?? MAX_BATCH), MIN_BATCH), MAX_BATCH);
  return Math.min(rows, maxPageRows);
}

/** The query operations. */
export function queryOperations(deps: RestDeps): Operation[] {
  const reader = (call: Call, includeDeleted: boolean): Reader => ({
    store: deps.org.store,
    schema: deps.schema,
    includeDeleted,
    basePath: call.basePath,
  });

  function page(cursor: Cursor, offset: number, call: Call, openId: () => string): Answer {
    const { plan, rows, pageRows } = cursor;
    const end = offset + pageRows;
    const done = end >= rows.length;
    const from = reader(call, cursor.includeDeleted);
    return {
      status: 200,
      body: {
        totalSize: rows.length,
        done,
        ...(done ? {} : { nextRecordsUrl: `${call.basePath}/query/${openId()}-${end}` }),
        records: rows.slice(offset, end).map((row) => renderRow(plan, row, from)),
      },
    };
  }

  function query(call: Call, includeDeleted: boolean): Answer {
    const text = call.query["q"];
    if (text === undefined) {
      throw refusal(400, "MALFORMED_QUERY", "A query string has to be specified");
    }
    const plan = planQuery({ text, schema: deps.schema, now: deps.now() });
    const rows = findRows(plan, reader(call, includeDeleted));
    if (plan.columns === "count") {
      return { status: 200, body: { totalSize: rows.length, done: true, records: [] } };
    }
    const pageRows = batchSize(call, deps.maxPageRows);
    const cursor = { plan, rows, includeDeleted, pageRows };
    return page(cursor, 0, call, () => deps.cursors.open(cursor));
  }

  function more(call: Call): Answer {
    const { cursor, id, offset } = deps.cursors.find(call.params["locator"] ?? "");
    return page(cursor, offset, call, () => id);
  }

  const first = (path: string, includeDeleted: boolean): Operation => ({
    method: "GET",
    path,
    run: (call) => query(call, includeDeleted),
  });

  return [
    first("/query", false),
    first("/query/", false),
    first("/queryAll", true),
    first("/queryAll/", true),
    { method: "GET", path: "/query/:locator", run: more },
    { method: "GET", path: "/queryAll/:locator", run: more },
  ];
}
