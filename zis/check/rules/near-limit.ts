/** Does a flow's longest way stay well inside what ZIS allows a flow? */
import { DEFAULT_LIMITS } from "../../engine/limits.ts";
import { type Bound, toFlowBound } from "../bounds.ts";
import type { Found } from "../finding.ts";
import type { Rule } from "../rule.ts";

/** Above this share of a limit there is a warning, above the whole an error. */
const NEAR = 0.8;

const MEASURES = [
  { measure: "transitions", limit: DEFAULT_LIMITS.transitions, unit: "state transitions" },
  { measure: "seconds", limit: DEFAULT_LIMITS.seconds, unit: "seconds" },
] as const;

const HINT =
  "Shorten the longest way, give actions smaller budgets, cap the items of a Map (jq: .items[0:20]), or hand the work to a server's queue.";

/** A loop without end and a flow that cannot start are reported by the rules unbounded-loop and dangling-next. */
export const nearLimit: Rule = {
  name: "near-limit",
  severity: "error",
  what: "The longest run of a flow takes more than 80 % of the transitions or seconds that ZIS allows, or its seconds have no bound.",
  source: "ZIS overview: a flow is ended after 250 transitions or 100 seconds",
  *find({ flows }, analysis) {
    for (const { name, scope } of flows) {
      const bounds = toFlowBound(name, analysis.costs(scope));
      for (const { measure, limit, unit } of MEASURES) {
        const found = compare(name, bounds[measure], limit, unit);
        if (found !== undefined) yield { path: scope.path, atKey: true, ...found };
      }
      const isOnlyTimeOpen = bounds.seconds.max === null && bounds.transitions.max !== null;
      if (isOnlyTimeOpen) yield { path: scope.path, atKey: true, ...unboundedTime(name, bounds) };
    }
  },
};

type Verdict = Omit<Found, "path" | "atKey">;

function compare(
  flow: string,
  { max, why }: Bound,
  limit: number,
  unit: string,
): Verdict | undefined {
  if (max === null || max <= NEAR * limit) return undefined;
  const share = Math.round((max / limit) * 100);
  const assumptions = why === undefined ? "" : ` ${why}`;
  return {
    ...(max <= limit && { severity: "warning" as const }),
    message: `Flow ${JSON.stringify(flow)} may take ${rounded(max)} ${unit}, ${share} % of the ${limit} that ZIS allows.${assumptions}`,
    hint: HINT,
  };
}

function unboundedTime(flow: string, { seconds }: { readonly seconds: Bound }): Verdict {
  return {
    message:
      `Flow ${JSON.stringify(flow)} has no bound on its seconds. ${seconds.why ?? ""}`.trimEnd(),
    hint: "Give the Wait a constant number of Seconds, or a SecondsPath to a constant that a Pass has written.",
  };
}

/** Sums of fractions of a second, without binary rounding errors. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
