/** Do the states of an Iterator stay among themselves? */
import type { Scope } from "../context.ts";
import { child } from "../json-pointer.ts";
import type { Rule } from "../rule.ts";
import { targetsOf } from "../targets.ts";

export const iteratorJump: Rule = {
  name: "iterator-jump",
  severity: "error",
  what: "A state of an Iterator names a state of the flow around it.",
  source: "ZIS developer guide, Map state",
  *find({ scopes, states }) {
    const jumps = [
      ...scopes.flatMap((scope) =>
        scope.startAt === undefined
          ? []
          : [{ scope, member: "StartAt", path: child(scope.path, "StartAt"), name: scope.startAt }],
      ),
      ...states.flatMap((view) =>
        targetsOf(view).map((target) => ({ ...target, scope: view.scope })),
      ),
    ];
    for (const { scope, member, path, name } of jumps) {
      if (scope.states.has(name) || ownerOf(scope, name) === undefined) continue;
      yield {
        path,
        message: `${member} names ${JSON.stringify(name)}, a state outside the Iterator.`,
        hint: "End the iteration with End or a Succeed state; the Map's own Next says what follows.",
      };
    }
  },
};

/** The nearest scope around `scope` that has a state of this name. */
export function ownerOf(scope: Scope, name: string): Scope | undefined {
  for (let outer = scope.outer; outer !== undefined; outer = outer.outer) {
    if (outer.states.has(name)) return outer;
  }
  return undefined;
}
