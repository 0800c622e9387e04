/**
 * What can be said about a jq program's result without running it: a constant, a counter, or an array of
 * at most so many items. Only these plain forms are recognised; of all others nothing is known.
 */
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { JQ_ACTION } from "../model/names.ts";
import { parsePath, type PathSegment } from "../model/paths.ts";

export type JqFact =
  | { readonly kind: "constant"; readonly value: Json }
  | CounterFact
  | { readonly kind: "slice"; readonly atMost: number };

interface CounterFact {
  readonly kind: "counter";
  /** Where the counter stands in the flow's data. */
  readonly source: readonly PathSegment[];
  /** Its value when it is null or not there; undefined when jq would fail. */
  readonly fallback: number | undefined;
  readonly add: number;
  /** `.n += 1`: the result is the data with the counter changed; where the data stand. */
  readonly inPlaceOf?: readonly PathSegment[];
}

const PATH = String.raw`\.(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)?`;
const NUMBER = String.raw`\d{1,15}(?:\.\d{1,6})?`;
const COUNTER = new RegExp(
  String.raw`^(?:(${PATH})|\(\s*(${PATH})\s*(?:\/\/\s*(${NUMBER})\s*)?\))\s*([+-])\s*(${NUMBER})$`,
);
const IN_PLACE = new RegExp(String.raw`^(${PATH})\s*([+-])=\s*(${NUMBER})$`);
const SLICE = new RegExp(
  String.raw`^(?:${PATH}|(\(.*\)|\[.*\]))\s*\[\s*0?\s*:\s*(\d{1,9})\s*\]$`,
  "s",
);

/** What is known about the result of an Action state; undefined when it is no Jq, or nothing is known. */
export function jqFactOf(state: JsonObject): JqFact | undefined {
  const parameters = state["Parameters"];
  if (state["ActionName"] !== JQ_ACTION || !isJsonObject(parameters)) return undefined;
  const { expr } = parameters;
  if (typeof expr !== "string" || expr.length > 100_000) return undefined;
  const program = unwrap(expr.trim());
  return constant(program) ?? slice(program) ?? counter(program, parameters["data.$"]);
}

/** Without parentheses around the whole. */
function unwrap(program: string): string {
  const inner = program.slice(1, -1);
  return program.startsWith("(") && program.endsWith(")") && closesItself(inner)
    ? unwrap(inner.trim())
    : program;
}

function constant(program: string): JqFact | undefined {
  // Strings may interpolate and objects may be computed; JSON.parse accepts neither.
  if (!/^[-\d"[{tfn]/.test(program)) return undefined;
  try {
    return { kind: "constant", value: JSON.parse(program) as Json };
  } catch {
    return undefined;
  }
}

/** `... | TERM[0:N]`: whatever stands before the last pipe, at most N items come out of an array. */
function slice(program: string): JqFact | undefined {
  const match = SLICE.exec(afterLastPipe(program) ?? "");
  if (!match) return undefined;
  const [, bracketed, atMost] = match;
  if (bracketed !== undefined && !closesItself(bracketed.slice(1, -1))) return undefined;
  return { kind: "slice", atMost: Number(atMost) };
}

function counter(program: string, data: Json | undefined): JqFact | undefined {
  const parsed = typeof data === "string" ? parsePath(data) : undefined;
  if (!parsed?.ok) return undefined;
  const source = (path: string) => [
    ...parsed.segments,
    ...path.split(".").filter((name) => name !== ""),
  ];
  const inPlace = IN_PLACE.exec(program);
  if (inPlace) {
    const [, path = ".", sign, amount] = inPlace;
    const add = signed(sign, amount);
    return {
      kind: "counter",
      source: source(path),
      fallback: add > 0 ? 0 : undefined,
      add,
      inPlaceOf: parsed.segments,
    };
  }
  const match = COUNTER.exec(program);
  if (!match) return undefined;
  const [, bare, wrapped, otherwise, sign, amount] = match;
  const add = signed(sign, amount);
  // null + 1 is 1 in jq; null - 1 is an error.
  const ofNull = sign === "+" ? 0 : undefined;
  const fallback = otherwise === undefined ? ofNull : Number(otherwise);
  return { kind: "counter", source: source(bare ?? wrapped ?? "."), fallback, add };
}

function signed(sign: string | undefined, amount: string | undefined): number {
  return sign === "-" ? -Number(amount) : Number(amount);
}

/** What stands after the last `|` outside brackets; undefined when brackets do not match. */
function afterLastPipe(program: string): string | undefined {
  let start = 0;
  for (const { at, character } of outsideBrackets(program)) {
    if (character === undefined) return undefined;
    if (character === "|") start = at + 1;
  }
  return program.slice(start).trim();
}

/** True when every bracket of the text closes inside it. */
function closesItself(text: string): boolean {
  for (const { character } of outsideBrackets(text)) if (character === undefined) return false;
  return true;
}

/**
 * The characters outside brackets and strings. One without a character comes where brackets do not match,
 * and where a comment or a string with an interpolation makes the text hard to read.
 */
function* outsideBrackets(text: string): Generator<{ at: number; character: string | undefined }> {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === '"') at = endOfString(text, at) ?? text.length;
    else if (depth === 0 && character !== "#") yield { at, character };
    if (depth < 0 || character === "#" || at === text.length) {
      yield { at, character: undefined };
      return;
    }
  }
  if (depth > 0) yield { at: text.length, character: undefined };
}

function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at;
    if (text[at] !== "\\") continue;
    at++;
    if (text[at] === "(") return undefined;
  }
  return undefined;
}
