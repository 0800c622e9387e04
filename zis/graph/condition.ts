/** How the condition of a Choice rule reads in a few words: `outcome = "matched"`. */
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { parsePath } from "../model/paths.ts";
import { OPERATORS } from "../model/schema.ts";

const SIGNS: readonly (readonly [ending: string, sign: string])[] = [
  ["LessThanEquals", "≤"],
  ["GreaterThanEquals", "≥"],
  ["LessThan", "<"],
  ["GreaterThan", ">"],
  ["Equals", "="],
];

/** The short text of a rule or condition; "condition" for what is not one. */
export function conditionText(condition: unknown): string {
  if (!isJsonObject(condition)) return "condition";
  const { And, Or, Not } = condition;
  if (Array.isArray(And)) return joined(And, " and ");
  if (Array.isArray(Or)) return joined(Or, " or ");
  if (Not !== undefined) return `not ${grouped(Not)}`;
  return comparisonText(condition);
}

function joined(parts: readonly unknown[], word: string): string {
  if (parts.length < 2) return conditionText(parts[0]);
  return parts.map((part) => grouped(part)).join(word);
}

/** In brackets where the words are ambiguous. */
function grouped(condition: unknown): string {
  const isGroup = isJsonObject(condition) && ("And" in condition || "Or" in condition);
  return isGroup ? `(${conditionText(condition)})` : conditionText(condition);
}

function comparisonText(rule: JsonObject): string {
  const variable = lastName(rule["Variable"]);
  const operator = Object.keys(rule).find((member) => OPERATORS.has(member));
  if (operator === undefined) return "condition";
  const operand = rule[operator];
  if (operator === "IsPresent") return `${variable} is ${operand === false ? "absent" : "present"}`;
  if (operator === "IsNull") return `${variable} is ${operand === false ? "not null" : "null"}`;
  const isPath = operator.endsWith("Path");
  const comparison = isPath ? operator.slice(0, -"Path".length) : operator;
  const sign = SIGNS.find(([ending]) => comparison.endsWith(ending))?.[1] ?? comparison;
  const value = isPath && typeof operand === "string" ? pathText(operand) : JSON.stringify(operand);
  return `${variable} ${sign} ${value}`;
}

/** A path for readers: without the "$." that all have. */
export function pathText(path: string): string {
  return path.startsWith("$.") ? path.slice(2) : path;
}

/** The last name in a path, with the index behind it if there is one. */
function lastName(path: unknown): string {
  if (typeof path !== "string") return "?";
  const parsed = parsePath(path);
  if (!parsed.ok) return pathText(path);
  const named = parsed.segments.findLastIndex((segment) => typeof segment === "string");
  const [name, ...indexes] = parsed.segments.slice(Math.max(named, 0));
  return name === undefined ? path : `${name}${indexes.map((index) => `[${index}]`).join("")}`;
}
