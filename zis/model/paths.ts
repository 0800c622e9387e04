/**
 * What a reference path is (`$`, `$.a.b`, `$.a[0].b`, `$['odd key']`), read, written and found in text.
 *
 * The public ZIS bundles and pages use nothing else of JSONPath: no filter, slice or wildcard. That the
 * rest is unsupported is inferred from that.
 */
import { isJsonObject, type Json, type JsonObject } from "./json.ts";

/** A member name, or an index into an array. */
export type PathSegment = string | number;

export type ParsedPath =
  | { readonly ok: true; readonly segments: readonly PathSegment[] }
  | {
      readonly ok: false;
      /** Offset in the text, in UTF-16 units, of the first character that is wrong. */
      readonly position: number;
      readonly message: string;
    };

/** A `{{$.x}}` in a text. */
export interface Placeholder {
  /** Offset of the first brace. */
  readonly start: number;
  /** Offset just past the last brace. */
  readonly end: number;
  /** What stands between the braces, without surrounding blanks. */
  readonly path: string;
  /** Positions of its errors count from the start of `path`. */
  readonly parsed: ParsedPath;
}

const PLACEHOLDER = /\{\{\s*(\$[^{}]*?)\s*\}\}/g;
const PLAIN_NAME = /[^.[\]{}()'"*?@,:\s]+/y;
const INDEX = /0|[1-9][0-9]*/y;

type Step =
  | { readonly segment: PathSegment; readonly end: number }
  | { readonly position: number; readonly message: string };

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}

function dotStep(text: string, position: number): Step {
  const start = position + 1;
  const name = matchAt(PLAIN_NAME, text, start);
  if (name !== undefined) return { segment: name, end: start + name.length };
  const next = text[start];
  if (next === ".") return { position: start, message: 'the descent ".." is not supported' };
  if (next === "*") return { position: start, message: 'the wildcard "*" is not supported' };
  return { position: start, message: 'a member name must follow "."' };
}

function quotedStep(text: string, position: number): Step {
  const quote = text[position + 1];
  let name = "";
  for (let at = position + 2; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === quote) {
      if (text[at + 1] === "]") return { segment: name, end: at + 2 };
      return { position: at + 1, message: '"]" must follow the closing quote' };
    }
    if (char !== "\\") {
      name += char;
      continue;
    }
    const escaped = text[at + 1];
    if (escaped !== quote && escaped !== "\\") {
      return { position: at, message: "a backslash may stand only before a quote or a backslash" };
    }
    name += escaped;
    at += 1;
  }
  return { position: text.length, message: "the quoted member name is not closed" };
}

function bracketStep(text: string, position: number): Step {
  const start = position + 1;
  const first = text[start];
  if (first === "'" || first === '"') return quotedStep(text, position);
  if (first === "*") return { position: start, message: 'the wildcard "*" is not supported' };
  if (first === "?") return { position: start, message: "filters are not supported" };
  if (first === "-") return { position: start, message: "negative indexes are not supported" };
  const digits = matchAt(INDEX, text, start);
  if (digits === undefined) {
    return { position: start, message: 'an index or a quoted member name must follow "["' };
  }
  const end = start + digits.length;
  if (text[end] === ":") return { position: end, message: "slices are not supported" };
  if (text[end] === ",") return { position: end, message: "unions are not supported" };
  if (text[end] !== "]") return { position: end, message: '"]" must follow the index' };
  if (!Number.isSafeInteger(Number(digits))) {
    return { position: start, message: "the index is too large" };
  }
  return { segment: Number(digits), end: end + 1 };
}

function nextStep(text: string, position: number): Step {
  if (text[position] === ".") return dotStep(text, position);
  if (text[position] === "[") return bracketStep(text, position);
  return { position, message: 'only "." or "[" may follow here' };
}

/**
 * Parses a reference path. Never throws; a refusal says where (the offset of the first wrong character)
 * and why.
 */
export function parsePath(text: string): ParsedPath {
  if (text[0] !== "$") return { ok: false, position: 0, message: 'a path begins with "$"' };
  const segments: PathSegment[] = [];
  let position = 1;
  while (position < text.length) {
    const step = nextStep(text, position);
    if ("message" in step) return { ok: false, ...step };
    segments.push(step.segment);
    position = step.end;
  }
  return { ok: true, segments };
}

/** The segments of a path; undefined for what is not one. */
export function segmentsOf(path: unknown): readonly PathSegment[] | undefined {
  const parsed = typeof path === "string" ? parsePath(path) : undefined;
  return parsed?.ok ? parsed.segments : undefined;
}

/** True for a path and everything below it. */
export function isPrefix(prefix: readonly PathSegment[], path: readonly PathSegment[]): boolean {
  return prefix.every((segment, index) => segment === path[index]);
}

/** The value at a path. A value of null is found; a member of a non-object is not. */
export function readPath(
  data: Json,
  segments: readonly PathSegment[],
): { readonly found: true; readonly value: Json } | { readonly found: false } {
  let value = data;
  for (const segment of segments) {
    const next = child(value, segment);
    if (next === undefined) return { found: false };
    value = next;
  }
  return { found: true, value };
}

function child(value: Json, segment: PathSegment): Json | undefined {
  if (typeof segment === "number") return Array.isArray(value) ? value[segment] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
}

/**
 * New data with `value` at the path; whatever is not on the way is shared with the old data. Missing
 * objects are made and scalars on the way are replaced by objects.
 *
 * @returns undefined when an index on the way names no element of an array: arrays never grow by a path.
 */
export function writePath(
  data: Json,
  segments: readonly PathSegment[],
  value: Json,
): Json | undefined {
  return writeFrom(data, segments, 0, value);
}

function writeFrom(
  data: Json | undefined,
  segments: readonly PathSegment[],
  depth: number,
  value: Json,
): Json | undefined {
  const segment = segments[depth];
  if (segment === undefined) return value;
  if (typeof segment === "number") {
    if (!Array.isArray(data) || segment >= data.length) return undefined;
    const element = writeFrom(data[segment], segments, depth + 1, value);
    return element === undefined ? undefined : data.with(segment, element);
  }
  const parent: JsonObject = isJsonObject(data) ? data : {};
  const member = Object.hasOwn(parent, segment) ? parent[segment] : undefined;
  const written = writeFrom(member, segments, depth + 1, value);
  // A computed key makes an own member even of "__proto__".
  return written === undefined ? undefined : { ...parent, [segment]: written };
}

/** The `{{$.x}}` of a text, from left to right. Braces around anything but a path are plain text. */
export function placeholders(text: string): readonly Placeholder[] {
  if (!text.includes("{{")) return [];
  return Array.from(text.matchAll(PLACEHOLDER), (match) => {
    const path = match[1] ?? "";
    return {
      start: match.index,
      end: match.index + match[0].length,
      path,
      parsed: parsePath(path),
    };
  });
}
