/**
 * The bundle as the rules see it: flows, scopes and states with the pointers at which they stand. Built
 * from any value at all; what is not shaped like a flow, a state or an action is simply not listed.
 */
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { child } from "./json-pointer.ts";

export interface StateView {
  readonly name: string;
  readonly path: string;
  /** Undefined when Type is missing or not a string. */
  readonly type: string | undefined;
  readonly state: JsonObject;
  readonly scope: Scope;
  /** The scope of a Map's Iterator. */
  readonly iterator?: Scope;
}

/** States that may name each other: those of a flow, or those of one Iterator. */
export interface Scope {
  /** Pointer of the definition: the object that holds StartAt and States. */
  readonly path: string;
  /** The definition itself; empty when it is not an object. */
  readonly definition: JsonObject;
  readonly startAt: string | undefined;
  readonly states: ReadonlyMap<string, StateView>;
  /** The scope around an Iterator. */
  readonly outer: Scope | undefined;
}

interface FlowView {
  /** `properties.name`, or the resource key when there is none. */
  readonly name: string;
  /** Pointer of the properties. */
  readonly path: string;
  readonly scope: Scope;
}

export interface ActionView {
  readonly key: string;
  readonly name: string | undefined;
  /** Pointer of the properties. */
  readonly path: string;
  readonly definition: JsonObject;
}

interface ResourceView {
  readonly key: string;
  readonly type: string;
  /** Pointer of the properties. */
  readonly path: string;
  readonly properties: JsonObject;
}

export interface Context {
  readonly bundle: unknown;
  readonly resources: readonly ResourceView[];
  readonly flows: readonly FlowView[];
  /** All scopes, each before the scopes inside it. */
  readonly scopes: readonly Scope[];
  readonly states: readonly StateView[];
  readonly actions: readonly ActionView[];
  /** By `properties.name`; of several with one name the last, which is the one that Zendesk uses. */
  readonly actionsByName: ReadonlyMap<string, ActionView>;
}

/** The view of a bundle. */
export function createContext(bundle: unknown): Context {
  const resources = listResources(bundle);
  const scopes: Scope[] = [];
  const flows = resources
    .filter(({ type }) => type === "ZIS::Flow")
    .map((resource) => {
      const path = child(resource.path, "definition");
      const scope = createScope(resource.properties["definition"], path, undefined, scopes);
      return {
        name: text(resource.properties["name"]) ?? resource.key,
        path: resource.path,
        scope,
      };
    });
  const actions = resources.filter(({ type }) => type === "ZIS::Action::Http").map(toAction);
  const named = actions.flatMap((action) =>
    action.name === undefined ? [] : [[action.name, action] as const],
  );
  return {
    bundle,
    resources,
    flows,
    scopes,
    states: scopes.flatMap((scope) => [...scope.states.values()]),
    actions,
    actionsByName: new Map(named),
  };
}

/** The value when it is a string. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The objects in the array at a member, each with its pointer; none when there is no array. */
export function objectsAt(
  holder: JsonObject,
  member: string,
  path: string,
): { value: JsonObject; path: string }[] {
  const list = holder[member];
  return (Array.isArray(list) ? list : []).flatMap((value, index) =>
    isJsonObject(value) ? [{ value, path: child(path, member, index) }] : [],
  );
}

function listResources(bundle: unknown): ResourceView[] {
  const resources = isJsonObject(bundle) ? bundle["resources"] : undefined;
  if (!isJsonObject(resources)) return [];
  return Object.entries(resources).flatMap(([key, resource]) => {
    if (!isJsonObject(resource)) return [];
    const { type, properties } = resource;
    if (typeof type !== "string" || !isJsonObject(properties)) return [];
    const path = child("/resources", key, "properties");
    return [{ key, type, path, properties }];
  });
}

function toAction({ key, path, properties }: ResourceView): ActionView {
  const { name, definition } = properties;
  return { key, path, name: text(name), definition: isJsonObject(definition) ? definition : {} };
}

function createScope(
  definition: unknown,
  path: string,
  outer: Scope | undefined,
  all: Scope[],
): Scope {
  const own: JsonObject = isJsonObject(definition) ? definition : {};
  const states = new Map<string, StateView>();
  const scope: Scope = { path, definition: own, startAt: text(own["StartAt"]), states, outer };
  all.push(scope);
  const entries = isJsonObject(own["States"]) ? Object.entries(own["States"]) : [];
  for (const [name, state] of entries) {
    if (!isJsonObject(state)) continue;
    const statePath = child(path, "States", name);
    const view = { name, path: statePath, type: text(state["Type"]), state, scope };
    const iterator = state["Iterator"];
    const nested = view.type === "Map" && isJsonObject(iterator);
    states.set(
      name,
      nested
        ? { ...view, iterator: createScope(iterator, child(statePath, "Iterator"), scope, all) }
        : view,
    );
  }
  return scope;
}
