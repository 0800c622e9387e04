/** Constants that are known at certain paths of a flow's data, and how a write changes them. */
import type { Json } from "../model/json.ts";
import { parsePath, type PathSegment, readPath } from "../model/paths.ts";
import type { JqFact } from "./jq-facts.ts";
import type { Write } from "./steps.ts";

export type Fact =
  | { readonly kind: "value"; readonly value: string | number | boolean | null }
  /** If it is an array, then one of at most so many items. */
  | { readonly kind: "array"; readonly atMost: number }
  | { readonly kind: "absent" };

/** What is known at each tracked path, in the order of the tracked paths. */
export type Facts = readonly (Fact | undefined)[];

interface TrackedPath {
  readonly text: string;
  readonly segments: readonly PathSegment[];
}

export interface Tracker {
  readonly paths: readonly TrackedPath[];
  /** The fact at a path as it is written in the flow; undefined when nothing is known. */
  read(facts: Facts, path: string): Fact | undefined;
  readAt(facts: Facts, segments: readonly PathSegment[]): Fact | undefined;
  /** The facts after a write. `mapItems`: how many items a Map's result has at most. */
  write(facts: Facts, write: Write, mapItems: number): Facts;
  /** Index of a path, -1 when it is not tracked. */
  readonly indexOf: (path: string) => number;
}

const ABSENT: Fact = { kind: "absent" };

/** Tracks the given paths; malformed ones are left out, equal ones are one. */
export function createTracker(texts: Iterable<string>): Tracker {
  const indexes = new Map<string, number>();
  const byKey = new Map<string, number>();
  const paths: TrackedPath[] = [];
  for (const text of texts) {
    const parsed = parsePath(text);
    if (!parsed.ok || indexes.has(text)) continue;
    const key = JSON.stringify(parsed.segments);
    const index = byKey.get(key) ?? paths.push({ text, segments: parsed.segments }) - 1;
    byKey.set(key, index);
    indexes.set(text, index);
  }
  const readAt = (facts: Facts, segments: readonly PathSegment[]) =>
    facts[byKey.get(JSON.stringify(segments)) ?? -1];
  return {
    paths,
    indexOf: (path) => indexes.get(path) ?? -1,
    read: (facts, path) => facts[indexes.get(path) ?? -1],
    readAt,
    write(facts, write, mapItems) {
      const { segments, known } = written(write, (at) => readAt(facts, at), mapItems);
      return paths.map((path, index) => afterWrite(path.segments, facts[index], segments, known));
    },
  };
}

/** What is known about a written value: all of it, one fact about it, or nothing. */
interface Known {
  readonly constant?: Json;
  readonly fact?: Fact;
}

function written(
  { segments, result }: Write,
  read: (segments: readonly PathSegment[]) => Fact | undefined,
  mapItems: number,
): { segments: readonly PathSegment[]; known: Known } {
  if (result.kind === "constant") return { segments, known: { constant: result.value } };
  if (result.kind === "map")
    return { segments, known: { fact: { kind: "array", atMost: mapItems } } };
  if (result.kind !== "jq") return { segments, known: {} };
  const { fact } = result;
  if (fact.kind === "constant") return { segments, known: { constant: fact.value } };
  if (fact.kind === "slice")
    return { segments, known: { fact: { kind: "array", atMost: fact.atMost } } };
  const counted = count(fact, read(fact.source));
  if (fact.inPlaceOf === undefined) return { segments, known: counted };
  // The data with one number changed, put back where they were: a write of that number.
  const inPlace = isSame(fact.inPlaceOf, segments);
  return inPlace ? { segments: fact.source, known: counted } : { segments, known: {} };
}

function count(counter: Extract<JqFact, { kind: "counter" }>, at: Fact | undefined): Known {
  if (at === undefined || at.kind === "array") return {};
  const value = at.kind === "absent" ? null : at.value;
  const start = value ?? counter.fallback;
  return typeof start === "number" ? { constant: start + counter.add } : {};
}

function afterWrite(
  path: readonly PathSegment[],
  fact: Fact | undefined,
  target: readonly PathSegment[],
  known: Known,
): Fact | undefined {
  if (isPrefix(target, path)) {
    const rest = path.slice(target.length);
    if (known.constant === undefined) return rest.length === 0 ? known.fact : undefined;
    const found = readPath(known.constant, rest);
    return found.found ? factOf(found.value) : ABSENT;
  }
  if (!isPrefix(path, target)) return replacesArray(path, target) ? undefined : fact;
  // Something inside the path's value was written: an array keeps its length, all else is an object now.
  return fact?.kind === "array" && typeof target[path.length] === "number" ? fact : undefined;
}

/** True when a member is written where the path has an index: an object takes the array's place. */
function replacesArray(path: readonly PathSegment[], target: readonly PathSegment[]): boolean {
  const parting = path.findIndex((segment, index) => segment !== target[index]);
  return typeof path[parting] === "number" && typeof target[parting] === "string";
}

/** A text that is the same for equal facts only. */
export function factKey(fact: Fact | undefined): string {
  if (fact === undefined) return "";
  if (fact.kind === "value") return JSON.stringify(fact.value);
  return fact.kind === "array" ? `[${fact.atMost}]` : "-";
}

/** The fact about a constant; an object is none. */
function factOf(value: Json): Fact | undefined {
  if (Array.isArray(value)) return { kind: "array", atMost: value.length };
  return typeof value === "object" && value !== null ? undefined : { kind: "value", value };
}

/** At the start of a flow only these members are there. Source: ZIS trigger events, introduction. */
export const START_MEMBERS = [
  "account_id",
  "integration_key",
  "subdomain",
  "input",
  "connections",
] as const;

/** What is known when a flow starts: nothing about what ZIS gives it, and that the rest is absent. */
export function factsAtStart({ paths }: Tracker): Facts {
  const given: readonly PathSegment[] = START_MEMBERS;
  return paths.map(({ segments: [first] }) =>
    first === undefined || given.includes(first) ? undefined : ABSENT,
  );
}

function isPrefix(prefix: readonly PathSegment[], path: readonly PathSegment[]): boolean {
  return prefix.length <= path.length && prefix.every((segment, index) => segment === path[index]);
}

function isSame(a: readonly PathSegment[], b: readonly PathSegment[]): boolean {
  return a.length === b.length && isPrefix(a, b);
}
