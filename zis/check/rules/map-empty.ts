/** Does a flow count on the result of a Map being an array even when there was nothing to repeat? */
import { isJsonObject } from "../../model/json.ts";
import { JQ_ACTION } from "../../model/names.ts";
import { isPrefix, type PathSegment, segmentsOf } from "../../model/paths.ts";
import { type StateView, text } from "../context.ts";
import { look } from "../data-shape.ts";
import { child } from "../json-pointer.ts";
import { readsOf } from "../path-uses.ts";
import { constantsReadBy } from "../reads-of-constants.ts";
import { reachableFrom } from "../targets.ts";
import type { Rule } from "../rule.ts";

export const mapEmpty: Rule = {
  name: "map-empty",
  severity: "info",
  what: "A jq program walks over the result of a Map, which may be null when the Map had no items.",
  source: "inferred: a published flow turns null into [] after its Map",
  *find({ states }) {
    for (const map of states) {
      const resultPath = map.type === "Map" ? text(map.state["ResultPath"]) : undefined;
      const last = segmentsOf(resultPath)?.at(-1);
      if (typeof last !== "string" || isMended(map)) continue;
      const reader = [...map.scope.states.values()].find((view) => walksOver(view, last));
      if (reader === undefined) continue;
      yield {
        path: child(map.path, "ResultPath"),
        message: `State ${JSON.stringify(reader.name)} walks over ${resultPath}, which may be null when the Map has no items.`,
        hint: `In its jq program write (.${last} // [])[].`,
      };
    }
  },
};

export const mapItem: Rule = {
  name: "map-item",
  severity: "warning",
  what: "A path leads to one item of a Map's result, which may have fewer items.",
  source: "ZIS developer guide, fixing common errors: JSON path not found",
  *find({ states }, analysis) {
    for (const map of states) {
      const into = map.type === "Map" ? segmentsOf(map.state["ResultPath"]) : undefined;
      if (!into?.length || isMended(map) || isTested(map, into)) continue;
      const items = segmentsOf(map.state["ItemsPath"]);
      const data = analysis.scope(map.scope)?.dataAt(map);
      for (const view of reachableFrom(map)) {
        if (view === map) continue;
        for (const { text: path, parsed, at, role } of readsOf(view)) {
          const segments = role === "value" && parsed.ok ? parsed.segments : [];
          const index = segments[into.length];
          if (typeof index !== "number" || !isPrefix(into, segments)) continue;
          const isSure = items && data && look(data, [...items, index]).presence === "sure";
          if (isSure) continue;
          yield {
            path: at,
            message: `${path} is not there when Map ${JSON.stringify(map.name)} has ${index === 0 ? "no" : `only ${index}`} items.`,
            hint: "Test the path with IsPresent before, or take the item with jq, which gives null.",
          };
        }
      }
    }
  },
};

/** True when a Choice or a jq program of the scope looks at the result: it may allow for how many items there are. */
function isTested(map: StateView, into: readonly PathSegment[]): boolean {
  const last = into.at(-1);
  return [...map.scope.states.values()].some(
    (view) =>
      (view.type === "Choice" &&
        constantsReadBy(view).some((path) => isPrefix(into, segmentsOf(path) ?? []))) ||
      (view.state["ActionName"] === JQ_ACTION &&
        JSON.stringify(view.state["Parameters"] ?? "").includes(`.${last}`)),
  );
}

/** True when another state writes the same path: flows turn null into an array like that. */
function isMended(map: StateView): boolean {
  const path = map.state["ResultPath"];
  return [...map.scope.states.values()].some(
    (view) => view !== map && view.state["ResultPath"] === path,
  );
}

/** True for a jq program with `.name[]` in it: an error on null. */
function walksOver({ state }: StateView, name: string): boolean {
  const parameters = state["Parameters"];
  if (state["ActionName"] !== JQ_ACTION || !isJsonObject(parameters)) return false;
  const expr = text(parameters["expr"]) ?? text(parameters["expr.$"]) ?? "";
  return expr.includes(`.${name}[]`) && !expr.includes(`.${name}[]?`);
}
