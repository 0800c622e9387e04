/** jq's operators and plain functions on values of which enough is known. */
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import type { FunctionName } from "./parser.ts";
import { known, UNKNOWN, type Value, withMember } from "./value.ts";

/** The result of an operator other than `//`, `and` and `or`, which need not look at both sides. */
export function operate(operator: string, left: Value, right: Value): Value {
  if (operator === "+") return plus(left, right);
  if (left.kind !== "known" || right.kind !== "known") return UNKNOWN;
  const arithmetic = ARITHMETIC.get(operator);
  if (arithmetic === undefined) return comparison(operator, left.value, right.value);
  return typeof left.value === "number" && typeof right.value === "number"
    ? number(arithmetic(left.value, right.value))
    : UNKNOWN;
}

const ARITHMETIC: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ["-", (a, b) => a - b],
  ["*", (a, b) => a * b],
  ["/", (a, b) => a / b],
  // jq cuts fractions off before it divides.
  ["%", (a, b) => (Number.isSafeInteger(a) && Number.isSafeInteger(b) ? a % b : Number.NaN)],
]);

/** A result that JSON writes alike in jq and here. */
function number(value: number): Value {
  return Number.isFinite(value) && !Object.is(value, -0) ? known(value) : UNKNOWN;
}

function plus(left: Value, right: Value): Value {
  if (isNull(left)) return right;
  if (isNull(right)) return left;
  if (left.kind === "known" && right.kind === "known") return plusKnown(left.value, right.value);
  return merged(left, right);
}

function isNull(value: Value): boolean {
  return value.kind === "known" && value.value === null;
}

function plusKnown(left: Json, right: Json): Value {
  if (typeof left === "number" && typeof right === "number") return number(left + right);
  if (typeof left === "string" && typeof right === "string") return known(left + right);
  if (Array.isArray(left) && Array.isArray(right)) return known([...left, ...right]);
  if (isJsonObject(left) && isJsonObject(right)) return known({ ...left, ...right });
  return UNKNOWN;
}

/** `A + {name: B}`, whatever else is in A. */
function merged(left: Value, right: Value): Value {
  const members = membersOf(right);
  if (members === undefined || left.kind === "list" || left.kind === "items") return UNKNOWN;
  return members.reduce<Value>((object, [key, member]) => withMember(object, key, member), left);
}

/** All members of an object; undefined when there may be more, or when it is no object. */
function membersOf(value: Value): readonly (readonly [string, Value])[] | undefined {
  if (value.kind === "known") {
    if (!isJsonObject(value.value)) return undefined;
    return Object.entries(value.value).map(([key, member]) => [key, known(member)]);
  }
  if (value.kind !== "changed") return undefined;
  const inner = value.base === undefined ? [] : membersOf(value.base);
  const own = [...value.members].map(([key, member]) => [String(key), member] as const);
  const isObject = [...value.members.keys()].every((key) => typeof key === "string");
  return inner === undefined || !isObject ? undefined : [...inner, ...own];
}

function comparison(operator: string, left: Json, right: Json): Value {
  const order = compare(left, right);
  if (order === undefined) return UNKNOWN;
  switch (operator) {
    case "==":
      return known(order === 0);
    case "!=":
      return known(order !== 0);
    case "<":
      return known(order < 0);
    case "<=":
      return known(order <= 0);
    case ">":
      return known(order > 0);
    case ">=":
      return known(order >= 0);
    default:
      return UNKNOWN;
  }
}

/** jq's order of all values; undefined for two arrays, two objects, and texts that UTF-16 sorts otherwise. */
function compare(left: Json, right: Json): number | undefined {
  const [a, b] = [rank(left), rank(right)];
  if (a !== b) return a - b;
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") {
    if (left === right) return 0;
    if (/[\uD800-\uFFFF]/.test(left + right)) return undefined;
    return left < right ? -1 : 1;
  }
  return isContainer(left) ? undefined : 0;
}

const RANKS = ["null", "false", "true", "number", "string", "array", "object"];

function rank(value: Json): number {
  if (value === null || typeof value === "boolean") return RANKS.indexOf(String(value));
  return RANKS.indexOf(Array.isArray(value) ? "array" : typeof value);
}

function isContainer(value: Json): value is Json[] | JsonObject {
  return typeof value === "object" && value !== null;
}

/** A plain function of the input. */
export function callFunction(name: FunctionName, input: Value): Value {
  if (input.kind !== "known") return UNKNOWN;
  const { value } = input;
  switch (name) {
    case "not":
      return known(value === false || value === null);
    case "floor":
      return typeof value === "number" ? number(Math.floor(value)) : UNKNOWN;
    case "length":
      return length(value);
    case "tonumber":
      return toNumber(value);
    case "tostring":
      break;
  }
  return toText(value);
}

function length(value: Json): Value {
  if (value === null) return known(0);
  if (typeof value === "string") return known(Array.from(value).length);
  if (typeof value === "number") return number(Math.abs(value));
  if (Array.isArray(value)) return known(value.length);
  return isJsonObject(value) ? known(Object.keys(value).length) : UNKNOWN;
}

function toNumber(value: Json): Value {
  if (typeof value === "number") return known(value);
  return typeof value === "string" && String(Number(value)) === value
    ? number(Number(value))
    : UNKNOWN;
}

function toText(value: Json): Value {
  if (typeof value === "string") return known(value);
  if (isContainer(value)) return UNKNOWN;
  return typeof value !== "number" || Number.isSafeInteger(value) ? known(String(value)) : UNKNOWN;
}
