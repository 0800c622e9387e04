/** Values between two steps, and what can be wrong with one. */

export type Scalar = string | number | boolean | Date;
/** Null: there is none. An empty text and an empty list are none too. */
export type Value = Scalar | readonly Scalar[] | null;

/** Why there is no value although there is something. Never holds what a customer wrote. */
export const PROBLEMS = [
  "unreadable",
  "not_a_list",
  "is_a_list",
  "not_a_number",
  "inexact_number",
  "not_a_boolean",
  "not_a_date",
  "unknown_option",
  "not_matched",
  "too_long",
  "too_many",
] as const;
export type Problem = (typeof PROBLEMS)[number];

export type Outcome<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "problem"; readonly problem: Problem };

export const valued = <T>(value: T): Outcome<T> => ({ kind: "value", value });
export const failed = (problem: Problem): Outcome<never> => ({ kind: "problem", problem });

/** As long as the longest text field of Zendesk; in UTF-16 units. */
const LONGEST_TEXT = 65_536;
const MOST_ITEMS = 500;

/** A raw value as JSON has it: of a list its scalars, nulls left out; an object is unreadable. */
export function readRaw(raw: unknown): Outcome<Value> {
  if (raw === undefined || raw === null) return valued(null);
  if (Array.isArray(raw)) {
    const items = (raw as readonly unknown[]).filter((item) => item !== null);
    return items.every(isRawScalar) ? limit(items) : failed("unreadable");
  }
  return isRawScalar(raw) ? limit(raw) : failed("unreadable");
}

function isRawScalar(raw: unknown): raw is string | number | boolean {
  return typeof raw === "string" || typeof raw === "boolean" || Number.isFinite(raw);
}

/** The value with what is empty left out, unless there is too much of it. */
export function limit(value: Value): Outcome<Value> {
  if (isList(value)) {
    const items = value.filter((item) => item !== "");
    if (items.length > MOST_ITEMS) return failed("too_many");
    if (items.some(isTooLong)) return failed("too_long");
    return valued(items.length === 0 ? null : items);
  }
  if (value === "") return valued(null);
  return value !== null && isTooLong(value) ? failed("too_long") : valued(value);
}

const isTooLong = (value: Scalar) => typeof value === "string" && value.length > LONGEST_TEXT;

export function isList(value: Value): value is readonly Scalar[] {
  return Array.isArray(value);
}

/** Does the same with each item of a list; items that become null are left out, and the first problem is the list's. */
export function each(
  value: Value,
  change: (item: Scalar) => Outcome<Scalar | null>,
): Outcome<Value> {
  if (value === null) return valued(null);
  if (!isList(value)) return change(value);
  const items: Scalar[] = [];
  for (const item of value) {
    const outcome = change(item);
    if (outcome.kind === "problem") return outcome;
    if (outcome.value !== null) items.push(outcome.value);
  }
  return valued(items);
}

/** As people read it; an instant as ISO 8601 in UTC. */
export function toText(value: Scalar): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
