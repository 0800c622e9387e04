/**
 * What is known about the data at one point of a flow: which members are there for sure, on some ways
 * only, or never, and where nothing is known. An abstract domain with a join; the flow's own constants
 * are known, events, replies, configs and jq results are not.
 */
import { isJsonObject, type Json } from "../model/json.ts";
import type { PathSegment } from "../model/paths.ts";
import type { EventValue } from "../model/trigger-events.ts";

export interface Shape {
  /**
   * Members that are not listed: there are none; there are none by the documentation, which may be out of date;
   * or nothing is known about them.
   */
  readonly rest: "none" | "undocumented" | "anything";
  readonly members: ReadonlyMap<PathSegment, Member>;
  /** What each item of an array is, when its length is not known. */
  readonly items?: Shape;
  /** What Zendesk documents the value to be. */
  readonly documented?: EventValue["kind"];
}

type Rest = Shape["rest"];

interface Member {
  readonly shape: Shape;
  /** False when it exists after some of the runs that lead here, but not after all. */
  readonly sure: boolean;
}

/** Anything at all. */
export const ANYTHING: Shape = { rest: "anything", members: new Map() };
/** A value without members: a text, a number, an empty object. */
export const LEAF: Shape = { rest: "none", members: new Map() };

/** Deeper members are not kept; loops that nest their own results would never settle. */
const MAX_DEPTH = 24;

/** An object with exactly these members, all sure. */
export function objectShape(members: Iterable<readonly [PathSegment, Shape]>): Shape {
  return {
    rest: "none",
    members: new Map(Array.from(members, ([key, shape]) => [key, { shape, sure: true }])),
  };
}

/** The shape of a constant. */
export function shapeOf(value: Json, depth = 0): Shape {
  if (depth > MAX_DEPTH) return ANYTHING;
  if (Array.isArray(value))
    return objectShape(value.map((item, index) => [index, shapeOf(item, depth + 1)]));
  if (!isJsonObject(value)) return LEAF;
  return objectShape(
    Object.entries(value).map(([key, member]) => [key, shapeOf(member, depth + 1)]),
  );
}

/** The shape of what an event carries. */
export function valueShape(value: EventValue): Shape {
  if (value.kind === "any") return ANYTHING;
  if (value.kind === "texts") return { ...ANYTHING, documented: value.kind };
  const members = value.kind === "object" ? Object.entries(value.members) : [];
  const isOpen = value.kind === "object" && value.open;
  return {
    rest: isOpen ? "anything" : "undocumented",
    members: new Map(
      members.map(([name, member]) => [name, { shape: valueShape(member), sure: true }]),
    ),
    documented: value.kind,
  };
}

/**
 * Whether something is at a path. `undocumented`: Zendesk's own event has nothing there by its documentation;
 * `unknown`: nothing speaks against it.
 */
export type Presence = "sure" | "unknown" | "undocumented" | "maybe" | "never";

export function look(
  shape: Shape,
  segments: readonly PathSegment[],
): { presence: Presence; shape: Shape } {
  let current = shape;
  let maybe = false;
  for (const segment of segments) {
    const member = current.members.get(segment);
    if (member === undefined) {
      if (current.rest === "none") return { presence: "never", shape: LEAF };
      if (maybe) return { presence: "maybe", shape: ANYTHING };
      const isKnown = current.rest === "undocumented";
      return { presence: isKnown ? "undocumented" : "unknown", shape: ANYTHING };
    }
    maybe ||= !member.sure;
    current = member.shape;
  }
  return { presence: maybe ? "maybe" : "sure", shape: current };
}

/** The data after a result was put at a path; objects on the way are made. */
export function put(
  shape: Shape,
  segments: readonly PathSegment[],
  value: Shape,
  depth = 0,
): Shape {
  const segment = segments[depth];
  if (segment === undefined) return value;
  if (depth > MAX_DEPTH) return ANYTHING;
  const inner = shape.members.get(segment)?.shape ?? (shape.rest === "none" ? LEAF : ANYTHING);
  return withMember(shape, segment, { shape: put(inner, segments, value, depth + 1), sure: true });
}

/** The data on a way that is taken only when something is at the path; undefined when it never is. */
export function assumePresent(
  shape: Shape,
  segments: readonly PathSegment[],
  depth = 0,
): Shape | undefined {
  const segment = segments[depth];
  if (segment === undefined) return shape;
  const member = shape.members.get(segment);
  if (member === undefined) {
    if (shape.rest === "none") return undefined;
    // Documented or not, it is there now.
    const found = { shape: ANYTHING, sure: true };
    return shape.rest === "anything" ? shape : withMember(shape, segment, found);
  }
  const inner = assumePresent(member.shape, segments, depth + 1);
  if (inner === undefined) return undefined;
  if (member.sure && inner === member.shape) return shape;
  return withMember(shape, segment, { shape: inner, sure: true });
}

function withMember(shape: Shape, segment: PathSegment, member: Member): Shape {
  const members = new Map(shape.members);
  members.set(segment, member);
  return { rest: shape.rest, members };
}

/** What holds on both of two ways. Returns `a` itself when `b` adds nothing; counts its work. */
export function join(a: Shape, b: Shape, work: { steps: number }, depth = 0): Shape {
  if (a === b) return a;
  if (depth > MAX_DEPTH) return ANYTHING;
  const members = new Map<PathSegment, Member>();
  let rest = widest(a.rest, b.rest);
  let changed = false;
  for (const [key, member] of a.members) {
    work.steps++;
    const joined = joinMember(member, b.members.get(key), b.rest, work, depth);
    if (joined !== undefined) members.set(key, joined);
    // What one way has written is no longer undocumented.
    else rest = "anything";
    changed ||= joined !== member;
  }
  for (const [key, member] of b.members) {
    work.steps++;
    if (a.members.has(key)) continue;
    if (a.rest === "none") {
      members.set(key, { shape: member.shape, sure: false });
      changed = true;
    } else rest = "anything";
  }
  const items = a.items && b.items && join(a.items, b.items, work, depth + 1);
  const documented = a.documented === b.documented ? a.documented : undefined;
  changed ||= rest !== a.rest || items !== a.items || documented !== a.documented;
  return changed
    ? { rest, members, ...(items && { items }), ...(documented && { documented }) }
    : a;
}

const RESTS: readonly Rest[] = ["none", "undocumented", "anything"];

function widest(a: Rest, b: Rest): Rest {
  return RESTS.indexOf(a) > RESTS.indexOf(b) ? a : b;
}

function joinMember(
  member: Member,
  other: Member | undefined,
  otherRest: Rest,
  work: { steps: number },
  depth: number,
): Member | undefined {
  // Unknown on the other way: nothing is known here either.
  if (other === undefined) {
    if (otherRest !== "none") return undefined;
    return member.sure ? { shape: member.shape, sure: false } : member;
  }
  const shape = join(member.shape, other.shape, work, depth + 1);
  const sure = member.sure && other.sure;
  return shape === member.shape && sure === member.sure ? member : { shape, sure };
}
