/** Is there a way from every state to an end? */
import type { Scope, StateView } from "../context.ts";
import type { Rule } from "../rule.ts";
import { reachableFrom, startOf, successorsOf, targetsOf } from "../targets.ts";

const MAX_NAMED = 5;

export const noWayToEnd: Rule = {
  name: "no-way-to-end",
  severity: "error",
  what: "From a reachable state the flow never gets to an End, a Succeed or a Fail.",
  source: "follows from the flow's graph",
  *find({ scopes }) {
    for (const scope of scopes) {
      const ending = statesThatCanEnd(scope);
      const stuck = [...reachableFrom(startOf(scope))].filter((view) => !ending.has(view));
      const first = stuck[0];
      if (first === undefined) continue;
      const names = stuck.slice(0, MAX_NAMED).map(({ name }) => JSON.stringify(name));
      if (stuck.length > MAX_NAMED) names.push("...");
      yield {
        path: first.path,
        atKey: true,
        message: `No end can be reached from ${names.join(", ")}.`,
        hint: "Add a way out of the loop to a Succeed, a Fail or a state with End.",
      };
    }
  },
};

/** A state whose next state is missing counts as ending: another rule reports it. */
function statesThatCanEnd(scope: Scope): Set<StateView> {
  const ending = new Set<StateView>();
  const waiting: StateView[] = [];
  const ways: { readonly from: StateView; readonly to: StateView }[] = [];
  for (const from of scope.states.values()) {
    const successors = successorsOf(from);
    for (const to of successors) ways.push({ from, to });
    const dangling = successors.length < targetsOf(from).length;
    if (successors.length === 0 || dangling || from.state["End"] === true) waiting.push(from);
  }
  const before = Map.groupBy(ways, ({ to }) => to);
  for (let view = waiting.pop(); view !== undefined; view = waiting.pop()) {
    if (ending.has(view)) continue;
    ending.add(view);
    for (const { from } of before.get(view) ?? []) waiting.push(from);
  }
  return ending;
}
