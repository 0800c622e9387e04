/** Can every state be reached? */
import type { Rule } from "../rule.ts";
import { reachableFrom, startOf } from "../targets.ts";

export const unreachableState: Rule = {
  name: "unreachable-state",
  severity: "warning",
  what: "A state cannot be reached from StartAt.",
  source: "follows from the flow's graph",
  *find({ scopes }) {
    for (const scope of scopes) {
      const start = startOf(scope);
      if (start === undefined) continue;
      const reached = reachableFrom(start);
      for (const view of scope.states.values()) {
        if (reached.has(view)) continue;
        yield {
          path: view.path,
          atKey: true,
          message: `State ${JSON.stringify(view.name)} cannot be reached from StartAt.`,
          hint: "Remove the state, or name it in a Next, Default or Catch.",
        };
      }
    }
  },
};
