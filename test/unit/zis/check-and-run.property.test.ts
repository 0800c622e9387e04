import * as fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { checkText } from "#zis/check/check-text";
import type { Effect, Outcome, Perform } from "#zis/engine/effects";
import { createJq } from "#zis/engine/jq";
import type { Limits } from "#zis/engine/limits";
import { runFlow, type FlowRun } from "#zis/engine/run";
import type { StepTrace } from "#zis/engine/step-trace";
import type { Bundle } from "#zis/model/bundle";
import type { FlowDefinition, State } from "#zis/model/flow";
import type { Json, JsonObject } from "#zis/model/json";
import {
  RANDOM_FLOW_ACTIONS,
  randomFlow,
  randomInput,
  WRITTEN_BY_FLOW,
} from "../../support/random-flow.ts";

/** Set PROPERTY_RUNS for a deep search. */
const numRuns = Number(process.env["PROPERTY_RUNS"] ?? 300);
const TIMEOUT_MS = 60_000 + numRuns * 100;

const jq = createJq();
afterAll(() => jq.close());

function bundleText(definition: FlowDefinition): string {
  const actions = Object.entries(RANDOM_FLOW_ACTIONS).map(([name, action]) => [
    name,
    { type: "ZIS::Action::Http", properties: { name, definition: action } },
  ]);
  return JSON.stringify({
    name: "random",
    zis_template_version: "2019-10-14",
    resources: {
      flow: { type: "ZIS::Flow", properties: { name: "flow", definition } },
      ...Object.fromEntries(actions),
    },
  });
}

/** Replies in turn; each takes all the time that the bounds allow its action. */
function performer(replies: readonly (Json | number)[]): Perform {
  let asked = 0;
  return async (effect, signal): Promise<Outcome> => {
    if (effect.kind === "jq") return { ...(await jq.perform(effect, signal)), elapsedMs: 1000 };
    const elapsedMs = effect.kind === "builtin" ? 2000 : 10_000;
    const reply = replies[asked++ % replies.length] ?? null;
    if (typeof reply !== "number") return { ok: true, result: reply, elapsedMs };
    const error = `external action failed due to status code: ${reply}`;
    return { ok: false, error, status: reply, elapsedMs };
  };
}

/** Numbers are statuses of failures, all else is the result. */
const replies = fc.array(fc.constantFrom<Json | number>({ id: 1 }, {}, null, "x", 404, 503), {
  minLength: 1,
  maxLength: 5,
});

interface Observed {
  readonly run: FlowRun;
  readonly steps: readonly StepTrace[];
  readonly effects: readonly Effect[];
}

async function observe(
  text: string,
  input: JsonObject,
  perform: Perform,
  limits: Partial<Limits> = {},
): Promise<Observed> {
  const steps: StepTrace[] = [];
  const effects: Effect[] = [];
  const run = await runFlow({
    bundle: JSON.parse(text) as Bundle,
    flow: "flow",
    data: { account_id: 1, integration_key: "int", subdomain: "acme", input, connections: {} },
    perform: (effect, ...rest) => {
      effects.push(effect);
      return perform(effect, ...rest);
    },
    waits: "virtual",
    limits,
    onStep: (step) => steps.push(step),
  });
  return { run, steps, effects };
}

it(
  "any flow ends within the limits with the status that fits, twice the same way",
  async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(randomFlow, randomInput, replies, async (flow, input, answers) => {
        const text = bundleText(flow);
        const before = JSON.stringify(input);
        const observed = await observe(text, input, performer(answers));
        const { run } = observed;
        seen.add(run.status);
        expect(run.transitions).toBeLessThanOrEqual(250);
        expect(run.trace).toHaveLength(run.transitions);
        expect(run.elapsedMs).toBeLessThanOrEqual(100_000);
        expect(run.error === undefined).toBe(run.status === "SUCCEEDED");
        if (run.status === "TRANSITIONS_EXCEEDED") expect(run.transitions).toBe(250);
        if (run.status === "TIMED_OUT") expect(run.elapsedMs).toBe(100_000);
        expect(run.retryable ?? false).toBe(run.error?.cause.endsWith("code: 503") ?? false);
        expect(JSON.stringify(input)).toBe(before);
        expect(JSON.parse(JSON.stringify(run.data))).toEqual(run.data);
        expect(await observe(text, input, performer(answers))).toEqual(observed);
      }),
      { numRuns },
    );
    expect([...seen].sort()).toEqual(["FAILED", "SUCCEEDED", "TIMED_OUT", "TRANSITIONS_EXCEEDED"]);
  },
  TIMEOUT_MS,
);

/** What of a flow is not known before it runs, or forgiven. */
interface Unsure {
  /** Items come from the input or jq: the data of iterations are then not written by the flow. */
  readonly items: boolean;
  /** Names of states that have a Catch, in any scope. */
  readonly caught: ReadonlySet<string>;
}

function unsureIn({ States }: FlowDefinition): Unsure {
  const states = Object.entries(States);
  const inner = states.flatMap(([, state]) =>
    state.Type === "Map" ? unsureIn(state.Iterator) : [],
  );
  const isUnknown = ([, state]: [string, State]): boolean =>
    state.Type === "Map" && /^\$\.(input|sliced)/.test(state.ItemsPath);
  return {
    items: states.some(isUnknown) || inner.some(({ items }) => items),
    caught: new Set([
      ...states.filter(([, state]) => "Catch" in state).map(([name]) => name),
      ...inner.flatMap(({ caught }) => [...caught]),
    ]),
  };
}

/** A path that leads nowhere, read without a Catch at a place where only the flow itself writes. */
function isOwnReferenceError(step: StepTrace, unsure: Unsure): boolean {
  const path = /^JSON path not found: \$\.(\w+)/.exec(step.error?.cause ?? "")?.[1];
  if (path === undefined || !WRITTEN_BY_FLOW.includes(path)) return false;
  // A Map that has its items fails with the error of an iteration, which is told of by itself.
  if (step.type === "Map" && step.parameters !== undefined) return false;
  if (unsure.caught.has(step.state)) return false;
  return step.iterations.length === 0 || !unsure.items;
}

it(
  "a flow without errors found reads nothing of its own that is not there, and keeps its bounds",
  async () => {
    const seen = { bounded: 0, unbounded: 0, clean: 0, loops: 0, maps: 0 };
    await fc.assert(
      fc.asyncProperty(randomFlow, randomInput, replies, async (flow, input, answers) => {
        const text = bundleText(flow);
        const { findings, bounds } = checkText(text);
        const { run, steps } = await observe(text, input, performer(answers), {
          transitions: 500,
          seconds: 1e9,
        });
        const [bound] = bounds;
        if (bound?.transitions.max === null) seen.unbounded += 1;
        else {
          seen.bounded += 1;
          expect(run.transitions).toBeLessThanOrEqual(bound?.transitions.max ?? -1);
        }
        if (typeof bound?.seconds.max === "number") {
          expect(run.elapsedMs / 1000).toBeLessThanOrEqual(bound.seconds.max);
        }
        // The limits of ZIS say nothing about paths.
        const beyondLimits = ["near-limit", "unbounded-loop"];
        const errors = findings.filter(({ severity }) => severity === "error");
        if (errors.some(({ rule }) => !beyondLimits.includes(rule))) return;
        seen.clean += 1;
        const outside = run.trace.filter(({ iteration }) => iteration === undefined);
        if (new Set(outside.map(({ state }) => state)).size < outside.length) seen.loops += 1;
        if (outside.length < run.trace.length) seen.maps += 1;
        const unsure = unsureIn(flow);
        expect(steps.filter((step) => isOwnReferenceError(step, unsure))).toEqual([]);
      }),
      { numRuns },
    );
    // The property says nothing when every flow is of one kind.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
