/** Runs a few states as a flow, with actions that answer from a table. */
import type { HttpActionDefinition } from "#zis/model/action";
import type { Bundle, Resource } from "#zis/model/bundle";
import type { State } from "#zis/model/flow";
import type { Json } from "#zis/model/json";
import type { Effect, Outcome } from "#zis/engine/effects";
import { runFlow, type FlowRun, type FlowRunOptions } from "#zis/engine/run";

/** States as a test writes them: also such that the language forbids. */
export type States = Record<string, State | Record<string, unknown>>;

export interface StatesRun extends FlowRun {
  readonly effects: readonly Effect[];
}

/** An outcome of 0 ms that gives a result. */
export const gives = (result: Json, elapsedMs = 0): Outcome => ({ ok: true, result, elapsedMs });

/** An outcome of 0 ms that is an error. */
export const errs = (
  error: string,
  extra: Partial<Extract<Outcome, { ok: false }>> = {},
): Outcome => ({
  ok: false,
  error,
  elapsedMs: 0,
  ...extra,
});

/** A bundle with one flow, `flow`, and custom actions by name. */
export function bundleOf(
  states: States,
  actions: Record<string, HttpActionDefinition> = {},
): Bundle {
  const resources: Record<string, Resource> = {
    flow: {
      type: "ZIS::Flow",
      properties: {
        name: "flow",
        definition: {
          StartAt: Object.keys(states)[0] ?? "",
          States: states as Record<string, State>,
        },
      },
    },
  };
  for (const [name, definition] of Object.entries(actions)) {
    resources[name] = { type: "ZIS::Action::Http", properties: { name, definition } };
  }
  return { name: "test", zis_template_version: "2019-10-14", resources };
}

/** Runs the states from the first one, on a virtual clock; actions give null unless `answer` says else. */
export async function runStates(
  states: States,
  data: Record<string, Json> = {},
  options: Partial<FlowRunOptions> & {
    readonly actions?: Record<string, HttpActionDefinition>;
    readonly answer?: (effect: Effect) => Outcome;
  } = {},
): Promise<StatesRun> {
  const { actions, answer = () => gives(null), ...rest } = options;
  const effects: Effect[] = [];
  const run = await runFlow({
    bundle: bundleOf(states, actions),
    flow: "flow",
    data,
    waits: "virtual",
    perform: async (effect) => {
      effects.push(effect);
      return answer(effect);
    },
    ...rest,
  });
  return { ...run, effects };
}
