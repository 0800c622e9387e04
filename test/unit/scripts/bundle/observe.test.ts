import { expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { BUDGETS_SECONDS } from "#bundle/budgets";
import { buildBundle, GENERATED_OPTIONS } from "#bundle/index";
import { observe } from "#scripts/bundle/observe";
import { SCENARIOS, type Scenario } from "#scripts/bundle/scenarios";
import type { Bundle } from "#zis/model/bundle";
import type { State } from "#zis/model/flow";
import { bundleOf } from "#test/support/run-states";

const again = (Next: string): Pick<State & { Type: "Action" }, "Catch"> => ({
  Catch: [{ ErrorEquals: ["States.ALL"], Next, ResultPath: "$.error" }],
});
const STATES: Record<string, State> = {
  Load: {
    Type: "Action",
    ActionName: "zis:common:action:LoadConfig",
    Parameters: { scope: "caseqa" },
    ResultPath: "$.settings",
    ...again("Wait"),
    Next: "Ask",
  },
  Wait: { Type: "Wait", Seconds: 5, Next: "Load" },
  Ask: {
    Type: "Action",
    ActionName: "zis:int:action:resolve_case",
    Parameters: {},
    ResultPath: "$.resolved",
    ...again("Wait"),
    Next: "Done",
  },
  Done: { Type: "Succeed" },
};
const bundle: Bundle = bundleOf(STATES, { resolve_case: { method: "GET", path: "/x" } });
const scenario: Scenario = {
  flow: "flow",
  what: "it is asked",
  input: {},
  settings: DEFAULT_SETTINGS,
  links: [],
  replies: {
    "resolve-case": { outcome: "ticket_not_found", ticket_id: "1", case_id: null },
  },
};
const options = { bundle, budgets: { resolve_case: 6 }, scenarios: [scenario] };

it("lets every call fail three and four times in a row, and every call take its whole time", async () => {
  // One clean run and two failures of each of the two calls. The longest: 5 loads, 5 questions, 4 waits.
  expect(await observe(options)).toEqual({
    flow: {
      runs: 5,
      transitions: { max: 15, when: "it is asked; resolve_case fails 4 times" },
      seconds: { max: 5 * (2 + 6) + 4 * 5, when: "it is asked; resolve_case fails 4 times" },
    },
  });
});

it("says which scenario lacks a reply", async () => {
  const scenarios = [{ ...scenario, replies: {} }];
  await expect(observe({ ...options, scenarios })).rejects.toThrow(
    "flow, it is asked: no reply is prepared for zis:int:action:resolve_case",
  );
});

it("says which scenario does not end well when nothing fails", async () => {
  const states: Record<string, State> = { Bad: { Type: "Fail", Error: "E", Cause: "no good" } };
  await expect(observe({ ...options, bundle: bundleOf(states) })).rejects.toThrow(
    "flow, it is asked: no good",
  );
});

it("has scenarios for every flow of the bundle, on which all end well", async () => {
  const ours = buildBundle(GENERATED_OPTIONS);
  const observed = await observe({ bundle: ours, budgets: BUDGETS_SECONDS, scenarios: SCENARIOS });
  const flows = Object.values(ours.resources).filter(({ type }) => type === "ZIS::Flow");
  expect(Object.keys(observed).sort()).toEqual(
    flows.map(({ properties }) => properties.name).sort(),
  );
});
