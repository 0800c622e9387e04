/**
 * What a bundle becomes to be run: every path, template and condition parsed once.
 *
 * A bundle need not be well formed: a broken state is a runtime error when it is entered, not before.
 */
import type { Bundle, Resource } from "../model/bundle.ts";
import {
  STATES_ALL,
  type ActionState,
  type Catcher,
  type ChoiceRule,
  type ChoiceState,
  type FlowDefinition,
  type MapState,
  type PassState,
  type State,
  type WaitState,
} from "../model/flow.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import { wellFormed } from "../model/json-text.ts";
import { parseResourceName } from "../model/names.ts";
import { compileCondition, type Predicate } from "./choice.ts";
import { compileAction, type CompiledAction } from "./http-action.ts";
import { compilePath, type CompiledPath } from "./lookup.ts";
import { compileMessage, compileTemplate, type Template } from "./template.ts";

/** A flow, or the Iterator of a Map. */
export interface Machine {
  readonly startAt: string;
  /** Compiled when it is first asked for: a run enters few of the states of a large flow. */
  readonly stateNamed: (name: string) => Node | undefined;
  readonly has: (name: string) => boolean;
}

export interface Program {
  /** By `properties.name`. */
  readonly flows: ReadonlyMap<string, Machine>;
  /** By `properties.name`. Source: a state can only call actions of its own bundle. */
  readonly actions: ReadonlyMap<string, CompiledAction>;
}

/** A state, compiled. `next` is null where the state ends its flow or iteration. */
export type Node =
  | ActionNode
  | ChoiceNode
  | MapNode
  | WaitNode
  | PassNode
  | SucceedNode
  | FailNode
  | { readonly type: "unknown"; readonly problem: string };

export interface ActionNode extends Catching {
  readonly type: "Action";
  readonly actionName: string;
  /** The name by which the bundle knows a custom action. */
  readonly shortName: string;
  readonly parameters: Template;
}

export interface MapNode extends Catching {
  readonly type: "Map";
  readonly itemsPath: CompiledPath;
  readonly iterator: Machine;
}

export interface ChoiceNode {
  readonly type: "Choice";
  readonly rules: readonly { readonly holds: Predicate; readonly next: string }[];
  readonly otherwise: string | undefined;
}

export interface WaitNode {
  readonly type: "Wait";
  readonly seconds: number | CompiledPath;
  readonly next: string | null;
}

export interface PassNode {
  readonly type: "Pass";
  readonly literal: Json | undefined;
  readonly template: Template;
  readonly resultPath: CompiledPath | null | undefined;
  readonly next: string | null;
}

export interface SucceedNode {
  readonly type: "Succeed";
  readonly message: Template | undefined;
}

export interface FailNode {
  readonly type: "Fail";
  readonly error: Template;
  readonly cause: Template;
}

interface Catching {
  /** Undefined when absent, null when it is null: the result is dropped. */
  readonly resultPath: CompiledPath | null | undefined;
  readonly fallback: { readonly next: string; readonly resultPath: CompiledPath } | undefined;
  readonly next: string | null;
}

/** False for a resource that is not an object with properties: it is left out, as if the bundle did not have it. */
export function isWhole(resource: Resource): boolean {
  return isJsonObject(resource) && isJsonObject(resource.properties);
}

const programs = new WeakMap<Bundle, Program>();

/** The compiled bundle; compiled once for each bundle object, which must not change afterwards. */
export function compileBundle(bundle: Bundle): Program {
  const known = programs.get(bundle);
  if (known) return known;
  const flows = new Map<string, Machine>();
  const actions = new Map<string, CompiledAction>();
  for (const { type, properties } of Object.values(bundle.resources).filter(isWhole)) {
    if (type === "ZIS::Flow") flows.set(properties.name, compileMachine(properties.definition));
    if (type === "ZIS::Action::Http" && isJsonObject(properties.definition)) {
      actions.set(properties.name, compileAction(wellFormed(properties.definition)));
    }
  }
  const program = { flows, actions };
  programs.set(bundle, program);
  return program;
}

function compileMachine(definition: FlowDefinition): Machine {
  if (!isJsonObject(definition) || !isJsonObject(definition.States)) {
    return { startAt: "", stateNamed: () => undefined, has: () => false };
  }
  const { StartAt, States: states } = definition;
  const startAt = typeof StartAt === "string" ? StartAt : "";
  const nodes = new Map<string, Node>();
  const compiled = (name: string): Node | undefined => {
    const state = Object.hasOwn(states, name) ? states[name] : undefined;
    if (state === undefined) return undefined;
    const node = compileState(wellFormed(state));
    nodes.set(name, node);
    return node;
  };
  return {
    startAt,
    stateNamed: (name) => nodes.get(name) ?? compiled(name),
    has: (name) => Object.hasOwn(states, name) && states[name] !== undefined,
  };
}

function compileState(state: State): Node {
  if (!isJsonObject(state)) return unknown("the state is not an object");
  switch (state.Type) {
    case "Action":
      return compileActionState(state);
    case "Choice":
      return compileChoice(state);
    case "Map":
      return compileMap(state);
    case "Wait":
      return compileWait(state);
    case "Pass":
      return compilePass(state);
    case "Succeed":
      return {
        type: "Succeed",
        message: state.Message === undefined ? undefined : compileMessage(state.Message),
      };
    case "Fail":
      return {
        type: "Fail",
        error: compileMessage(state.Error ?? ""),
        cause: compileMessage(state.Cause ?? ""),
      };
    default:
      return unknown(unknownType(state));
  }
}

function unknownType({ Type }: { readonly Type?: Json }): string {
  if (Type === undefined) return "the state has no Type";
  return `${JSON.stringify(Type)} is not a state type`;
}

function unknown(problem: string): Node {
  return { type: "unknown", problem };
}

function compileActionState(state: ActionState): Node {
  if (typeof state.ActionName !== "string") return unknown("Action needs an ActionName");
  return {
    type: "Action",
    actionName: state.ActionName,
    shortName: parseResourceName(state.ActionName)?.name ?? state.ActionName,
    parameters: compileTemplate(state.Parameters ?? {}, "parameters"),
    ...compileCatching(state),
  };
}

function compileMap(state: MapState): Node {
  if (typeof state.ItemsPath !== "string") return unknown("Map needs an ItemsPath");
  return {
    type: "Map",
    itemsPath: compilePath(state.ItemsPath),
    iterator: compileMachine(state.Iterator),
    ...compileCatching(state),
  };
}

function compileCatching(state: ActionState | MapState): Catching {
  return {
    resultPath: compileResultPath(state.ResultPath),
    fallback: compileCatch(state.Catch),
    next: following(state),
  };
}

/** ErrorEquals accepts States.ALL only, so the first catcher that has it takes every error. */
function compileCatch(catchers: readonly Catcher[] | undefined): Catching["fallback"] {
  const list: readonly Catcher[] = Array.isArray(catchers) ? catchers : [];
  const catcher = list.find(
    (each) => Array.isArray(each?.ErrorEquals) && each.ErrorEquals.includes(STATES_ALL),
  );
  if (!catcher) return undefined;
  // The default replaces all data. Source: page on retries and error handling.
  return { next: catcher.Next, resultPath: requiredPath(catcher.ResultPath ?? "$") };
}

function compileChoice(state: ChoiceState): Node {
  const rules: readonly ChoiceRule[] = Array.isArray(state.Choices) ? state.Choices : [];
  if (!rules.every(isJsonObject)) return unknown("each of the Choices must be an object");
  return {
    type: "Choice",
    rules: rules.map((rule) => ({
      holds: compileCondition(rule),
      next: rule.Next,
    })),
    otherwise: state.Default,
  };
}

function compileWait(state: WaitState): Node {
  if (typeof state.Seconds === "number") {
    return { type: "Wait", seconds: state.Seconds, next: following(state) };
  }
  if (typeof state.SecondsPath !== "string") return unknown("Wait needs Seconds or SecondsPath");
  return { type: "Wait", seconds: compilePath(state.SecondsPath), next: following(state) };
}

function compilePass(state: PassState): Node {
  return {
    type: "Pass",
    literal: state.Result,
    template: compileTemplate(state.Result ?? null, "parameters"),
    resultPath: compileResultPath(state.ResultPath),
    next: following(state),
  };
}

/** A ResultPath of null drops the result, as in the Amazon States Language (inferred). */
function compileResultPath(text: Json | undefined): CompiledPath | null | undefined {
  return text === undefined || text === null ? text : requiredPath(text);
}

/** A path that is not text cannot be written, like any other malformed one. */
function requiredPath(text: Json): CompiledPath {
  return compilePath(typeof text === "string" ? text : JSON.stringify(text));
}

/** The language wants exactly one of Next and End. With both, End counts; with neither, the flow ends. */
function following(state: { readonly Next?: string; readonly End?: true }): string | null {
  return state.End ? null : (state.Next ?? null);
}
