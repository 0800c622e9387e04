/** Does a flow count on the result of a Map being an array even when there was nothing to repeat? */
import { isJsonObject } from "../../model/json.ts";
import { JQ_ACTION } from "../../model/names.ts";
import { parsePath } from "../../model/paths.ts";
import { type StateView, text } from "../context.ts";
import { child } from "../json-pointer.ts";
import type { Rule } from "../rule.ts";

export const mapEmpty: Rule = {
  name: "map-empty",
  severity: "info",
  origin: "ours",
  what: "A jq program walks over the result of a Map, which may be null when the Map had no items.",
  source: "inferred: a published flow turns null into [] after its Map",
  *find({ states }) {
    for (const map of states) {
      const resultPath = map.type === "Map" ? text(map.state["ResultPath"]) : undefined;
      const parsed = resultPath === undefined ? undefined : parsePath(resultPath);
      const last = parsed?.ok ? parsed.segments.at(-1) : undefined;
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
