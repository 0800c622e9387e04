/** Which paths decide where a state goes, how long it waits, how often it repeats, or what it counts. */
import { rulesOf, withNested } from "./conditions.ts";
import { type StateView, text } from "./context.ts";
import { jqProgramOf } from "./jq/program.ts";
import type { PathSegment } from "../model/paths.ts";

/** The paths, as texts. */
export function constantsReadBy(view: StateView): string[] {
  const { state, type } = view;
  switch (type ?? "") {
    case "Choice":
      return rulesOf(view).flatMap((rule) =>
        [...withNested(rule)].flatMap(({ condition }) =>
          Object.entries(condition).flatMap(([key, value]) =>
            typeof value === "string" && (key === "Variable" || key.endsWith("Path"))
              ? [value]
              : [],
          ),
        ),
      );
    case "Map":
      return [text(state["ItemsPath"]) ?? ""];
    case "Wait":
      return [text(state["SecondsPath"]) ?? ""];
    case "Action":
      return (jqProgramOf(state)?.reads ?? []).map(pathText);
    default:
      return [];
  }
}

/** A path written out of its segments. */
function pathText(segments: readonly PathSegment[]): string {
  return `$${segments.map(stepText).join("")}`;
}

function stepText(segment: PathSegment): string {
  if (typeof segment === "number") return `[${segment}]`;
  return `['${segment.replaceAll(/['\\]/g, "\\$&")}']`;
}
