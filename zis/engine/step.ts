/** What a flow does next: the pure core of the engine. It decides; the driver performs and keeps time. */
import type { StateType } from "../model/flow.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { wellFormed } from "../model/json-text.ts";
import { writePath } from "../model/paths.ts";
import { shortened } from "../model/shorten.ts";
import { actionEffect, actionResult } from "./action.ts";
import type { Effect, Outcome } from "./effects.ts";
import { faultOf, isRetryable, RuntimeFault, TASK_FAILED, type Fault } from "./fault.ts";
import { iteration, iterationsOf, type Frame, type MapProgress, type Visit } from "./frames.ts";
import type { Limits } from "./limits.ts";
import { resolve, type CompiledPath, type JsonQuery, type Scope } from "./lookup.ts";
import type {
  ActionNode,
  ChoiceNode,
  FailNode,
  Machine,
  MapNode,
  Node,
  PassNode,
  Program,
  SucceedNode,
  WaitNode,
} from "./machine.ts";
import type { Switches } from "./switches.ts";
import { render, textOf } from "./template.ts";

/** What holds for a whole run. */
export interface Context {
  readonly program: Program;
  readonly switches: Switches;
  readonly limits: Limits;
  /** `subdomain` and `zendeskHost`, which action definitions may use without being passed them. */
  readonly host: JsonObject;
  /** True when no further attempt at the whole flow follows. */
  readonly lastAttempt: boolean;
  readonly query: JsonQuery | undefined;
}

/** What one state did. */
export interface StepTrace {
  readonly state: string;
  readonly type: StateType | "unknown";
  /** Indexes of the Map items around the state, outermost first; empty outside any Map. */
  readonly iterations: readonly number[];
  /** The data when the state was entered. */
  readonly input: Json;
  /** Action: the Parameters filled in. Map: the items. */
  readonly parameters?: Json;
  readonly effect?: Effect;
  /** What the action returned, the Map gathered, the Pass put in, or a Catch was given. */
  readonly result?: Json;
  /** The data after ResultPath. */
  readonly output: Json;
  /** The state that follows; null at the end of the flow or of an iteration. */
  readonly next: string | null;
  /** The runtime error that the state met; `next` is then where its Catch leads. */
  readonly error?: { readonly name: string; readonly cause: string };
  readonly warnings: readonly string[];
}

/** How a flow ended by itself. */
export type Ending =
  | { readonly status: "SUCCEEDED"; readonly message: string; readonly data: Json }
  | {
      readonly status: "FAILED";
      /** The state that met the error. */
      readonly state: string;
      readonly fault: Fault;
      readonly data: Json;
    };

/** What comes next; `left` are the states that are done with, innermost first. */
export type Decision =
  | { readonly kind: "enter"; readonly frame: Frame; readonly left: readonly StepTrace[] }
  | { readonly kind: "perform"; readonly effect: Effect; readonly visit: Visit<ActionNode> }
  | { readonly kind: "wait"; readonly seconds: number; readonly visit: Visit<WaitNode> }
  | { readonly kind: "end"; readonly ending: Ending; readonly left: readonly StepTrace[] };

/** The log's text for a success without a Message. Source: ZIS developer guide, Succeed state. */
const DEFAULT_MESSAGE = "Execution Successful";

/** The first decision: to enter the flow's first state. */
export function start(machine: Machine, data: Json): Decision {
  const frame = { machine, state: machine.startAt, data };
  if (machine.has(machine.startAt)) return { kind: "enter", frame, left: [] };
  const fault = noState("StartAt", machine.startAt);
  const ending = { status: "FAILED", state: shortened(machine.startAt), fault, data } as const;
  return { kind: "end", ending, left: [] };
}

/** A name that leads nowhere is the error of whoever names it: a state that is not there is not entered. */
function noState(member: string, name: unknown): Fault {
  const cause =
    typeof name === "string" && name !== ""
      ? `${member} names ${JSON.stringify(shortened(name))}, which is no state of its scope`
      : `${member} names no state`;
  return { name: TASK_FAILED, cause };
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

/** Turns what resolving throws into the runtime error of the state. */
function guarded(visit: Visit, context: Context, work: () => Decision): Decision {
  try {
    return work();
  } catch (error) {
    const fault = faultOf(error);
    if (fault) return fail(visit, fault, context);
    throw error;
  }
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

function iterate(progress: MapProgress, context: Context): Decision {
  const { machine, state } = iteration(progress);
  if (machine.has(state)) return { kind: "enter", frame: iteration(progress), left: [] };
  return fail(progress.visit, noState("StartAt of the Iterator", state), context);
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

/** Puts the result of an Action or Map into the data and leaves the state. */
function store(visit: Visit<ActionNode | MapNode>, result: Json, context: Context): Decision {
  const { resultPath, next } = visit.node;
  const output = write(visit.frame.data, resultPath, result, context.switches.resultPathDefault);
  return leave(visit, output, next, context, result);
}

function write(
  data: Json,
  resultPath: CompiledPath | null | undefined,
  result: Json,
  absent: "keep" | "replace",
): Json {
  if (resultPath === null) return data;
  if (resultPath === undefined) return absent === "keep" ? data : result;
  const written = resultPath.segments && writePath(data, resultPath.segments, result);
  if (written !== undefined) return written;
  throw new RuntimeFault(`ResultPath ${resultPath.text} cannot be written`);
}

function leave(
  visit: Visit,
  data: Json,
  next: string | null,
  context: Context,
  result?: Json,
): Decision {
  if (next === null) return finish(visit, data, DEFAULT_MESSAGE, context, result);
  const member = visit.node.type === "Choice" ? "the Choice" : "Next";
  if (!visit.frame.machine.has(next))
    return propagate(visit, noState(member, next), context, visit);
  const frame = { ...visit.frame, state: next, data };
  return { kind: "enter", frame, left: [traceOf(visit, data, next, result)] };
}

/** Ends the scope of a state: the flow, or one iteration of a Map. */
function finish(
  visit: Visit,
  data: Json,
  message: string,
  context: Context,
  result?: Json,
): Decision {
  const done = traceOf(visit, data, null, result);
  const { map } = visit.frame;
  if (!map) return { kind: "end", ending: { status: "SUCCEEDED", message, data }, left: [done] };
  return after(done, nextIteration(map, data, context));
}

function nextIteration(map: MapProgress, data: Json, context: Context): Decision {
  const results = [...map.results, data];
  const index = map.index + 1;
  if (index < map.items.length) {
    return iterate({ ...map, results, index }, context);
  }
  return guarded(map.visit, context, () => store(map.visit, results, context));
}

/** A runtime error: to the state's Catch, else to the Map around it, else the end of the flow. */
function fail(visit: Visit, fault: Fault, context: Context, origin = visit): Decision {
  const { node, frame } = visit;
  const fallback = catcherOf(node, fault, context);
  if (!fallback) return propagate(visit, fault, context, origin);
  const caught = { Error: fault.name, Cause: fault.cause };
  const { segments, text } = fallback.resultPath;
  const data = segments && writePath(frame.data, segments, caught);
  if (data === undefined) {
    const cause = `ResultPath ${text} of Catch cannot be written`;
    return propagate(visit, { name: TASK_FAILED, cause }, context, visit);
  }
  const { next } = fallback;
  if (!frame.machine.has(next)) {
    return propagate(visit, noState("Next of the Catch", next), context, visit);
  }
  const left = [traceOf(visit, data, next, caught, fault)];
  return { kind: "enter", frame: { ...frame, state: next, data }, left };
}

function catcherOf(node: Node, fault: Fault, context: Context): ActionNode["fallback"] {
  if (node.type !== "Action" && node.type !== "Map") return undefined;
  const retriedFirst =
    context.switches.retryBeforeCatch === "retry" && !context.lastAttempt && isRetryable(fault);
  return retriedFirst ? undefined : node.fallback;
}

function propagate(visit: Visit, fault: Fault, context: Context, origin: Visit): Decision {
  const { map, data } = visit.frame;
  const done = traceOf(visit, data, null, undefined, fault);
  if (map) return after(done, fail(map.visit, fault, context, origin));
  const ending = { status: "FAILED", state: origin.frame.state, fault, data } as const;
  return { kind: "end", ending, left: [done] };
}

/** The decision of an outer scope, with the inner state that led to it told first. */
function after(done: StepTrace, decision: Decision): Decision {
  return "left" in decision ? { ...decision, left: [done, ...decision.left] } : decision;
}

function traceOf(
  visit: Visit,
  output: Json,
  next: string | null,
  result?: Json,
  fault?: Fault,
): StepTrace {
  const { frame, node, parameters, effect, warnings } = visit;
  const step: { -readonly [K in keyof StepTrace]: StepTrace[K] } = {
    state: frame.state,
    type: node.type,
    iterations: iterationsOf(frame),
    input: frame.data,
    output,
    next,
    warnings,
  };
  // Members one by one: this runs for every state, and spreading them took a third of a run's time.
  if (parameters !== undefined) step.parameters = parameters;
  if (effect) step.effect = effect;
  if (result !== undefined) step.result = result;
  if (fault) step.error = { name: fault.name, cause: fault.cause };
  return step;
}
