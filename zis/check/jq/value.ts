/**
 * What is known about a value in a jq program: all of it, where in the flow's data it stands, which
 * members of it are known, or nothing. Operations follow jq; where jq would fail anything may come out,
 * since a failed program writes nothing and any statement about its result is then true.
 */
import { isJsonObject, type Json } from "../../model/json.ts";
import { type PathSegment, readPath } from "../../model/paths.ts";

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
  /** If it is an array, all its items are like this, and there are at most so many when that is known. */
  | { readonly kind: "array"; readonly item: Value; readonly atMost: number | undefined }
  | { readonly kind: "unknown" };

export const UNKNOWN: Value = { kind: "unknown" };

/** A value of which all is known. */
export function known(value: Json): Value {
  return { kind: "known", value };
}

/** `.key` or `.[index]`. */
export function memberOf(value: Value, key: PathSegment): Value {
  if (value.kind === "data") return { kind: "data", at: [...value.at, key] };
  if (value.kind === "known") {
    const found = readPath(value.value, [key]);
    return known(found.found ? found.value : null);
  }
  if (value.kind !== "changed") return UNKNOWN;
  return value.members.get(key) ?? (value.base ? memberOf(value.base, key) : known(null));
}

/** The value with one member replaced. */
export function withMember(value: Value, key: PathSegment, member: Value): Value {
  if (value.kind === "changed") {
    return { ...value, members: new Map([...value.members, [key, member]]) };
  }
  if (value.kind === "array" || (value.kind === "known" && typeof key === "number")) return UNKNOWN;
  const base = isNull(value) ? undefined : value;
  return { kind: "changed", base, members: new Map([[key, member]]) };
}

export function isNull(value: Value): boolean {
  return value.kind === "known" && value.value === null;
}

/** An array of these items; `any`: each stands for any number of them. */
export function arrayOf(items: readonly Value[], any: boolean): Value {
  if (!any && items.every((item) => item.kind === "known"))
    return known(items.map(({ value }) => value));
  const [item = UNKNOWN, another] = items;
  return { kind: "array", item: another ? UNKNOWN : item, atMost: any ? undefined : items.length };
}

/** `.[from:to]`. */
export function sliceOf(value: Value, from: number, to = Infinity): Value {
  const { item, atMost = Infinity } = value.kind === "array" ? value : { item: UNKNOWN };
  const isKnown = value.kind === "known" && Array.isArray(value.value);
  const most = Math.max(0, Math.min(isKnown ? value.value.length : atMost, to) - from);
  return { kind: "array", item, atMost: Number.isFinite(most) ? most : undefined };
}

/** Whether jq takes it for true: all but false and null. Undefined when not known. */
export function isTrue(value: Value): boolean | undefined {
  if (value.kind === "known") return value.value !== false && value.value !== null;
  return value.kind === "changed" ? true : undefined;
}

/** All members of an object; undefined when there may be more, or when it is not an object. */
export function membersOf(value: Value): readonly (readonly [PathSegment, Value])[] | undefined {
  if (value.kind === "changed") return value.base ? undefined : [...value.members];
  if (value.kind !== "known" || !isJsonObject(value.value)) return undefined;
  return Object.entries(value.value).map(([key, member]) => [key, known(member)]);
}
