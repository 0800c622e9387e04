/** How a path written in a flow is resolved against the data of a state. */
import type { Json } from "../model/json.ts";
import { parsePath, readPath, type PathSegment } from "../model/paths.ts";
import { pathNotFound } from "./fault.ts";
import type { Switches } from "./switches.ts";

/** The data that paths read, the rules they read by, and the warnings met on the way. */
export interface Scope {
  readonly data: Json;
  /** What the path `$` gives, when that is not all of the data. */
  readonly whole?: Json;
  readonly switches: Switches;
  /** Present when the switch pathSyntax admits all of JSONPath. */
  readonly query: JsonQuery | undefined;
  readonly warnings: string[];
}

/** Evaluates a JSONPath query: undefined when it is malformed or a singular query finds nothing. */
export type JsonQuery = (data: Json, path: string) => Json | undefined;

/** A path parsed once, before any run. */
export interface CompiledPath {
  readonly text: string;
  /** Absent when the text is not a reference path. */
  readonly segments: readonly PathSegment[] | undefined;
}

/** Parses a path; one that is not a reference path is kept, since a switch may admit it. */
export function compilePath(text: string): CompiledPath {
  const parsed = parsePath(text);
  return { text, segments: parsed.ok ? parsed.segments : undefined };
}

/** The value at a path, or undefined when there is none. */
export function find(path: CompiledPath, scope: Scope): Json | undefined {
  if (path.segments === undefined) return scope.query?.(scope.data, path.text);
  if (path.segments.length === 0) return scope.whole ?? scope.data;
  const read = readPath(scope.data, path.segments);
  return read.found ? read.value : undefined;
}

/** The value at a path. Throws the documented runtime error when there is none. */
export function resolve(path: CompiledPath, scope: Scope): Json {
  const value = find(path, scope);
  if (value === undefined) throw pathNotFound(path.text);
  return value;
}

/** JSONPath by RFC 9535. Loaded on demand, since hardly any run needs it. */
export async function loadJsonQuery(): Promise<JsonQuery> {
  const { compile } = await import("json-p3");
  return (data, path) => {
    try {
      const query = compile(path);
      const values = query.query(data).values() as Json[];
      return query.singularQuery() ? values[0] : values;
    } catch {
      return undefined;
    }
  };
}
