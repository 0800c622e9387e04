import { expect, it } from "vitest";
import type { HttpActionDefinition } from "#zis/model/action";
import { connectionsUsed } from "#zis/engine/connections";
import { bundleOf, gives, runStates } from "#test/support/run-states";

/** Words of JavaScript, which nobody who writes bundles wants to read. */
const OF_JAVASCRIPT =
  /cannot (read|convert|destructure)|undefined|is not (a function|iterable)|\[object/i;

const STATES = {
  Action: {
    Type: "Action",
    ActionName: "zis:x:action:act",
    Parameters: { "id.$": "$.id", nested: { "x.$": "{{$.id}}" } },
    ResultPath: "$.reply",
    Catch: [{ ErrorEquals: ["States.ALL"], Next: "Z", ResultPath: "$.e" }],
    Next: "Z",
  },
  Jq: {
    Type: "Action",
    ActionName: "zis:common:transform:Jq",
    Parameters: { expr: ".id", "data.$": "$" },
    Next: "Z",
  },
  Choice: {
    Type: "Choice",
    Choices: [
      { And: [{ Variable: "$.id", NumericEquals: 2 }], Next: "Z" },
      { Not: { Variable: "$.at", TimestampLessThan: "2026-01-01T00:00:00Z" }, Next: "Z" },
    ],
    Default: "Z",
  },
  Map: {
    Type: "Map",
    ItemsPath: "$.items",
    Iterator: {
      StartAt: "I",
      States: { I: { Type: "Pass", Result: {}, ResultPath: "$.r", End: true } },
    },
    Catch: [{ ErrorEquals: ["States.ALL"], Next: "Z", ResultPath: "$.e" }],
    Next: "Z",
  },
  Wait: { Type: "Wait", Seconds: 1, Next: "Z" },
  WaitPath: { Type: "Wait", SecondsPath: "$.id", Next: "Z" },
  Pass: { Type: "Pass", Result: { a: 1 }, ResultPath: "$.p", Next: "Z" },
  Succeed: { Type: "Succeed", Message: "{{$.id}}" },
  Fail: { Type: "Fail", Error: "e", Cause: "{{$.id}}" },
};

const ACTION = {
  method: "POST",
  url: "https://a.example/{{$.id}}",
  headers: [{ key: "A", value: "{{$.id}}" }],
  query: [{ key: "q", "value.$": "$.id" }],
  requestBody: { "a.$": "$.nested" },
  connectionName: "crm",
};

const ODD = [null, 7, true, "", "$", [], {}, [null], [7], { a: null }];

/** The value with each of its parts in turn left out or replaced by something odd. */
function* broken(value: unknown): Generator {
  yield* ODD;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const odd of broken(inner)) {
      yield Array.isArray(value) ? value.with(Number(key), odd) : { ...value, [key]: odd };
    }
    if (!Array.isArray(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    }
  }
}

async function wordsOf(state: unknown, action: unknown): Promise<string[]> {
  const states = { A: state as Record<string, unknown>, Z: { Type: "Succeed" } };
  const actions = { act: action as HttpActionDefinition };
  const data = { id: 1, at: "2026-02-01T00:00:00Z", items: [{}] };
  connectionsUsed(bundleOf(states, actions), "flow");
  const run = await runStates(states, data, { actions, answer: () => gives({}) });
  return [run.message, run.error?.name ?? "", ...run.warnings.map(({ message }) => message)];
}

it.each(Object.entries(STATES))(
  "a broken %s ends in words about the bundle, whatever is broken",
  async (_name, state) => {
    const said: string[] = [];
    for (const odd of broken(state)) said.push(...(await wordsOf(odd, ACTION)));
    expect(said.filter((text) => OF_JAVASCRIPT.test(text))).toEqual([]);
  },
);

it("a broken action ends in words about the bundle, whatever is broken", async () => {
  const said: string[] = [];
  for (const odd of broken(ACTION)) said.push(...(await wordsOf(STATES.Action, odd)));
  expect(said.filter((text) => OF_JAVASCRIPT.test(text))).toEqual([]);
});

it("a broken action does not affect a flow that does not call it", async () => {
  const act = { method: 1, url: [], headers: [1, null, { key: null }], requestBody: null };
  expect(await wordsOf(STATES.Pass, act)).toEqual(["Execution Successful", ""]);
});
