/** How a flow is run: the driver performs what the core decides, on one clock and within the limits. */
import { setImmediate } from "node:timers/promises";
import type { Bundle } from "../model/bundle.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { wellFormed } from "../model/json-text.ts";
import { createClock, type Clock } from "./clock.ts";
import type { Context, Decision, Ending } from "./decision.ts";
import type { Effect, Outcome, Perform } from "./effects.ts";
import { faultOf, isRetryable } from "./fault.ts";
import { flowData, type Frame } from "./frames.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { loadJsonQuery } from "./lookup.ts";
import { compileBundle, type Program } from "./machine.ts";
import { enter, resume, start, wake } from "./step.ts";
import type { StepTrace } from "./step-trace.ts";
import { DEFAULT_SWITCHES, type Switches } from "./switches.ts";
import { createTrace, type Trace, type TraceEntry, type Warning } from "./trace.ts";

export type FlowStatus = "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "TRANSITIONS_EXCEEDED";

export interface FlowRunOptions {
  readonly bundle: Bundle;
  /** The flow's `properties.name`. */
  readonly flow: string;
  /** The data at the start: account_id, integration_key, subdomain, input, connections. */
  readonly data: JsonObject;
  readonly perform: Perform;
  /** virtual: a Wait only moves the clock. real: it sleeps. */
  readonly waits: "virtual" | "real";
  readonly switches?: Partial<Switches>;
  readonly limits?: Partial<Limits>;
  /** Default true: no other attempt follows. Matters only to the switch retryBeforeCatch. */
  readonly lastAttempt?: boolean;
  readonly signal?: AbortSignal;
  /** Gets each state as it is left, of a Map after its iterations. */
  readonly onStep?: (step: StepTrace) => void;
}

interface FlowError {
  /** The state that met the error, in a Map's Iterator too. */
  readonly state: string;
  readonly name: string;
  readonly cause: string;
}

export interface FlowRun {
  readonly status: FlowStatus;
  readonly flow: string;
  /** Succeeded: the Message or "Execution Successful". Otherwise the error's cause. */
  readonly message: string;
  readonly error?: FlowError;
  /** The flow's data at its end; when a limit ended it inside a Map, as they were before the Map. */
  readonly data: Json;
  /** States entered, those of Map iterations included. */
  readonly transitions: number;
  readonly elapsedMs: number;
  /** One entry for each state entered, in order: its length is `transitions`. */
  readonly trace: readonly TraceEntry[];
  readonly warnings: readonly Warning[];
  /** True when the uncaught error was a 429 or 5xx of an action: the flow may be run again. */
  readonly retryable?: true;
  readonly retryAfterSeconds?: number;
}

/** How a run ended: by itself, or because it met a limit. */
type RunEnd =
  | Ending
  | { readonly status: "TIMED_OUT" | "TRANSITIONS_EXCEEDED"; readonly frame: Frame };

interface Run {
  readonly options: FlowRunOptions;
  readonly context: Context;
  readonly clock: Clock;
  readonly trace: Trace;
}

/** The host of Zendesk accounts, `zendeskHost` in action definitions. Source: Zendesk's demo bundles. */
const ZENDESK_HOST = "zendesk.com";

/** After so many states without an effect other work of the process gets a turn. */
const STATES_PER_TURN = 1000;

/** The longest delay that a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs one flow once; running it again after a retryable error is the caller's decision.
 *
 * Rejects when the bundle has no such flow, with the signal's reason when it aborts, and with whatever
 * `perform` rejects with; all that a flow can meet is in the result.
 */
export async function runFlow(options: FlowRunOptions): Promise<FlowRun> {
  const program = compileBundle(options.bundle);
  const machine = program.flows.get(options.flow);
  if (!machine) throw new Error(unknownFlow(options.flow, program));
  options.signal?.throwIfAborted();
  const run: Run = {
    options,
    context: await contextOf(options, program),
    clock: createClock(options.waits),
    trace: createTrace(options.onStep),
  };
  return report(run, await drive(run, start(machine, wellFormed(options.data))));
}

function unknownFlow(flow: string, { flows }: Program): string {
  const known = [...flows.keys()].join(", ") || "no flow at all";
  return `the bundle has no flow named "${flow}"; it has ${known}`;
}

async function contextOf(options: FlowRunOptions, program: Program): Promise<Context> {
  const switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const { subdomain } = options.data;
  return {
    program,
    switches,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    host: { ...(subdomain !== undefined && { subdomain }), zendeskHost: ZENDESK_HOST },
    lastAttempt: options.lastAttempt ?? true,
    query: switches.pathSyntax === "rfc9535" ? await loadJsonQuery() : undefined,
  };
}

async function drive(run: Run, first: Decision): Promise<RunEnd> {
  const { context, trace } = run;
  let decision = first;
  for (;;) {
    switch (decision.kind) {
      case "enter": {
        const { frame } = decision;
        trace.leave(decision.left);
        const entered = trace.entries.length;
        if (entered >= context.limits.transitions) return { status: "TRANSITIONS_EXCEEDED", frame };
        if (entered % STATES_PER_TURN === STATES_PER_TURN - 1) await breathe(run);
        trace.enter(frame);
        decision = enter(frame, context);
        break;
      }
      case "perform": {
        const { effect, visit }: typeof decision = decision;
        const outcome = await performInTime(run, effect);
        if (!outcome) return { status: "TIMED_OUT", frame: visit.frame };
        decision = resume(visit, outcome, context);
        break;
      }
      case "wait": {
        const { seconds, visit }: typeof decision = decision;
        if (!(await waitInTime(run, seconds))) return { status: "TIMED_OUT", frame: visit.frame };
        decision = wake(visit, context);
        break;
      }
      case "end":
        trace.leave(decision.left);
        return decision.ending;
    }
  }
}

async function breathe({ options }: Run): Promise<void> {
  await setImmediate();
  options.signal?.throwIfAborted();
}

function remainingMs({ context, clock }: Run): number {
  return Math.max(0, context.limits.seconds * 1000 - clock.elapsedMs());
}

/** The outcome, or undefined when the flow's time ran out before it. */
async function performInTime(run: Run, effect: Effect): Promise<Outcome | undefined> {
  const { options, clock } = run;
  options.signal?.throwIfAborted();
  const timeout = new AbortController();
  const budget = remainingMs(run);
  const timer = setTimeout(() => timeout.abort(), Math.min(budget, MAX_TIMER_MS));
  const signal = options.signal
    ? AbortSignal.any([options.signal, timeout.signal])
    : timeout.signal;
  try {
    const performed = attempt(() => options.perform(effect, signal, budget));
    const outcome = await Promise.race([performed, aborted(signal)]);
    options.signal?.throwIfAborted();
    clock.spend(outcome?.elapsedMs ?? budget);
    return outcome && outcome.elapsedMs <= budget ? outcome : undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** What is too deep to be sent is the flow's error, not the performer's. */
async function attempt(perform: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await perform();
  } catch (error) {
    const fault = faultOf(error);
    if (fault) return { ok: false, error: fault.cause, elapsedMs: 0 };
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

/** True when the wait ended before the flow's time did. Source: ZIS developer guide, Wait state. */
async function waitInTime(run: Run, seconds: number): Promise<boolean> {
  const { clock, options } = run;
  const budget = remainingMs(run);
  const wanted = seconds * 1000;
  await clock.wait(Math.min(wanted, budget), options.signal);
  return wanted <= budget;
}

function report(run: Run, end: RunEnd): FlowRun {
  const { options, context, clock, trace } = run;
  return {
    ...conclusion(end, context.limits),
    flow: options.flow,
    transitions: trace.entries.length,
    elapsedMs: Math.min(clock.elapsedMs(), context.limits.seconds * 1000),
    trace: trace.entries,
    warnings: trace.warnings,
  };
}

type Conclusion = Pick<
  FlowRun,
  "status" | "message" | "error" | "data" | "retryable" | "retryAfterSeconds"
>;

function conclusion(end: RunEnd, limits: Limits): Conclusion {
  if (end.status === "SUCCEEDED") return end;
  if (end.status === "FAILED") return failed(end);
  return end.status === "TIMED_OUT"
    ? stopped(end, "States.Timeout", `${limits.seconds} seconds`)
    : stopped(end, "States.Runtime", `${limits.transitions} state transitions`);
}

function failed({ state, fault, data }: Extract<Ending, { status: "FAILED" }>): Conclusion {
  const { name, cause, retryAfterSeconds } = fault;
  return {
    status: "FAILED",
    message: cause,
    error: { state, name, cause },
    data,
    ...(isRetryable(fault) && { retryable: true }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

/** A limit's end; ZIS's own texts are not public. */
function stopped(
  { status, frame }: { readonly status: FlowStatus; readonly frame: Frame },
  name: string,
  limit: string,
): Conclusion {
  const cause = `the flow did not end within ${limit}`;
  const error = { state: frame.state, name, cause };
  return { status, message: cause, error, data: flowData(frame) };
}
