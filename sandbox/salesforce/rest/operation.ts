/** What one REST operation is, apart from HTTP: composite requests run the same ones in a row. */
import type { Cursors } from "../cursors.ts";
import { notFound } from "../errors.ts";
import type { Org, WriteContext } from "../org.ts";
import type { ObjectSchema, Schema } from "../schema.ts";
import type { Usage } from "../usage.ts";

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  readonly userId: string;
  /** `/services/data/v68.0` */
  readonly basePath: string;
  /** The address under which the caller reached this host. */
  readonly origin: string;
}

export interface Answer {
  readonly status: number;
  /** Absent: no body at all. */
  readonly body?: unknown;
}

type Method = "GET" | "POST" | "PATCH" | "DELETE";

export interface Operation {
  readonly method: Method;
  /** Below `/services/data/vXX.X`, parameters as `:name`. */
  readonly path: string;
  readonly run: (call: Call) => Answer;
}

export interface RestDeps {
  readonly org: Org;
  /** What the integration user may see. */
  readonly schema: Schema;
  readonly cursors: Cursors;
  readonly usage: Usage;
  readonly now: () => Date;
  /** What an upsert that updates answers: 200 with a body, or 204 without (older versions). */
  readonly upsertUpdateStatus: 200 | 204;
  /** The server may send smaller pages than asked for. */
  readonly maxPageRows: number;
  readonly organizationId: string;
}

/** The object that the address names. @throws SalesforceError 404 */
export function objectOf(call: Call, schema: Schema): ObjectSchema {
  const object = schema.object(call.params["object"] ?? "");
  if (!object?.queryable) throw notFound();
  return object;
}

/** Who writes. Assignment rules run unless the header refuses them (`Sforce-Auto-Assign: FALSE`). */
export function writeContext(call: Call): WriteContext {
  const autoAssign = call.headers["sforce-auto-assign"]?.toUpperCase() !== "FALSE";
  return { userId: call.userId, autoAssign };
}

/** A segment of a path; one whose escapes are broken stands for itself. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The parameters when `path` (decoded segments) is an instance of the pattern. */
function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split("/");
  const parts = path.split("/");
  if (names.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = decodeSegment(parts[index] ?? "");
    if (name.startsWith(":")) params[name.slice(1)] = part;
    else if (name !== part) return undefined;
  }
  return params;
}

/** The operation behind a method and a path below the version; fixed words win over parameters. */
export function findOperation(
  operations: readonly Operation[],
  method: string,
  path: string,
): { readonly operation: Operation; readonly params: Record<string, string> } | undefined {
  const found = operations.flatMap((operation) => {
    const params = operation.method === method ? matchPath(operation.path, path) : undefined;
    return params ? [{ operation, params }] : [];
  });
  return found.sort((left, right) => countNames(left.params) - countNames(right.params))[0];
}

function countNames(params: object): number {
  return Object.keys(params).length;
}
