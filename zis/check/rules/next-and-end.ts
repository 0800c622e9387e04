/** Does every state say exactly once what follows it? */
import type { Found } from "../finding.ts";
import type { StateView } from "../context.ts";
import { child } from "../json-pointer.ts";
import type { Rule } from "../rule.ts";

const NEEDS_ONE: readonly (string | undefined)[] = ["Action", "Map", "Wait", "Pass"];
const WHY_NOT: Readonly<Record<string, string>> = {
  Succeed: "Succeed ends the flow",
  Fail: "Fail ends the flow",
  Choice: "a Choice goes where its rules and Default say",
};

export const nextAndEnd: Rule = {
  name: "next-and-end",
  severity: "error",
  what: "A state has both Next and End, neither, or one that its type does not allow.",
  source: "ZIS developer guide, flow states",
  *find({ states }) {
    for (const view of states) yield* check(view);
  },
};

function* check({ name, state, type, path }: StateView): Generator<Found> {
  const hasNext = Object.hasOwn(state, "Next");
  const hasEnd = Object.hasOwn(state, "End");
  const reason = WHY_NOT[type ?? ""];
  if (reason !== undefined) {
    for (const member of ["Next", "End"]) {
      if (!Object.hasOwn(state, member)) continue;
      yield {
        path: child(path, member),
        atKey: true,
        message: `${member} is not allowed here: ${reason}.`,
        hint: `Remove ${member}.`,
      };
    }
  } else if (hasNext && hasEnd) {
    yield {
      path: child(path, "End"),
      atKey: true,
      message: `State ${JSON.stringify(name)} has both Next and End.`,
      hint: "Keep Next to continue, or End to stop here.",
    };
  } else if (!hasNext && !hasEnd && NEEDS_ONE.includes(type)) {
    yield {
      path,
      message: `State ${JSON.stringify(name)} has neither Next nor End.`,
      hint: 'Add "Next" with the name of a state, or "End": true.',
    };
  }
}
