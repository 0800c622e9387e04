/** What a state does when a flow comes to it: the pure core of the engine. It decides; the driver performs and keeps time. */
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { wellFormed } from "../model/json-text.ts";
import { shortened } from "../model/shorten.ts";
import { actionEffect, actionResult } from "./action.ts";
import type { Context, Decision } from "./decision.ts";
import type { Outcome } from "./effects.ts";
import { faultOf, RuntimeFault, TASK_FAILED } from "./fault.ts";
import {
  DEFAULT_MESSAGE,
  fail,
  finish,
  guarded,
  iterate,
  leave,
  noState,
  store,
  write,
} from "./follow.ts";
import type { Frame, Visit } from "./frames.ts";
import { resolve, type Scope } from "./lookup.ts";
import type {
  ActionNode,
  ChoiceNode,
  FailNode,
  Machine,
  MapNode,
  Node,
  PassNode,
  SucceedNode,
  WaitNode,
} from "./machine.ts";
import { render, textOf } from "./template.ts";

/** The first decision: to enter the flow's first state. */
export function start(machine: Machine, data: Json): Decision {
  const frame = { machine, state: machine.startAt, data };
  if (machine.has(machine.startAt)) return { kind: "enter", frame, left: [] };
  const fault = noState("StartAt", machine.startAt);
  const ending = { status: "FAILED", state: shortened(machine.startAt), fault, data } as const;
  return { kind: "end", ending, left: [] };
}

/** Enters the state of a frame. */
export function enter(frame: Frame, context: Context): Decision {
  const visit: Visit = { frame, node: nodeOf(frame), warnings: [] };
  return guarded(visit, context, () => decide(visit, context));
}

/** Goes on after an effect that `enter` asked for. */
export function resume(visit: Visit<ActionNode>, outcome: Outcome, context: Context): Decision {
  if (!outcome.ok) {
    const { error: cause, status, retryAfterSeconds } = outcome;
    const fault = {
      name: TASK_FAILED,
      cause,
      ...(status !== undefined && { status }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    };
    return fail(visit, fault, context);
  }
  visit.warnings.push(...(outcome.warnings ?? []));
  return guarded(visit, context, () =>
    store(visit, wellFormed(actionResult(outcome, context.switches)), context),
  );
}

/** Goes on after a wait that `enter` asked for. */
export function wake(visit: Visit<WaitNode>, context: Context): Decision {
  return leave(visit, visit.frame.data, visit.node.next, context);
}

function nodeOf({ machine, state }: Frame): Node {
  try {
    const problem = noState("Next", state).cause;
    return machine.stateNamed(state) ?? { type: "unknown", problem };
  } catch (error) {
    const fault = faultOf(error);
    if (fault) return { type: "unknown", problem: fault.cause };
    throw error;
  }
}

function decide(visit: Visit, context: Context): Decision {
  const { node } = visit;
  switch (node.type) {
    case "Action":
      return callAction({ ...visit, node }, context);
    case "Choice":
      return choose(visit, node, context);
    case "Map":
      return startMap({ ...visit, node }, context);
    case "Wait":
      return wait({ ...visit, node }, context);
    case "Pass":
      return pass(visit, node, context);
    case "Succeed":
      return succeed(visit, node, context);
    case "Fail":
      return giveUp(visit, node, context);
    case "unknown":
      break;
  }
  return fail(visit, { name: TASK_FAILED, cause: node.problem }, context);
}

function scopeOf(visit: Visit, context: Context): Scope {
  const { switches, query } = context;
  return { data: visit.frame.data, switches, query, warnings: visit.warnings };
}

function callAction(visit: Visit<ActionNode>, context: Context): Decision {
  const scope = scopeOf(visit, context);
  const rendered = render(visit.node.parameters, scope);
  const parameters = isJsonObject(rendered) ? rendered : {};
  const withParameters = { ...visit, parameters };
  // A template that cannot be filled in fails the state with its Parameters already known.
  return guarded(withParameters, context, () => {
    const effect = actionEffect(visit.node, parameters, scope, context);
    return { kind: "perform", effect, visit: { ...withParameters, effect } };
  });
}

function choose(visit: Visit, node: ChoiceNode, context: Context): Decision {
  const scope = scopeOf(visit, context);
  const rule = node.rules.find(({ holds }) => holds(scope));
  const next = rule ? rule.next : node.otherwise;
  if (next === undefined && !rule) {
    // Inferred: what ZIS does here is not documented; the name is that of the Amazon States Language.
    throw new RuntimeFault("no rule is true and there is no Default", "States.NoChoiceMatched");
  }
  return leave(visit, visit.frame.data, next ?? "", context);
}

function wait(visit: Visit<WaitNode>, context: Context): Decision {
  const seconds = secondsOf(visit, context);
  return seconds > 0 ? { kind: "wait", seconds, visit } : wake(visit, context);
}

function secondsOf(visit: Visit<WaitNode>, context: Context): number {
  const { seconds } = visit.node;
  if (typeof seconds === "number") return seconds;
  const value = resolve(seconds, scopeOf(visit, context));
  if (typeof value !== "number") throw new RuntimeFault(`${seconds.text} is not a number`);
  return value;
}

function pass(visit: Visit, node: PassNode, context: Context): Decision {
  const { data } = visit.frame;
  if (node.literal === undefined) return leave(visit, data, node.next, context);
  const { passResultTemplates, passResultPathDefault } = context.switches;
  const result =
    passResultTemplates === "resolve"
      ? render(node.template, scopeOf(visit, context))
      : node.literal;
  const output = write(data, node.resultPath, result, passResultPathDefault);
  return leave(visit, output, node.next, context, result);
}

function succeed(visit: Visit, node: SucceedNode, context: Context): Decision {
  const scope = scopeOf(visit, context);
  const message = node.message && textOf(render(node.message, scope), "Message", scope);
  return finish(visit, visit.frame.data, message ?? DEFAULT_MESSAGE, context);
}

function giveUp(visit: Visit, node: FailNode, context: Context): Decision {
  const scope = scopeOf(visit, context);
  const name = textOf(render(node.error, scope), "Error", scope);
  const cause = textOf(render(node.cause, scope), "Cause", scope);
  return fail(visit, { name, cause }, context);
}

function startMap(visit: Visit<MapNode>, context: Context): Decision {
  const { itemsPath } = visit.node;
  const items = resolve(itemsPath, scopeOf(visit, context));
  assertItems(items, itemsPath.text, context.limits.mapItems);
  const withItems = { ...visit, parameters: items as Json[] };
  if (items.length > 0) {
    const progress = { visit: withItems, items, index: 0, results: [] };
    return iterate(progress, context);
  }
  return store(withItems, context.switches.emptyMapResult === "null" ? null : [], context);
}

/** Source: the page on the Map state; the texts are ours. */
function assertItems(items: Json, path: string, limit: number): asserts items is JsonObject[] {
  if (!Array.isArray(items)) throw new RuntimeFault(`the items at ${path} are not an array`);
  if (items.length > limit) {
    throw new RuntimeFault(`the Map has ${items.length} items at ${path}, at most ${limit} may be`);
  }
  const wrong = items.findIndex((item) => !isJsonObject(item));
  if (wrong >= 0) throw new RuntimeFault(`item ${wrong} at ${path} is not an object`);
}
