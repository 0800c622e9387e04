/** Does an iteration of a Map read what only the data of the whole flow have? */
import { segmentsOf } from "../../model/paths.ts";
import { statesWithData } from "../action-data.ts";
import type { Analysis } from "../analysis.ts";
import type { Scope } from "../context.ts";
import { look } from "../data-shape.ts";
import { jqProgramOf } from "../jq/program.ts";
import type { Value } from "../jq/value.ts";
import { child } from "../json-pointer.ts";
import { readsOf, writesOf } from "../path-uses.ts";
import type { Rule } from "../rule.ts";

/** Members of the flow's data that items hardly ever have themselves. */
const OF_ROOT = ["input", "connections", "integration_key"];

/** What the items certainly lack is reported by the rule impossible-path; this one is for the rest. */
export const iterationRoot: Rule = {
  name: "iteration-root",
  severity: "warning",
  what: "An iteration reads $.input or $.connections, and its items do not seem to have it.",
  source: "ZIS developer guide, Map state: an iteration sees its item only",
  *find(context, analysis) {
    for (const { view, data } of statesWithData(context, analysis)) {
      if (view.scope.outer === undefined) continue;
      for (const { text: path, parsed, at, role } of readsOf(view)) {
        const root = parsed.ok ? parsed.segments[0] : undefined;
        if (role === "presence" || typeof root !== "string" || !OF_ROOT.includes(root)) continue;
        if (look(data, [root]).presence !== "unknown") continue;
        if (mayHave(root, view.scope, analysis)) continue;
        yield {
          path: at,
          message: `An iteration sees its item only, and nothing seems to put ${root} into the items: ${path} is then not there.`,
          hint: "Copy what the iteration needs into the items with Jq before the Map.",
        };
      }
    }
  },
};

/** True when a jq program that is too hard to read may have made the items with such a member. */
function mayHave(root: string, scope: Scope, analysis: Analysis): boolean {
  const owner = analysis.ownerOf(scope);
  const items = segmentsOf(owner?.state["ItemsPath"]);
  if (owner === undefined || items === undefined) return true;
  const named = new RegExp(`\\b${root}\\b`);
  return [...owner.scope.states.values()].some((maker) => {
    const result = [...writesOf(maker)].some(
      ({ parsed, at }) =>
        at === child(maker.path, "ResultPath") &&
        parsed.ok &&
        parsed.segments.every(
          (segment, index) => items[index] === undefined || segment === items[index],
        ),
    );
    if (!result) return false;
    return (
      isHard(jqProgramOf(maker.state)?.result) &&
      named.test(JSON.stringify(maker.state["Parameters"] ?? ""))
    );
  });
}

/** True when it is not known which members the items were given. */
function isHard(result: Value | undefined): boolean {
  const item = result?.kind === "array" ? result.item : result;
  return item === undefined || item.kind === "unknown" || item.kind === "array";
}
