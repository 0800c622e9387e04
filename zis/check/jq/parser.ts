/**
 * Reads the part of jq whose programs have exactly one result: paths, literals, arithmetic, comparisons, `if`,
 * `as`, object and array construction, assignments, some plain functions. Inside of `[...]` and `map(...)`
 * there may be several results, or none: `.[]`, `select(...)`, `?`.
 */
import type { PathSegment } from "../../model/paths.ts";
import type { Expression } from "./expression.ts";
import type { Token } from "./lexer.ts";
import {
  expect,
  inside,
  isNext,
  NotUnderstood,
  type Reader,
  severalResults,
  skip,
  wholeNumber,
} from "./reader.ts";

const FUNCTIONS: ReadonlySet<string> = new Set(["not", "tonumber", "tostring", "length", "floor"]);

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

/** Longer programs are not read. */
const MAX_TOKENS = 2000;

/** Brackets inside each other; more would overflow the stack. */
const MAX_DEPTH = 100;

const INPUT: Expression = { kind: "input" };

/** The program's tree; undefined when it is not of the part of jq that is understood here. */
export function parseProgram(tokens: readonly Token[]): Expression | undefined {
  if (tokens.length > MAX_TOKENS) return undefined;
  const reader: Reader = { tokens, at: 0, depth: 0, inArray: false, any: false };
  try {
    const tree = pipe(reader);
    return reader.at === tokens.length ? tree : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

/** `A | B`, and `TERM as $name | B`, whose body reaches as far as it can. */
function pipe(reader: Reader): Expression {
  if (++reader.depth > MAX_DEPTH) throw new NotUnderstood();
  const first = postfix(reader);
  const whole = skip(reader, "as") ? binding(reader, first) : steps(reader, first);
  reader.depth--;
  return whole;
}

function steps(reader: Reader, first: Expression): Expression {
  const left = chain(reader, 0, first);
  return skip(reader, "|") ? { kind: "pipe", left, right: pipe(reader) } : left;
}

function binding(reader: Reader, value: Expression): Expression {
  const variable = reader.tokens[reader.at++];
  if (variable?.kind !== "variable") throw new NotUnderstood();
  expect(reader, "|");
  return { kind: "binding", name: variable.text, value, body: pipe(reader) };
}

/** @param first the first operand, if it is read already */
function chain(reader: Reader, level: number, first?: Expression): Expression {
  const row = LEVELS[level];
  if (row === undefined) return first ?? postfix(reader);
  let left = chain(reader, level + 1, first);
  for (;;) {
    const operator = row.operators.find((each) => skip(reader, each));
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
    return { kind: "member", of, key: first.text };
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

function primary(reader: Reader): Expression {
  const token = reader.tokens[reader.at++];
  switch (token?.kind) {
    case "field":
      return { kind: "member", of: INPUT, key: token.text };
    case "number":
      return { kind: "literal", value: Number(token.text) };
    case "string":
      return { kind: "literal", value: token.text };
    case "variable":
      return { kind: "variable", name: token.text };
    case "word":
      return word(reader, token.text);
    case "symbol":
      return opened(reader, token.text);
    case "unread":
    case undefined:
      break;
  }
  throw new NotUnderstood();
}

function word(reader: Reader, name: string): Expression {
  if (name === "if") return conditional(reader);
  if (name === "null") return { kind: "literal", value: null };
  if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
  if (name === "select" && isNext(reader, "(")) return selected(reader);
  if (name === "map" && skip(reader, "(")) return mapped(reader);
  if (!FUNCTIONS.has(name) || isNext(reader, "(")) throw new NotUnderstood();
  return { kind: "call", name };
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
  const { value: right } = inside(reader, () => pipe(reader));
  expect(reader, ")");
  const left: Expression = { kind: "each", of: INPUT };
  return { kind: "array", items: [{ kind: "pipe", left, right }], any: true };
}

function opened(reader: Reader, symbol: string): Expression {
  if (symbol === ".") return INPUT;
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

/** `name: VALUE`, or `name` alone, which is `name: .name`. */
function member(reader: Reader): readonly [string, Expression] {
  const { kind, text: name = "" } = reader.tokens[reader.at++] ?? {};
  if (kind !== "string" && kind !== "word") throw new NotUnderstood();
  return [name, skip(reader, ":") ? pipe(reader) : { kind: "member", of: INPUT, key: name }];
}

function conditional(reader: Reader): Expression {
  const condition = pipe(reader);
  expect(reader, "then");
  const yes = pipe(reader);
  if (skip(reader, "elif")) return { kind: "if", condition, yes, no: conditional(reader) };
  const no = skip(reader, "else") ? pipe(reader) : INPUT;
  expect(reader, "end");
  return { kind: "if", condition, yes, no };
}
