/** Does every loop come to an end? */
import { describeLoop, loopOf, whyEndless } from "../loops.ts";
import type { Rule } from "../rule.ts";

export const unboundedLoop: Rule = {
  name: "unbounded-loop",
  severity: "error",
  what: "A loop has no end that can be proven.",
  source: "ZIS overview: a flow is ended after 250 transitions or 100 seconds",
  *find({ scopes }, analysis) {
    for (const scope of scopes) {
      const analysed = analysis.scope(scope);
      const loop = analysed && loopOf(analysed.graph);
      const first = loop?.[0];
      if (analysed === undefined || loop === undefined || first === undefined) continue;
      yield {
        path: first.view.path,
        atKey: true,
        message: `${describeLoop(loop)} ${whyEndless(analysed)}; ZIS ends a flow after 250 transitions.`,
        hint: "Count the rounds from a constant that a Pass writes, and leave the loop by a Choice on the count.",
      };
    }
  },
};
