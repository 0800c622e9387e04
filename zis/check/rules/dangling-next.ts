/** Does every name of a next state exist? */
import type { Scope } from "../context.ts";
import type { Found } from "../finding.ts";
import { child } from "../json-pointer.ts";
import { nearestPhrase } from "../nearest.ts";
import type { Rule } from "../rule.ts";
import { targetsOf } from "../targets.ts";
import { ownerOf } from "./iterator-jump.ts";

export const danglingNext: Rule = {
  name: "dangling-next",
  severity: "error",
  what: "StartAt, Next, Default or the Next of a Catch names a state that does not exist.",
  source: "ZIS developer guide, flow states",
  *find({ scopes, states }) {
    for (const scope of scopes) {
      if (scope.startAt !== undefined) {
        yield* missing(scope, "StartAt", child(scope.path, "StartAt"), scope.startAt);
      }
    }
    for (const view of states) {
      for (const { member, path, name } of targetsOf(view)) {
        yield* missing(view.scope, member, path, name);
      }
    }
  },
};

function* missing(scope: Scope, member: string, path: string, name: string): Generator<Found> {
  if (scope.states.has(name) || ownerOf(scope, name) !== undefined) return;
  const where = scope.outer === undefined ? "this flow" : "this Iterator";
  const near = nearestPhrase(name, scope.states.keys());
  yield {
    path,
    message: `${member} names ${JSON.stringify(name)}, which is not a state of ${where}${near}.`,
    hint: "Name one of the states, or add the missing state.",
  };
}
