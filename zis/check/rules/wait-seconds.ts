/** Does a Wait say how long, once, and more than nothing? */
import { child } from "../json-pointer.ts";
import type { Rule } from "../rule.ts";

export const waitSeconds: Rule = {
  name: "wait-seconds",
  severity: "error",
  what: "A Wait does not have exactly one of Seconds and SecondsPath, or its Seconds is not above 0.",
  source: "ZIS developer guide, Wait state",
  *find({ states }) {
    for (const { state, type, path, name } of states) {
      if (type !== "Wait") continue;
      const hasSeconds = Object.hasOwn(state, "Seconds");
      const hasPath = Object.hasOwn(state, "SecondsPath");
      if (hasSeconds === hasPath) {
        yield {
          path,
          message: `Wait ${JSON.stringify(name)} has ${hasPath ? "both Seconds and SecondsPath" : "neither Seconds nor SecondsPath"}.`,
          hint: "Give exactly one: Seconds is a number, SecondsPath a path to one.",
        };
      }
      const seconds = state["Seconds"];
      if (typeof seconds === "number" && !(seconds > 0)) {
        yield {
          path: child(path, "Seconds"),
          message: `Seconds is ${seconds}; it must be above 0.`,
          hint: "Remove the Wait, or wait for a fraction of a second.",
        };
      }
    }
  },
};
