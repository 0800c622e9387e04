/** Where a state may go next: every place in it that names a state. */
import type { JsonObject } from "../model/json.ts";
import { objectsAt, type Scope, type StateView, text } from "./context.ts";
import { child } from "./json-pointer.ts";

export interface Target {
  readonly member: "Next" | "Default";
  /** Pointer of the name. */
  readonly path: string;
  readonly name: string;
}

/** The names in Next, Default, the rules of a Choice and the Catch of an Action or Map. */
export function targetsOf({ state, type, path }: StateView): Target[] {
  if (type === "Succeed" || type === "Fail") return [];
  const isChoice = type === "Choice";
  const lists = isChoice ? ["Choices"] : type === "Action" || type === "Map" ? ["Catch"] : [];
  const entries = lists.flatMap((list) => objectsAt(state, list, path));
  const named = entries.flatMap((entry) => target(entry.value, "Next", entry.path));
  const own = target(state, isChoice ? "Default" : "Next", path);
  return isChoice ? [...named, ...own] : [...own, ...named];
}

function target(holder: JsonObject, member: Target["member"], path: string): Target[] {
  const name = text(holder[member]);
  return name === undefined ? [] : [{ member, path: child(path, member), name }];
}

/** The states of the scope that may follow a state. */
export function successorsOf(view: StateView): StateView[] {
  return targetsOf(view).flatMap(({ name }) => view.scope.states.get(name) ?? []);
}

/** The state at which a scope begins. */
export function startOf(scope: Scope): StateView | undefined {
  return scope.startAt === undefined ? undefined : scope.states.get(scope.startAt);
}

/** All states that can be reached from the start of a scope. */
export function reachableFrom(start: StateView | undefined): Set<StateView> {
  const reached = new Set<StateView>();
  const waiting = start === undefined ? [] : [start];
  for (let view = waiting.pop(); view !== undefined; view = waiting.pop()) {
    if (reached.has(view)) continue;
    reached.add(view);
    waiting.push(...successorsOf(view));
  }
  return reached;
}
