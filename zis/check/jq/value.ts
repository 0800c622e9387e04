/**
 * What is known about a value in a jq program: all of it, where in the flow's data it stands, which
 * members of it are known, or nothing. Operations follow jq; where jq would fail the outcome is UNKNOWN,
 * since a failed program writes nothing and any statement about its result is then true.
 */
import { isJsonObject, type Json } from "../../model/json.ts";
import type { PathSegment } from "../../model/paths.ts";

export type Value =
  | { readonly kind: "known"; readonly value: Json }
  /** Whatever stands at this place of the flow's data; null when nothing does. */
  | { readonly kind: "data"; readonly at: readonly PathSegment[] }
  /** `base` with some members replaced; without a base a new object with just these. */
  | {
      readonly kind: "changed";
      readonly base: Value | undefined;
      readonly members: ReadonlyMap<PathSegment, Value>;
    }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  /** An array of any length whose items are all like this; of at most so many when that is known. */
  | { readonly kind: "items"; readonly item: Value; readonly atMost: number | undefined }
  /** If it is an array, then one of at most so many items. */
  | { readonly kind: "array"; readonly atMost: number }
  | { readonly kind: "unknown" };

export const UNKNOWN: Value = { kind: "unknown" };

export function known(value: Json): Value {
  return { kind: "known", value };
}

/** `.key` or `.[index]`. */
export function memberOf(value: Value, key: PathSegment): Value {
  switch (value.kind) {
    case "known":
      return memberOfKnown(value.value, key);
    case "data":
      return { kind: "data", at: [...value.at, key] };
    case "changed": {
      const own = value.members.get(key);
      if (own !== undefined) return own;
      if (value.base !== undefined) return memberOf(value.base, key);
      return typeof key === "string" ? known(null) : UNKNOWN;
    }
    case "list":
      return typeof key === "number" ? (value.items[key] ?? known(null)) : UNKNOWN;
    case "items":
    case "array":
    case "unknown":
      break;
  }
  return UNKNOWN;
}

function memberOfKnown(value: Json, key: PathSegment): Value {
  if (value === null) return known(null);
  if (Array.isArray(value)) return typeof key === "number" ? known(value[key] ?? null) : UNKNOWN;
  if (!isJsonObject(value) || typeof key === "number") return UNKNOWN;
  return known(Object.hasOwn(value, key) ? (value[key] ?? null) : null);
}

/** The value with one member replaced. */
export function withMember(value: Value, key: PathSegment, member: Value): Value {
  switch (value.kind) {
    case "known":
      return withMemberOfKnown(value.value, key, member);
    case "changed":
      return { ...value, members: new Map([...value.members, [key, member]]) };
    case "data":
    case "unknown":
      return { kind: "changed", base: value, members: new Map([[key, member]]) };
    case "list":
      if (typeof key !== "number" || key >= value.items.length) return UNKNOWN;
      return { kind: "list", items: value.items.with(key, member) };
    case "items":
    case "array":
      break;
  }
  return UNKNOWN;
}

function withMemberOfKnown(value: Json, key: PathSegment, member: Value): Value {
  if (typeof key === "number") {
    if (!Array.isArray(value) || key >= value.length) return UNKNOWN;
    return listOf(value.map(known).with(key, member));
  }
  if (value !== null && !isJsonObject(value)) return UNKNOWN;
  if (member.kind === "known") return known({ ...value, [key]: member.value });
  const base = value === null ? undefined : known(value);
  return { kind: "changed", base, members: new Map([[key, member]]) };
}

/** An array of these items. */
export function listOf(items: readonly Value[]): Value {
  const values = items.flatMap((item) => (item.kind === "known" ? [item.value] : []));
  return values.length === items.length ? known(values) : { kind: "list", items };
}

/** An object of these members; of one name given twice the last counts. */
export function objectOf(members: readonly (readonly [string, Value])[]): Value {
  return members.reduce<Value>(
    (object, [key, member]) => withMember(object, key, member),
    known({}),
  );
}

/** `.[from:to]`. */
export function sliceOf(value: Value, from: number, to: number | undefined): Value {
  if (value.kind === "known" && (value.value === null || Array.isArray(value.value))) {
    return known(value.value === null ? null : value.value.slice(from, to));
  }
  if (value.kind === "list") return listOf(value.items.slice(from, to));
  const most = value.kind === "array" || value.kind === "items" ? value.atMost : undefined;
  const whole = most ?? Number.POSITIVE_INFINITY;
  const atMost = Math.max(0, Math.min(whole, to ?? whole) - from);
  if (value.kind === "items") return { ...value, atMost: finite(atMost) };
  return Number.isFinite(atMost) ? { kind: "array", atMost } : UNKNOWN;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** Whether jq takes it for true: all but false and null. Undefined when not known. */
export function isTrue(value: Value): boolean | undefined {
  if (value.kind === "known") return value.value !== false && value.value !== null;
  return ["changed", "list", "items"].includes(value.kind) ? true : undefined;
}
