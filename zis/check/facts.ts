/** Constants that are known at certain paths of a flow's data, and how a write changes them. */
import { isPrefix, parsePath, type PathSegment } from "../model/paths.ts";
import type { Known, ReadData } from "./jq/evaluate.ts";
import { knownAt, knownIn } from "./jq/program.ts";
import type { Result, Write } from "./steps.ts";

/** A constant, an array (if it is one, then of at most so many items), or that nothing is there. */
export type Fact = NonNullable<Known>;

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
  /** The facts after a write. `mapItems`: how many items a Map's result has at most. */
  write(facts: Facts, write: Write, mapItems: number): Facts;
  /** Index of a path, -1 when it is not tracked. */
  readonly indexOf: (path: string) => number;
  readonly indexAt: (segments: readonly PathSegment[]) => number;
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
  const indexAt = (segments: readonly PathSegment[]) => byKey.get(JSON.stringify(segments)) ?? -1;
  return {
    paths,
    indexOf: (path) => indexes.get(path) ?? -1,
    indexAt,
    read: (facts, path) => facts[indexes.get(path) ?? -1],
    write(facts, { segments, result }, mapItems) {
      const known = knowledgeOf(result, (at) => facts[indexAt(at)], mapItems);
      return paths.map((path, index) => afterWrite(path.segments, facts[index], segments, known));
    },
  };
}

/** What is known about each place inside a written value. */
type Knowledge = (path: readonly PathSegment[]) => Fact | undefined;

function knowledgeOf(result: Result, read: ReadData, mapItems: number): Knowledge {
  switch (result.kind) {
    case "constant":
      return (path) => knownIn(result.value, path);
    case "map":
      return (path) => (path.length === 0 ? { kind: "array", atMost: mapItems } : undefined);
    case "jq": {
      const value = result.program.run(read);
      return (path) => knownAt(value, path, read);
    }
    case "caught":
    case "unknown":
      break;
  }
  return () => undefined;
}

function afterWrite(
  path: readonly PathSegment[],
  fact: Fact | undefined,
  target: readonly PathSegment[],
  known: Knowledge,
): Fact | undefined {
  if (isPrefix(target, path)) return known(path.slice(target.length));
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
