/** jq's operators on values of which enough is known. */
import type { Json } from "../../model/json.ts";
import { isNull, known, membersOf, UNKNOWN, type Value, withMember } from "./value.ts";

/** The result of an operator other than `//`, which takes an error on its left for null. */
export function operate(operator: string, left: Value, right: Value): Value {
  if (operator === "+") {
    if (isNull(left)) return right;
    if (isNull(right)) return left;
    const members = membersOf(right);
    // `A + {name: B}`, whatever else is in A.
    if (members) return members.reduce((sum, [key, member]) => withMember(sum, key, member), left);
  }
  if (left.kind !== "known" || right.kind !== "known") return UNKNOWN;
  const [a, b] = [left.value, right.value];
  if (typeof a === "number" && typeof b === "number") return onNumbers(operator, a, b);
  if (!isScalar(a) || !isScalar(b)) return UNKNOWN;
  if (operator === "==") return known(a === b);
  return operator === "!=" ? known(a !== b) : UNKNOWN;
}

function onNumbers(operator: string, a: number, b: number): Value {
  const result = NUMERIC[operator]?.(a, b);
  // What JSON writes alike in jq and here.
  const isPlain = typeof result !== "number" || (Number.isFinite(result) && !Object.is(result, -0));
  return result !== undefined && isPlain ? known(result) : UNKNOWN;
}

const NUMERIC: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function isScalar(value: Json): boolean {
  return value === null || typeof value !== "object";
}
