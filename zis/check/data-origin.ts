/** Where the values come from that a state hands to an action. */
import { isJsonObject, type Json } from "../model/json.ts";
import { isPrefix, type PathSegment, segmentsOf } from "../model/paths.ts";
import type { Scope, StateView } from "./context.ts";
import { jqProgramOf } from "./jq/program.ts";
import type { Value } from "./jq/value.ts";
import { usesInDynamic } from "./path-uses.ts";

type Segments = readonly PathSegment[];

/** The places of the flow's data that fill a path of an action's templates; none for a constant. */
export function sourcesOf({ state }: StateView, path: Segments): Segments[] {
  return sourcesIn(state["Parameters"] ?? {}, path);
}

function sourcesIn(value: Json, [key, ...rest]: Segments): Segments[] {
  if (key === undefined) return [];
  if (Array.isArray(value)) return sourcesIn(value[Number(key)] ?? null, rest);
  if (!isJsonObject(value)) return [];
  const dynamic = value[`${key}.$`];
  if (dynamic === undefined) return sourcesIn(value[key] ?? null, rest);
  if (typeof dynamic !== "string") return sourcesIn(dynamic, rest);
  return usesInDynamic(dynamic, "").flatMap(({ text: path, parsed }) => {
    if (!parsed.ok) return [];
    return [path === dynamic ? [...parsed.segments, ...rest] : parsed.segments];
  });
}

/** The states of a scope whose result holds a place of the data, with the rest of the path in the result. */
export function writersOf(scope: Scope, path: Segments): { view: StateView; inside: Segments }[] {
  return [...scope.states.values()].flatMap((view) => {
    if (view.type !== "Action" && view.type !== "Pass" && view.type !== "Map") return [];
    const written = segmentsOf(view.state["ResultPath"]);
    return written && isPrefix(written, path) ? [{ view, inside: path.slice(written.length) }] : [];
  });
}

/** How often copies by jq are followed back. */
const MOST_COPIES = 5;

/** The place that a place was copied from by jq programs; the place itself when it is not a plain copy. */
export function copiedFrom(scope: Scope, path: Segments, left = MOST_COPIES): Segments {
  const [writer, another] = writersOf(scope, path);
  if (writer === undefined || another !== undefined || left === 0) return path;
  const result = jqProgramOf(writer.view.state)?.result;
  const source = result && placeIn(result, writer.inside);
  return source === undefined ? path : copiedFrom(scope, source, left - 1);
}

function placeIn(value: Value, path: Segments): Segments | undefined {
  if (value.kind === "data") return [...value.at, ...path];
  const [key, ...rest] = path;
  if (value.kind !== "changed" || key === undefined) return undefined;
  const member = value.members.get(key);
  if (member !== undefined) return placeIn(member, rest);
  return value.base && placeIn(value.base, path);
}
