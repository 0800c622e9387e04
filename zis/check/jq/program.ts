/** What a Jq state makes of the flow's data, as far as that is known without running it. */
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { JQ_ACTION } from "../../model/names.ts";
import { type PathSegment, readPath, segmentsOf } from "../../model/paths.ts";
import { evaluate, type Known, type ReadData } from "./evaluate.ts";
import { tokensOf } from "./lexer.ts";
import { parseProgram } from "./parser.ts";
import { sliceLength } from "./slice.ts";
import { known, UNKNOWN, type Value } from "./value.ts";

export interface JqProgram {
  /** The result, given what is known about the data. */
  readonly run: (read: ReadData) => Value;
  /** The result when nothing is known about the data. */
  readonly result: Value;
  /** Places of the data on which the result depends. */
  readonly reads: readonly (readonly PathSegment[])[];
}

/** Longer programs are not looked at. */
const MAX_LENGTH = 100_000;

const programs = new WeakMap<JsonObject, { readonly program: JqProgram | undefined }>();

/** The program of an Action state; undefined when it is not Jq, or nothing is known about its result. */
export function jqProgramOf(state: JsonObject): JqProgram | undefined {
  const entry = programs.get(state) ?? { program: readProgram(state) };
  programs.set(state, entry);
  return entry.program;
}

function readProgram(state: JsonObject): JqProgram | undefined {
  const parameters = state["Parameters"];
  if (state["ActionName"] !== JQ_ACTION || !isJsonObject(parameters)) return undefined;
  const { expr } = parameters;
  if (typeof expr !== "string" || expr.length > MAX_LENGTH || "expr.$" in parameters)
    return undefined;
  const constant = constantOf(expr);
  if (constant !== undefined) return programOf(() => constant);
  const tokens = tokensOf(expr);
  const tree = tokens && parseProgram(tokens);
  const atMost = tokens && sliceLength(tokens);
  if (tree === undefined && atMost === undefined) return undefined;
  const input = inputOf(parameters);
  return programOf((read) => limited(tree ? evaluate(tree, input, read) : UNKNOWN, atMost));
}

/** What is known by the last step too, where it is a slice. */
function limited(value: Value, atMost: number | undefined): Value {
  if (atMost === undefined) return value;
  if (value.kind === "unknown") return { kind: "array", item: UNKNOWN, atMost };
  return value.kind === "array" && value.atMost === undefined ? { ...value, atMost } : value;
}

function programOf(run: JqProgram["run"]): JqProgram {
  const reads: (readonly PathSegment[])[] = [];
  const result = run((at) => {
    reads.push(at);
    return undefined;
  });
  return { run, result, reads: [...reads, ...copiesIn(result)] };
}

/** Constants may be long, and are read by the JSON parser; a text with an interpolation is not one. */
function constantOf(expr: string): Value | undefined {
  if (!/^\s*[-\d"[{tfn]/.test(expr)) return undefined;
  try {
    return known(JSON.parse(expr) as Json);
  } catch {
    return undefined;
  }
}

function inputOf(parameters: JsonObject): Value {
  const path = parameters["data.$"];
  const text = parameters["data"];
  if (typeof path === "string" && text === undefined) {
    const at = segmentsOf(path);
    return at ? { kind: "data", at } : UNKNOWN;
  }
  if (typeof text !== "string" || path !== undefined) return UNKNOWN;
  return constantOf(text) ?? UNKNOWN;
}

function* copiesIn(value: Value): Generator<readonly PathSegment[]> {
  if (value.kind === "data") yield value.at;
  if (value.kind === "changed")
    for (const member of value.members.values()) yield* copiesIn(member);
  if (value.kind === "array") yield* copiesIn(value.item);
}

const ABSENT: Known = { kind: "absent" };

/** What is known about one place inside a result. */
export function knownAt(value: Value, path: readonly PathSegment[], read: ReadData): Known {
  const [key, ...rest] = path;
  switch (value.kind) {
    case "known":
      return knownIn(value.value, path);
    case "data": {
      const fact = read([...value.at, ...path]);
      // What is not there comes out of jq as null.
      return fact?.kind === "absent" && key === undefined ? { kind: "value", value: null } : fact;
    }
    case "changed": {
      if (key === undefined) return undefined;
      const own = value.members.get(key);
      if (own !== undefined) return knownAt(own, rest, read);
      if (value.base === undefined) return ABSENT;
      const before = knownAt(value.base, path, read);
      // An item put past the end of an array makes others before it.
      const mayGrow = before?.kind === "absent" && typeof key === "number";
      return mayGrow ? undefined : before;
    }
    case "array": {
      const { atMost } = value;
      return key === undefined && atMost !== undefined ? { kind: "array", atMost } : undefined;
    }
    case "unknown":
      break;
  }
  return undefined;
}

/** What is known about one place inside a constant; an object is not a fact. */
export function knownIn(constant: Json, path: readonly PathSegment[]): Known {
  const found = readPath(constant, path);
  if (!found.found) return ABSENT;
  const { value } = found;
  if (Array.isArray(value)) return { kind: "array", atMost: value.length };
  return isJsonObject(value) ? undefined : { kind: "value", value };
}
