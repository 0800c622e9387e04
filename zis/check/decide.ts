/** Whether a condition is true, as far as known constants decide it: true, false, or undefined when not known. */
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { operatorsOf } from "./conditions.ts";
import type { Fact } from "./facts.ts";

export type ReadFact = (path: string) => Fact | undefined;

/**
 * Decides a condition. Where the answer depends on something that is not publicly known (IsPresent on null)
 * or needs a calendar, it is not known. A comparison on a missing path is false (inferred; where ZIS ends
 * the flow instead, fewer states follow).
 */
export function decide(condition: JsonObject, read: ReadFact): boolean | undefined {
  const [operator, second] = operatorsOf(condition);
  if (operator === undefined || second !== undefined) return undefined;
  const operand = condition[operator];
  if (operator === "And") return decideAll(operand, read, false);
  if (operator === "Or") return decideAll(operand, read, true);
  if (operator === "Not") {
    const inner = isJsonObject(operand) ? decide(operand, read) : undefined;
    return inner === undefined ? undefined : !inner;
  }
  const variable = condition["Variable"];
  const fact = typeof variable === "string" ? read(variable) : undefined;
  if (fact === undefined || fact.kind === "array" || operand === undefined) return undefined;
  if (operator === "IsPresent") return isPresent(fact, operand);
  if (fact.kind === "absent") return false;
  if (operator === "IsNull") return (fact.value === null) === operand;
  if (!operator.endsWith("Path")) return compare(operator, fact.value, operand);
  const other = typeof operand === "string" ? read(operand) : undefined;
  if (other?.kind === "absent") return false;
  return other?.kind === "value"
    ? compare(operator.slice(0, -4), fact.value, other.value)
    : undefined;
}

/** And: `decisive` false ends it; Or: true does. */
function decideAll(list: Json | undefined, read: ReadFact, decisive: boolean): boolean | undefined {
  if (!Array.isArray(list)) return undefined;
  const answers = list.map((inner) => (isJsonObject(inner) ? decide(inner, read) : undefined));
  if (answers.includes(decisive)) return decisive;
  return answers.includes(undefined) ? undefined : !decisive;
}

function isPresent(fact: Fact, operand: Json): boolean | undefined {
  if (fact.kind === "value" && fact.value === null) return undefined;
  return (fact.kind !== "absent") === operand;
}

const ORDERS: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ["NumericEquals", (a, b) => a === b],
  ["NumericLessThan", (a, b) => a < b],
  ["NumericGreaterThan", (a, b) => a > b],
  ["NumericLessThanEquals", (a, b) => a <= b],
  ["NumericGreaterThanEquals", (a, b) => a >= b],
]);

/** A value of another type than the operator compares does not match (inferred). */
function compare(operator: string, value: Json, operand: Json): boolean | undefined {
  const order = ORDERS.get(operator);
  if (order !== undefined) {
    return typeof value === "number" && typeof operand === "number" && order(value, operand);
  }
  if (operator === "StringEquals") return typeof value === "string" && value === operand;
  if (operator === "BooleanEquals") return typeof value === "boolean" && value === operand;
  return typeof value === "string" ? undefined : false;
}
