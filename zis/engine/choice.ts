/** How the rules of a Choice are decided. Source: ZIS developer guide, Choice state. */
import { isJsonObject, type Json, kindOf } from "../model/json.ts";
import { pathNotFound, RuntimeFault } from "./fault.ts";
import { compilePath, find, type CompiledPath, type Scope } from "./lookup.ts";
import { compareTimestamps, isTimestamp } from "./timestamps.ts";

/** A condition parsed once: true when it holds for the data of the scope. */
export type Predicate = (scope: Scope) => boolean;

/** Whether an operator matches; undefined when it compares another type. */
type Test = (value: Json, operand: Json) => boolean | undefined;
/** Negative, zero or positive; undefined when a value is not of the compared type. */
type Compare = (value: Json, operand: Json) => number | undefined;

const compareStrings: Compare = (a, b) =>
  typeof a === "string" && typeof b === "string" ? compareCodePoints(a, b) : undefined;
const compareNumbers: Compare = (a, b) =>
  typeof a === "number" && typeof b === "number" ? a - b : undefined;
const compareBooleans: Compare = (a, b) =>
  typeof a === "boolean" && typeof b === "boolean" ? Number(a) - Number(b) : undefined;
const compareInstants: Compare = (a, b) =>
  typeof a === "string" && typeof b === "string" ? compareTimestamps(a, b) : undefined;

const holds =
  (compare: Compare, accepts: (order: number) => boolean): Test =>
  (value, operand) => {
    const order = compare(value, operand);
    return order === undefined ? undefined : accepts(order);
  };

const ORDERS = {
  Equals: (order: number) => order === 0,
  LessThan: (order: number) => order < 0,
  GreaterThan: (order: number) => order > 0,
  LessThanEquals: (order: number) => order <= 0,
  GreaterThanEquals: (order: number) => order >= 0,
};

function family(type: string, compare: Compare): [string, Test][] {
  return Object.entries(ORDERS).map(([name, accepts]) => [type + name, holds(compare, accepts)]);
}

const TESTS: ReadonlyMap<string, Test> = new Map([
  ...family("String", compareStrings),
  ...family("Numeric", compareNumbers),
  ...family("Timestamp", compareInstants),
  ["BooleanEquals", holds(compareBooleans, ORDERS.Equals)],
  ["IsNull", (value, operand) => (value === null) === operand],
]);

const PATH_FORMS: ReadonlySet<string> = new Set([
  "StringEqualsPath",
  "BooleanEqualsPath",
  ...Object.keys(ORDERS).map((order) => `Numeric${order}Path`),
]);

/** Parses a condition. A malformed one gives a predicate that throws a RuntimeFault saying what is wrong. */
export function compileCondition(condition: unknown): Predicate {
  if (!isJsonObject(condition)) return malformed("a condition must be an object");
  const { And, Or, Not } = condition;
  if (And !== undefined) return compileAll("And", And, "every");
  if (Or !== undefined) return compileAll("Or", Or, "some");
  if (Not !== undefined) {
    const inner = compileCondition(Not);
    return (scope) => !inner(scope);
  }
  const variable = condition["Variable"];
  if (typeof variable !== "string") return malformed("a condition needs a Variable");
  return compileComparison(compilePath(variable), condition);
}

function compileAll(name: string, conditions: Json, method: "every" | "some"): Predicate {
  if (!Array.isArray(conditions)) return malformed(`${name} needs an array of conditions`);
  const inner = conditions.map(compileCondition);
  return (scope) => inner[method]((predicate) => predicate(scope));
}

const NOT_OPERATORS = new Set(["Variable", "Next", "Comment"]);

function compileComparison(variable: CompiledPath, condition: Record<string, Json>): Predicate {
  const [operator, second] = Object.keys(condition).filter((key) => !NOT_OPERATORS.has(key));
  if (operator === undefined) return malformed("a condition needs an operator");
  if (second !== undefined) return malformed(`${operator} and ${second} stand in one condition`);
  const operand = condition[operator] ?? null;
  if (operator === "IsPresent") return isPresent(variable, operand);
  const test = TESTS.get(operator);
  if (test) return comparison(variable, operator, test, "its operand", () => operand);
  if (!PATH_FORMS.has(operator)) return malformed(`${operator} is not an operator`);
  const base = TESTS.get(operator.slice(0, -"Path".length));
  if (!base || typeof operand !== "string") return malformed(`${operator} needs a path`);
  const path = compilePath(operand);
  const operandOf = (scope: Scope) => findOrWarn(path, operator, scope);
  return comparison(variable, operator, base, operand, operandOf);
}

function comparison(
  variable: CompiledPath,
  operator: string,
  test: Test,
  operandName: string,
  operandOf: (scope: Scope) => Json | undefined,
): Predicate {
  return (scope) => {
    const value = findOrWarn(variable, operator, scope);
    if (value === undefined) return false;
    const operand = operandOf(scope);
    if (operand === undefined) return false;
    const matches = test(value, operand);
    if (matches === undefined) {
      const isOperand = fits(operator, value);
      const name = isOperand ? operandName : variable.text;
      scope.warnings.push(mismatch(operator, name, isOperand ? operand : value));
    }
    return matches ?? false;
  };
}

const COMPARED = [
  ["String", "strings", (value: Json) => typeof value === "string"],
  ["Numeric", "numbers", (value: Json) => typeof value === "number"],
  ["Boolean", "Booleans", (value: Json) => typeof value === "boolean"],
  ["Timestamp", "timestamps", (value: Json) => typeof value === "string" && isTimestamp(value)],
] as const;

function fits(operator: string, value: Json): boolean {
  return COMPARED.some(([type, , isOfType]) => operator.startsWith(type) && isOfType(value));
}

/** A value of another type does not match and is not an error (inferred; 2016 Amazon States Language). */
function mismatch(operator: string, name: string, value: Json): string {
  const wanted = COMPARED.find(([type]) => operator.startsWith(type))?.[1];
  const kind = kindOf(value);
  const isText = wanted === "timestamps" && typeof value === "string";
  const found = isText ? `${kind} that is not a timestamp` : kind;
  return `${name} is ${found}; ${operator} compares ${wanted} and does not match`;
}

function findOrWarn(path: CompiledPath, operator: string, scope: Scope): Json | undefined {
  const value = find(path, scope);
  if (value !== undefined) return value;
  if (scope.switches.missingVariable === "error") throw pathNotFound(path.text);
  scope.warnings.push(`JSON path not found: ${path.text}; ${operator} does not match`);
  return undefined;
}

function isPresent(variable: CompiledPath, operand: Json): Predicate {
  return (scope) => {
    const value = find(variable, scope);
    const present =
      value !== undefined && (value !== null || scope.switches.isPresentNull === "true");
    return present === operand;
  };
}

function malformed(message: string): Predicate {
  return () => {
    throw new RuntimeFault(`Choice: ${message}`);
  };
}

/** Order by code points, which is the order of the UTF-8 bytes (inferred: ZIS shows traits of Go). */
function compareCodePoints(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length;) {
    const left = a.codePointAt(at) ?? 0;
    const right = b.codePointAt(at) ?? 0;
    if (left !== right) return left - right;
    at += left > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
