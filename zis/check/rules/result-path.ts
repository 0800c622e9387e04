/** Does a state say where its result goes? */
import type { Rule } from "../rule.ts";

export const noResultPath: Rule = {
  name: "no-result-path",
  severity: "warning",
  what: "An Action, a Map or a Pass with a Result has no ResultPath.",
  source: "inferred: the documented default is not public, and published flows rely on `unchanged`",
  *find({ states }) {
    for (const { name, state, type, path } of states) {
      const has = Object.hasOwn(state, "ResultPath");
      const passes = type === "Pass" && Object.hasOwn(state, "Result");
      if (has || !(type === "Action" || type === "Map" || passes)) continue;
      yield {
        path,
        message: `${type} ${JSON.stringify(name)} has no ResultPath; what becomes of its result is not documented.`,
        hint: 'Add a ResultPath; for a result that is not wanted a scratch one, such as "$.ignored".',
      };
    }
  },
};
