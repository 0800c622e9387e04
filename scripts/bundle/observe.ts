/**
 * How far the flows really go: each scenario is run on the engine with virtual time, once as it is and once
 * for every call that fails three or four times in a row. Every call takes the whole time that it may take,
 * so that the same flows always give the same numbers, and the numbers can be held against the bounds.
 */
import { TICKET_CASE_LINK } from "#contract/links";
import type { OperationName } from "#contract/actions/operations";
import { SETTINGS_SCOPE } from "#contract/settings/settings";
import { actionNameOf } from "#bundle/builders/server-action";
import { BUILT_IN_SECONDS, JQ_SECONDS } from "#zis/check/bounds";
import type { Effect, Outcome, Perform } from "#zis/engine/effects";
import { createJq, type Jq } from "#zis/engine/jq";
import { type FlowRun, runFlow } from "#zis/engine/run";
import type { Bundle } from "#zis/model/bundle";
import type { Json } from "#zis/model/json";
import { parseResourceName } from "#zis/model/names";
import { type BuiltInStores, performBuiltIn } from "#zis/services/built-ins";
import { createConfigs } from "#zis/services/configs";
import { createLinks } from "#zis/services/links";
import { serviceSwitches } from "#zis/services/service-switches";
import { openStore } from "#zis/services/store";
import type { Scenario } from "./scenarios.ts";

/** The most of one measure, and in which run it was seen. */
interface Maximum {
  readonly max: number;
  readonly when: string;
}

export interface Observed {
  readonly runs: number;
  readonly transitions: Maximum;
  readonly seconds: Maximum;
}

export interface ObserveOptions {
  readonly bundle: Bundle;
  /** Action name to seconds. */
  readonly budgets: Readonly<Record<string, number>>;
  readonly scenarios: readonly Scenario[];
}

/** Which call of a run fails, counted from 0, and how often in a row. */
interface Failure {
  readonly call: number;
  readonly times: number;
}

/** Three failures spend the whole allowance of retries; the fourth is one too many. */
const FAILURES_IN_A_ROW = [3, 4] as const;

const INTEGRATION = "caseqa";
const ACCOUNT_ID = 1;

/**
 * The observed maxima by flow, in the order of the scenarios.
 *
 * @throws Error when a run ends in a limit or on something that no scenario prepared
 */
export async function observe(options: ObserveOptions): Promise<Record<string, Observed>> {
  const jq = createJq();
  const remembered = rememberingJq(jq);
  try {
    const observed: Record<string, Observed> = {};
    for (const scenario of options.scenarios) {
      for await (const { run, when } of runsOf(scenario, options, remembered)) {
        observed[scenario.flow] = withRun(observed[scenario.flow], run, when);
      }
    }
    return observed;
  } finally {
    await jq.close();
  }
}

async function* runsOf(
  scenario: Scenario,
  options: ObserveOptions,
  jq: Perform,
): AsyncGenerator<{ run: FlowRun; when: string }> {
  const clean = await runOnce(scenario, options, jq);
  if (clean.run.status !== "SUCCEEDED") {
    throw new Error(`${scenario.flow}, ${scenario.what}: ${clean.run.message}`);
  }
  yield { run: clean.run, when: scenario.what };
  for (const [call, name] of clean.calls.entries()) {
    for (const times of FAILURES_IN_A_ROW) {
      const { run } = await runOnce(scenario, options, jq, { call, times });
      const nth = clean.calls.slice(0, call).filter((other) => other === name).length + 1;
      const which = nth === 1 ? name : `${name} (no. ${nth})`;
      yield { run, when: `${scenario.what}; ${which} fails ${times} times` };
    }
  }
}

async function runOnce(
  scenario: Scenario,
  { bundle, budgets }: ObserveOptions,
  jq: Perform,
  failure?: Failure,
): Promise<{ run: FlowRun; calls: readonly string[] }> {
  const stores = storesOf(scenario);
  const answer = answersOf(scenario, budgets, stores, jq);
  const calls: string[] = [];
  let left = failure?.times ?? 0;
  const run = await runFlow({
    bundle,
    flow: scenario.flow,
    data: {
      account_id: ACCOUNT_ID,
      integration_key: INTEGRATION,
      subdomain: "acme",
      input: scenario.input,
      connections: {},
    },
    waits: "virtual",
    perform: async (effect, signal, remainingMs) => {
      const name = nameOf(effect);
      const isRetry =
        failure !== undefined && calls.length > failure.call && name === calls[failure.call];
      const fails = left > 0 && (calls.length === failure?.call || isRetry);
      calls.push(name);
      if (!fails) return answer(effect, signal, remainingMs);
      left -= 1;
      const elapsedMs = millisecondsOf(effect, budgets);
      return { ok: false, error: `${name} failed due to status code: 503`, status: 503, elapsedMs };
    },
  });
  if (run.status === "TIMED_OUT" || run.status === "TRANSITIONS_EXCEEDED") {
    throw new Error(`${scenario.flow}, ${scenario.what}: ${run.message}`);
  }
  return { run, calls };
}

function withRun(known: Observed | undefined, run: FlowRun, when: string): Observed {
  const larger = (maximum: Maximum | undefined, max: number): Maximum =>
    maximum && maximum.max >= max ? maximum : { max, when };
  return {
    runs: (known?.runs ?? 0) + 1,
    transitions: larger(known?.transitions, run.transitions),
    seconds: larger(known?.seconds, run.elapsedMs / 1_000),
  };
}

/** The stores as they are when the event comes. */
function storesOf({ settings, links }: Scenario): BuiltInStores {
  const store = openStore();
  const now = () => new Date(0);
  const account = { store, accountId: ACCOUNT_ID, now, switches: serviceSwitches() };
  const stores = {
    configs: createConfigs(account),
    links: createLinks({ ...account, newId: () => String(store.nextNumber("id")) }),
  };
  stores.configs.create(INTEGRATION, SETTINGS_SCOPE, settings);
  for (const [left, right] of links) {
    stores.links.create(INTEGRATION, {
      link_type: TICKET_CASE_LINK,
      left_object: { name: left },
      right_object: { name: right },
    });
  }
  return stores;
}

function answersOf(
  { replies, flow, what }: Scenario,
  budgets: Readonly<Record<string, number>>,
  stores: BuiltInStores,
  jq: Perform,
): Perform {
  const byAction = new Map(
    Object.entries(replies).map(([name, reply]) => [actionNameOf(name as OperationName), reply]),
  );
  return async (effect, signal, remainingMs): Promise<Outcome> => {
    const elapsedMs = millisecondsOf(effect, budgets);
    if (effect.kind === "jq") return { ...(await jq(effect, signal, remainingMs)), elapsedMs };
    if (effect.kind === "builtin") {
      return { ...performBuiltIn(effect, INTEGRATION, stores), elapsedMs };
    }
    const reply = byAction.get(nameOf(effect));
    if (reply === undefined) {
      throw new Error(`${flow}, ${what}: no reply is prepared for ${effect.actionName}`);
    }
    return { ok: true, result: reply as unknown as Json, elapsedMs };
  };
}

function nameOf(effect: Effect): string {
  if (effect.kind === "jq") return "Jq";
  if (effect.kind === "builtin") return effect.actionName.split(":").at(-1) ?? "";
  return parseResourceName(effect.actionName)?.name ?? effect.actionName;
}

function millisecondsOf(effect: Effect, budgets: Readonly<Record<string, number>>): number {
  if (effect.kind === "jq") return JQ_SECONDS * 1_000;
  if (effect.kind === "builtin") return BUILT_IN_SECONDS * 1_000;
  const seconds = budgets[nameOf(effect)];
  if (seconds === undefined) throw new Error(`${effect.actionName} has no budget`);
  return seconds * 1_000;
}

/** The runs differ little: most programs meet the same data again. */
function rememberingJq(jq: Jq): Perform {
  const known = new Map<string, Promise<Outcome>>();
  return (effect, signal) => {
    if (effect.kind !== "jq") throw new Error(`${effect.actionName} is not jq`);
    const key = JSON.stringify([effect.expr, effect.data]);
    const outcome = known.get(key) ?? jq.perform(effect, signal);
    known.set(key, outcome);
    return outcome;
  };
}
