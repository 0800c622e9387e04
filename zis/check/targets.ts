/** Where a state may go next: every place in it that names a state. */
import { isJsonObject } from "../model/json.ts";
import type { Scope, StateView } from "./context.ts";
import { text } from "./context.ts";
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
  const found: Target[] = [];
  const add = (holder: unknown, member: Target["member"], at: string): void => {
    const name = isJsonObject(holder) ? text(holder[member]) : undefined;
    if (name !== undefined) found.push({ member, path: child(at, member), name });
  };
  const addAll = (list: unknown, member: "Choices" | "Catch"): void => {
    if (!Array.isArray(list)) return;
    list.forEach((entry, index) => add(entry, "Next", child(child(path, member), index)));
  };
  if (type === "Choice") {
    addAll(state["Choices"], "Choices");
    add(state, "Default", path);
    return found;
  }
  add(state, "Next", path);
  if (type === "Action" || type === "Map") addAll(state["Catch"], "Catch");
  return found;
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
