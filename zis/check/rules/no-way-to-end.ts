/** Is there a way from every state to an end? */
import type { Scope, StateView } from "../context.ts";
import type { Rule } from "../rule.ts";
import { reachableFrom, startOf, successorsOf, targetsOf } from "../targets.ts";

const MAX_NAMED = 5;

export const noWayToEnd: Rule = {
  name: "no-way-to-end",
  severity: "error",
  origin: "ours",
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
  const before = new Map<StateView, StateView[]>();
  const ending = new Set<StateView>();
  const waiting: StateView[] = [];
  for (const view of scope.states.values()) {
    const successors = successorsOf(view);
    for (const next of successors) listAt(before, next).push(view);
    const dangling = successors.length < targetsOf(view).length;
    if (successors.length === 0 || dangling || view.state["End"] === true) waiting.push(view);
  }
  for (let view = waiting.pop(); view !== undefined; view = waiting.pop()) {
    if (ending.has(view)) continue;
    ending.add(view);
    waiting.push(...(before.get(view) ?? []));
  }
  return ending;
}

function listAt<K, V>(map: Map<K, V[]>, key: K): V[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}
