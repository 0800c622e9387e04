/** A world for the bundle's flows in one process: the engine, real stores and jq, a model of the server. */
import { OPERATIONS } from "#contract/actions/operations";
import {
  caseLinkName,
  parseCaseLinkName,
  parseTicketLinkName,
  TICKET_CASE_LINK,
  ticketLinkName,
} from "#contract/links";
import { DEFAULT_SETTINGS, SETTINGS_SCOPE } from "#contract/settings/settings";
import { GENERATED_OPTIONS } from "#bundle/index";
import type { Effect, JqEffect, Outcome } from "#zis/engine/effects";
import { replyOutcome } from "#zis/engine/http-reply";
import { createJq } from "#zis/engine/jq";
import { JQ_SECONDS } from "#zis/check/bounds";
import { type FlowRun, runFlow } from "#zis/engine/run";
import type { StepTrace } from "#zis/engine/step-trace";
import type { Switches } from "#zis/engine/switches";
import type { JsonObject } from "#zis/model/json";
import { performBuiltIn } from "#zis/services/built-ins";
import { createConfigs } from "#zis/services/configs";
import { createLinks } from "#zis/services/links";
import { pageRequest } from "#zis/services/paging";
import { serviceSwitches, type ServiceSwitches } from "#zis/services/service-switches";
import { openStore } from "#zis/services/store";
import { BUNDLE, flowOf, FLOWS } from "./flow-world-bundle.ts";
import type { FlowEvent } from "./flow-world-events.ts";
import { type Answers, createServerModel, type ServerModel } from "./flow-world-server.ts";

const { integration } = GENERATED_OPTIONS;

/** A failure of one effect; `done`: the effect happened and only its answer was lost. */
export interface Fault {
  readonly error: string;
  readonly status?: number;
  readonly done?: true;
}

/** The other side is overloaded: ZIS may run the whole flow again. */
export const busy: Fault = { error: "failed due to status code: 503", status: 503 };
/** The other side cannot be reached, or a jq program was overdue. */
export const unreachable: Fault = { error: "external action failed: connection refused" };
/** The effect happened, the answer was lost. */
export const lost: Fault = { error: "external action failed: the request timed out", done: true };

/** What the outside world does, for one test. */
export interface FlowWorldOptions {
  /** Members that differ from the default settings; null: there is no Config. */
  readonly settings?: JsonObject | null;
  /** Links at the beginning: ticket id and case id. */
  readonly links?: readonly (readonly [ticket: string, caseId: string])[];
  readonly answers?: Answers;
  /** How the effects of a state fail, one after the other and then no more, by the state's name. */
  readonly faults?: Readonly<Record<string, readonly (Fault | "ok")[]>>;
  readonly switches?: Partial<Switches>;
  readonly services?: Partial<ServiceSwitches>;
  /** full: every action takes the whole time that it may. Default: none. */
  readonly pace?: "full";
}

export interface RunOptions {
  /** How often the platform runs a flow again that ended on an uncaught 429 or 5xx. Default 0. */
  readonly platformRetries?: number;
  /** Ends the run without a trace after so many states. */
  readonly stopAfter?: number;
  /** Awaited before each effect outside of the flow. */
  readonly turn?: () => Promise<void>;
}

export interface WorldRun extends FlowRun {
  /** Every state left, of all attempts. */
  readonly steps: readonly StepTrace[];
  readonly attempts: number;
}

export interface FlowWorld {
  readonly server: ServerModel;
  /** Runs the flow of an event; undefined when no job spec names the event or the run was stopped. */
  run(event: FlowEvent, options?: RunOptions): Promise<WorldRun | undefined>;
  /** `1001 -> 500000000000001AAA` for each link, sorted. */
  links(): string[];
  /** What is there in the end: links, and each effect with its key, sorted. */
  outcome(): { readonly links: string[]; readonly effects: string[] };
}

export interface FlowBench {
  world(options?: FlowWorldOptions): FlowWorld;
  close(): Promise<void>;
}

/** The run was stopped on purpose. */
class Stopped extends Error {
  override readonly name = "Stopped";
}

const BUILT_IN_MS = 2_000;
const NEVER_ABORTED = new AbortController().signal;

/** Worlds that share one jq. A program that ran on the same data is not run again: jq is pure. */
export function openFlowBench(): FlowBench {
  const jq = createJq();
  const known = new Map<string, Promise<Outcome>>();

  function performJq(effect: JqEffect): Promise<Outcome> {
    const key = JSON.stringify([effect.expr, effect.data]);
    const outcome = known.get(key) ?? jq.perform(effect, NEVER_ABORTED);
    known.set(key, outcome);
    return outcome;
  }

  return {
    world: (options = {}) => createWorld(options, performJq),
    close: () => jq.close(),
  };
}

function createWorld(
  options: FlowWorldOptions,
  performJq: (effect: JqEffect) => Promise<Outcome>,
): FlowWorld {
  let time = Date.parse("2026-03-01T10:15:01Z");
  let id = 0;
  const now = () => new Date((time += 1));
  const shared = {
    store: openStore(),
    accountId: 12_345,
    now,
    switches: serviceSwitches(options.services),
  };
  const configs = createConfigs(shared);
  const links = createLinks({ ...shared, newId: () => `uuid-${(id += 1)}` });
  const server = createServerModel(options.answers ?? {});
  const faults = new Map(
    Object.entries(options.faults ?? {}).map(([state, queue]) => [state, [...queue]]),
  );

  if (options.settings !== null) {
    configs.create(integration, SETTINGS_SCOPE, { ...DEFAULT_SETTINGS, ...options.settings });
  }
  for (const [ticket, caseId] of options.links ?? []) {
    links.create(integration, {
      link_type: TICKET_CASE_LINK,
      left_object: { name: ticketLinkName(ticket) },
      right_object: { name: caseLinkName(caseId) },
    });
  }

  async function perform(effect: Effect): Promise<Outcome> {
    switch (effect.kind) {
      case "jq":
        return performJq(effect);
      case "builtin":
        return performBuiltIn(effect, integration, { configs, links });
      case "http":
        break;
    }
    return replyOutcome(server.answer(effect), { now });
  }

  async function performOrFail(effect: Effect, state: string): Promise<Outcome> {
    const fault = faults.get(state)?.shift() ?? "ok";
    const outcome = fault === "ok" || fault.done ? await perform(effect) : undefined;
    const elapsedMs = options.pace === "full" ? longest(effect) : 0;
    if (fault === "ok" && outcome) return { ...outcome, elapsedMs };
    const { error, status } = fault as Fault;
    return { ok: false, error, ...(status !== undefined && { status }), elapsedMs };
  }

  async function attempt(flow: string, event: FlowEvent, run: RunOptions, lastAttempt: boolean) {
    const steps: StepTrace[] = [];
    let state = FLOWS.get(flow)?.StartAt ?? "";
    const result = await runFlow({
      bundle: BUNDLE,
      flow,
      data: {
        account_id: shared.accountId,
        integration_key: integration,
        subdomain: "acme",
        input: event.input,
        connections: {},
      },
      perform: async (effect) => {
        if (effect.kind !== "jq") await run.turn?.();
        return performOrFail(effect, state);
      },
      waits: "virtual",
      lastAttempt,
      ...(options.switches && { switches: options.switches }),
      onStep: (step) => {
        steps.push(step);
        // In a Map's Iterator it stays the Map: its states have no Next.
        state = step.next ?? state;
        if (steps.length === run.stopAfter) throw new Stopped();
      },
    });
    return { result, steps };
  }

  async function runToEnd(flow: string, event: FlowEvent, run: RunOptions): Promise<WorldRun> {
    const most = 1 + (run.platformRetries ?? 0);
    const all: StepTrace[] = [];
    for (let count = 1; ; count += 1) {
      const { result, steps } = await attempt(flow, event, run, count === most);
      all.push(...steps);
      if (result.retryable !== true || count === most) {
        return { ...result, steps: all, attempts: count };
      }
    }
  }

  function listLinks(): string[] {
    const fields = { link_type: TICKET_CASE_LINK, left_object_name: "*" };
    return links
      .search(integration, fields, pageRequest(100, undefined, undefined))
      .links.map(({ left_object: ticket, right_object: case_ }) => {
        return `${parseTicketLinkName(ticket.name)} -> ${parseCaseLinkName(case_.name)}`;
      })
      .sort();
  }

  return {
    server,
    async run(event, run = {}) {
      const flow = flowOf(event);
      if (flow === undefined) return undefined;
      try {
        return await runToEnd(flow, event, run);
      } catch (error) {
        if (error instanceof Stopped) return undefined;
        throw error;
      }
    },
    links: listLinks,
    outcome: () => ({
      links: listLinks(),
      effects: server.effects.map(({ operation, key }) => `${operation} ${key}`).sort(),
    }),
  };
}

/** The longest that an action may take, in milliseconds, as the proof of the limits reckons. */
function longest(effect: Effect): number {
  switch (effect.kind) {
    case "jq":
      return JQ_SECONDS * 1_000;
    case "builtin":
      return BUILT_IN_MS;
    case "http":
      break;
  }
  const contract = Object.values(OPERATIONS).find(({ path }) => effect.url?.endsWith(path));
  if (!contract) throw new Error(`${effect.url} is no operation of the contract`);
  return contract.budgetMs;
}
