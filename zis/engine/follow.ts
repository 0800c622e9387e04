/** What follows a state: the next one, the next item of its Map, a Catch, or the end of the flow. */
import type { Json } from "../model/json.ts";
import { writePath } from "../model/paths.ts";
import { shortened } from "../model/shorten.ts";
import type { Context, Decision } from "./decision.ts";
import { faultOf, isRetryable, RuntimeFault, TASK_FAILED, type Fault } from "./fault.ts";
import { iteration, type MapProgress, type Visit } from "./frames.ts";
import type { CompiledPath } from "./lookup.ts";
import type { ActionNode, MapNode, Node } from "./machine.ts";
import { type StepTrace, traceOf } from "./step-trace.ts";

/** The log's text for a success without a Message. Source: ZIS developer guide, Succeed state. */
export const DEFAULT_MESSAGE = "Execution Successful";

/** A name that leads nowhere is the error of the state that names it: a state that is not there is not entered. */
export function noState(member: string, name: unknown): Fault {
  const cause =
    typeof name === "string" && name !== ""
      ? `${member} names ${JSON.stringify(shortened(name))}, which is not a state of its scope`
      : `${member} names no state`;
  return { name: TASK_FAILED, cause };
}

/** Turns what resolving throws into the runtime error of the state. */
export function guarded(visit: Visit, context: Context, work: () => Decision): Decision {
  try {
    return work();
  } catch (error) {
    const fault = faultOf(error);
    if (fault) return fail(visit, fault, context);
    throw error;
  }
}

/** Leaves a state for the one it names; null ends its scope. */
export function leave(
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

/** Puts the result of an Action or Map into the data and leaves the state. */
export function store(
  visit: Visit<ActionNode | MapNode>,
  result: Json,
  context: Context,
): Decision {
  const { resultPath, next } = visit.node;
  const output = write(visit.frame.data, resultPath, result, context.switches.resultPathDefault);
  return leave(visit, output, next, context, result);
}

/** The data with a result put where ResultPath says. */
export function write(
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

/** Ends the scope of a state: the flow, or one iteration of a Map. */
export function finish(
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

/** Begins an item of a Map. */
export function iterate(progress: MapProgress, context: Context): Decision {
  const { machine, state } = iteration(progress);
  if (machine.has(state)) return { kind: "enter", frame: iteration(progress), left: [] };
  return fail(progress.visit, noState("StartAt of the Iterator", state), context);
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
export function fail(visit: Visit, fault: Fault, context: Context, origin = visit): Decision {
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

/** The decision of an outer scope, after the inner state that led to it. */
function after(done: StepTrace, decision: Decision): Decision {
  return "left" in decision ? { ...decision, left: [done, ...decision.left] } : decision;
}
