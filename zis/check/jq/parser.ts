/**
 * A jq program as a tree, for the part of jq whose programs have exactly one result: paths, literals,
 * arithmetic, comparisons, `if`, `as`, object and array construction, assignments, some plain functions.
 * Inside of `[...]` and `map(...)` there may be several results, or none: `.[]`, `select(...)`, `?`.
 */
import type { Json } from "../../model/json.ts";
import type { PathSegment } from "../../model/paths.ts";
import { type Token, tokensOf } from "./lexer.ts";

export type Expression =
  | { readonly kind: "input" }
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "call"; readonly name: FunctionName }
  | { readonly kind: "member"; readonly of: Expression; readonly key: PathSegment }
  | {
      readonly kind: "slice";
      readonly of: Expression;
      readonly from: number;
      readonly to: number | undefined;
    }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "assignment";
      readonly operator: string;
      readonly path: readonly PathSegment[];
      readonly right: Expression;
    }
  | { readonly kind: "pipe"; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: "binding";
      readonly name: string;
      readonly value: Expression;
      readonly body: Expression;
    }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Expression])[] }
  /** `.[]`: any of the items. */
  | { readonly kind: "each"; readonly of: Expression }
  /** `any`: an item stands for any number of results. */
  | { readonly kind: "array"; readonly items: readonly Expression[]; readonly any: boolean };

export type FunctionName = (typeof FUNCTIONS)[number];

const FUNCTIONS = ["not", "tonumber", "tostring", "length", "floor"] as const;
const KEYWORDS: ReadonlySet<string> = new Set(
  "and or as if then elif else end def reduce foreach try catch label import include __loc__".split(
    " ",
  ),
);

/** Weakest first; those of one row bind alike. Source: the jq manual and grammar. */
const LEVELS: readonly {
  readonly operators: readonly string[];
  readonly joins: "left" | "right" | "none";
}[] = [
  { operators: ["//"], joins: "right" },
  { operators: ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="], joins: "none" },
  { operators: ["or"], joins: "left" },
  { operators: ["and"], joins: "left" },
  { operators: ["==", "!=", "<", "<=", ">", ">="], joins: "none" },
  { operators: ["+", "-"], joins: "left" },
  { operators: ["*", "/", "%"], joins: "left" },
];
const ASSIGNMENTS = new Set(LEVELS[1]?.operators);

/** Brackets inside each other; more would overflow the stack. */
const MAX_DEPTH = 100;

const INPUT: Expression = { kind: "input" };

/** The program's tree; undefined when it is not of the part of jq that is understood here. */
export function parseProgram(program: string): Expression | undefined {
  const tokens = tokensOf(program);
  if (tokens === undefined || tokens.length === 0) return undefined;
  const reader: Reader = { tokens, at: 0, depth: 0, inArray: false, any: false };
  try {
    const tree = pipe(reader);
    return reader.at === tokens.length ? tree : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

class NotUnderstood extends Error {}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  /** Whether any number of results is allowed here. */
  inArray: boolean;
  /** Whether any number of results was met in the array that is being read. */
  any: boolean;
}

/** `A | B`, and `TERM as $name | B`, whose body reaches as far as it can. */
function pipe(reader: Reader): Expression {
  if (++reader.depth > MAX_DEPTH) throw new NotUnderstood();
  const whole = bindsNext(reader) ? binding(reader) : steps(reader);
  reader.depth--;
  return whole;
}

function steps(reader: Reader): Expression {
  const left = chain(reader, 0);
  return skip(reader, "|") ? { kind: "pipe", left, right: pipe(reader) } : left;
}

function binding(reader: Reader): Expression {
  const value = postfix(reader);
  expectWord(reader, "as");
  const variable = reader.tokens[reader.at++];
  if (variable?.kind !== "variable") throw new NotUnderstood();
  expect(reader, "|");
  return { kind: "binding", name: variable.text, value, body: pipe(reader) };
}

/** True when `as` follows the next term. Looked up first: reading terms twice would take forever. */
function bindsNext({ tokens, at }: Reader): boolean {
  let depth = 0;
  for (let index = at; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind === "symbol" && "([{".includes(token.text)) depth++;
    else if (token?.kind === "symbol" && ")]}".includes(token.text)) depth--;
    else if (depth > 0 || token?.kind === "field" || isDotOrTry(token)) continue;
    else if (token?.kind === "word" && token.text === "as") return true;
    else if (index > at) return false;
    if (depth < 0) return false;
  }
  return false;
}

function isDotOrTry(token: Token | undefined): boolean {
  return token?.kind === "symbol" && (token.text === "." || token.text === "?");
}

function chain(reader: Reader, level: number): Expression {
  const row = LEVELS[level];
  if (row === undefined) return signed(reader);
  let left = chain(reader, level + 1);
  for (;;) {
    const operator = row.operators.find((each) => skip(reader, each) || skipWord(reader, each));
    if (operator === undefined) return left;
    // `|=` takes the first result and deletes when there is none.
    const inArray = reader.inArray;
    if (operator === "|=") reader.inArray = false;
    const right = chain(reader, row.joins === "right" ? level : level + 1);
    reader.inArray = inArray;
    left = ASSIGNMENTS.has(operator)
      ? { kind: "assignment", operator, path: pathOf(left), right }
      : { kind: "binary", operator, left, right };
    if (row.joins !== "left") return left;
  }
}

/** What can be assigned to: a path from the input. */
function pathOf(expression: Expression): PathSegment[] {
  if (expression.kind === "input") return [];
  if (expression.kind === "member") return [...pathOf(expression.of), expression.key];
  throw new NotUnderstood();
}

function signed(reader: Reader): Expression {
  if (!skip(reader, "-")) return postfix(reader);
  const next = reader.tokens[reader.at++];
  if (next?.kind !== "number" || next.value === 0) throw new NotUnderstood();
  return { kind: "literal", value: -next.value };
}

function postfix(reader: Reader): Expression {
  let term = primary(reader);
  for (;;) {
    const next = reader.tokens[reader.at];
    if (next?.kind === "field") {
      reader.at++;
      term = { kind: "member", of: term, key: next.text };
    } else if (skip(reader, "[")) term = bracketed(reader, term);
    else if (skip(reader, "?")) severalResults(reader);
    else return term;
  }
}

/** What follows `TERM[`: an index, a quoted name or a slice. */
function bracketed(reader: Reader, of: Expression): Expression {
  const first = reader.tokens[reader.at];
  if (first?.kind === "string") {
    reader.at++;
    expect(reader, "]");
    return { kind: "member", of, key: first.value };
  }
  const from = wholeNumber(reader);
  if (skip(reader, ":")) {
    const to = wholeNumber(reader);
    expect(reader, "]");
    return { kind: "slice", of, from: from ?? 0, to };
  }
  expect(reader, "]");
  if (from !== undefined) return { kind: "member", of, key: from };
  severalResults(reader);
  return { kind: "each", of };
}

/** Notes that any number of results may come out here. */
function severalResults(reader: Reader): void {
  if (!reader.inArray) throw new NotUnderstood();
  reader.any = true;
}

function wholeNumber(reader: Reader): number | undefined {
  const next = reader.tokens[reader.at];
  if (next?.kind !== "number") return undefined;
  if (!Number.isSafeInteger(next.value)) throw new NotUnderstood();
  reader.at++;
  return next.value;
}

function primary(reader: Reader): Expression {
  const token = reader.tokens[reader.at++];
  switch (token?.kind) {
    case "field":
      return { kind: "member", of: INPUT, key: token.text };
    case "number":
    case "string":
      return { kind: "literal", value: token.value };
    case "variable":
      return { kind: "variable", name: token.text };
    case "word":
      return word(reader, token.text);
    case "symbol":
      return opened(reader, token.text);
    case undefined:
      break;
  }
  throw new NotUnderstood();
}

function word(reader: Reader, name: string): Expression {
  if (name === "if") return conditional(reader);
  if (name === "null") return { kind: "literal", value: null };
  if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
  if (name === "select" && isSymbol(reader, "(")) return selected(reader);
  if (name === "map" && isSymbol(reader, "(")) return mapped(reader);
  const known = FUNCTIONS.find((each) => each === name);
  if (known === undefined || isSymbol(reader, "(")) throw new NotUnderstood();
  return { kind: "call", name: known };
}

/** `select(...)` gives its input or nothing, whatever stands in it. */
function selected(reader: Reader): Expression {
  severalResults(reader);
  let depth = 0;
  do {
    const token = reader.tokens[reader.at++];
    if (token === undefined) throw new NotUnderstood();
    if (token.kind !== "symbol") continue;
    if ("([{".includes(token.text)) depth++;
    else if (")]}".includes(token.text)) depth--;
  } while (depth > 0);
  return INPUT;
}

/** `map(...)` is `[.[] | ...]`. */
function mapped(reader: Reader): Expression {
  expect(reader, "(");
  const { value: right } = inside(reader, () => pipe(reader));
  expect(reader, ")");
  const left: Expression = { kind: "each", of: INPUT };
  return { kind: "array", items: [{ kind: "pipe", left, right }], any: true };
}

/** Reads what stands in an array, and says whether it may have any number of results. */
function inside<T>(reader: Reader, read: () => T): { value: T; any: boolean } {
  const { inArray, any: outer } = reader;
  reader.inArray = true;
  reader.any = false;
  const value = read();
  const { any } = reader;
  reader.inArray = inArray;
  reader.any = outer;
  return { value, any };
}

function opened(reader: Reader, symbol: string): Expression {
  if (symbol === ".") {
    const next = reader.tokens[reader.at];
    if (next?.kind !== "string") return INPUT;
    reader.at++;
    return { kind: "member", of: INPUT, key: next.value };
  }
  if (symbol === "(") {
    const inner = pipe(reader);
    expect(reader, ")");
    return inner;
  }
  if (symbol === "[") return array(reader);
  if (symbol === "{") return { kind: "object", members: list(reader, "}", member) };
  throw new NotUnderstood();
}

/** Of several items none may be a pipe: `[.a | .b, .c]` is `[.a | (.b, .c)]`. */
function array(reader: Reader): Expression {
  const isPlain = ({ kind }: Expression): boolean => kind !== "pipe" && kind !== "binding";
  const { value: items, any } = inside(reader, () => list(reader, "]", pipe));
  if (items.length > 1 && !items.every(isPlain)) throw new NotUnderstood();
  return { kind: "array", items, any };
}

function list<T>(reader: Reader, close: string, item: (reader: Reader) => T): T[] {
  const items: T[] = [];
  if (skip(reader, close)) return items;
  do items.push(item(reader));
  while (skip(reader, ","));
  expect(reader, close);
  return items;
}

function member(reader: Reader): readonly [string, Expression] {
  const token = reader.tokens[reader.at++];
  const name =
    token?.kind === "string" ? token.value : token?.kind === "word" ? token.text : undefined;
  if (name !== undefined) {
    if (skip(reader, ":")) return [name, pipe(reader)];
    if (token?.kind === "word" && KEYWORDS.has(name)) throw new NotUnderstood();
    return [name, { kind: "member", of: INPUT, key: name }];
  }
  if (token?.kind !== "variable" || KEYWORDS.has(token.text)) throw new NotUnderstood();
  return [token.text, { kind: "variable", name: token.text }];
}

function conditional(reader: Reader): Expression {
  const condition = pipe(reader);
  expectWord(reader, "then");
  const yes = pipe(reader);
  if (skipWord(reader, "elif")) return { kind: "if", condition, yes, no: conditional(reader) };
  const no = skipWord(reader, "else") ? pipe(reader) : INPUT;
  expectWord(reader, "end");
  return { kind: "if", condition, yes, no };
}

function isSymbol({ tokens, at }: Reader, text: string): boolean {
  const token = tokens[at];
  return token?.kind === "symbol" && token.text === text;
}

function skip(reader: Reader, text: string): boolean {
  const found = isSymbol(reader, text);
  if (found) reader.at++;
  return found;
}

function skipWord(reader: Reader, text: string): boolean {
  const token = reader.tokens[reader.at];
  const found = token?.kind === "word" && token.text === text;
  if (found) reader.at++;
  return found;
}

function expect(reader: Reader, text: string): void {
  if (!skip(reader, text)) throw new NotUnderstood();
}

function expectWord(reader: Reader, text: string): void {
  if (!skipWord(reader, text)) throw new NotUnderstood();
}
