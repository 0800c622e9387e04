/** The flows that are measured, and what they are in the Amazon States Language. */
import type { Bundle } from "../../zis/model/bundle.ts";
import type { FlowDefinition, State } from "../../zis/model/flow.ts";
import type { JsonObject } from "../../zis/model/json.ts";

export interface MeasuredFlow {
  readonly name: string;
  readonly definition: FlowDefinition;
  readonly input: JsonObject;
  /** States entered in one run, those of Map iterations included. */
  readonly transitions: number;
}

/** States `S0` to `S<count - 1>`, each made with the name of the next, and a Succeed after them. */
function chain(count: number, make: (index: number, next: string) => State): FlowDefinition {
  const states = Array.from({ length: count }, (_, index): [string, State] => [
    `S${index}`,
    make(index, index + 1 === count ? "End" : `S${index + 1}`),
  ]);
  return { StartAt: "S0", States: { ...Object.fromEntries(states), End: { Type: "Succeed" } } };
}

const pass = (index: number, Next: string): State => ({
  Type: "Pass",
  Result: { index },
  ResultPath: `$.p${index % 10}`,
  Next,
});

const choice = (Next: string): State => ({
  Type: "Choice",
  Choices: [
    {
      And: [
        { Variable: "$.n", NumericLessThan: 0 },
        { Variable: "$.no", IsPresent: true },
      ],
      Next,
    },
    { Variable: "$.ticket.status", StringEquals: "solved", Next },
    { Variable: "$.ticket.priority", StringEquals: "high", Next },
  ],
  Default: "End",
});

const ticket = { ticket: { status: "open", priority: "high" }, n: 1 };

/** Flows without any action, so that nothing but the interpreters is measured. */
export const MEASURED_FLOWS: readonly MeasuredFlow[] = [
  { name: "Pass", definition: chain(249, pass), input: ticket, transitions: 250 },
  {
    name: "Choice",
    definition: chain(249, (_, next) => choice(next)),
    input: ticket,
    transitions: 250,
  },
  {
    name: "Choice and Pass",
    definition: chain(249, (index, next) => (index % 2 === 0 ? pass(index, next) : choice(next))),
    input: ticket,
    transitions: 250,
  },
  {
    name: "Map",
    definition: {
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          ItemsPath: "$.items",
          ResultPath: "$.done",
          Iterator: {
            StartAt: "Mark",
            States: {
              Mark: { Type: "Pass", Result: true, ResultPath: "$.seen", Next: "Known" },
              Known: {
                Type: "Choice",
                Choices: [{ Variable: "$.seen", BooleanEquals: true, Next: "Done" }],
                Default: "Done",
              },
              Done: { Type: "Succeed" },
            },
          },
          Next: "End",
        },
        End: { Type: "Succeed" },
      },
    },
    input: { items: Array.from({ length: 80 }, (_, id) => ({ id })) },
    transitions: 242,
  },
];

/** Seventy states of every type as an author of a flow that calls two systems writes them. */
export function seventyStates(): FlowDefinition {
  const states: [string, State][] = [
    ["Begin", { Type: "Pass", Result: { left: 3 }, ResultPath: "$.retry", Next: "Get0" }],
  ];
  for (let n = 0; n < 13; n += 1) {
    const Next = n === 12 ? "Each" : `Get${n + 1}`;
    states.push(
      [`Get${n}`, call(n, `Found${n}`, `Lost${n}`)],
      [
        `Found${n}`,
        {
          Type: "Choice",
          Choices: [
            {
              And: [
                { Variable: `$.reply${n}.id`, IsPresent: true },
                { Not: { Variable: `$.reply${n}.id`, IsNull: true } },
              ],
              Next: `Keep${n}`,
            },
          ],
          Default: `Stop${n}`,
        },
      ],
      [`Keep${n}`, { Type: "Pass", Result: "found", ResultPath: `$.kept${n}`, Next }],
      [`Lost${n}`, { Type: "Wait", Seconds: 2, Next: `Stop${n}` }],
      [`Stop${n}`, { Type: "Fail", Error: `Lost${n}`, Cause: "The case was not found." }],
    );
  }
  const inner: FlowDefinition = {
    StartAt: "Send",
    States: { Send: call(13, "Sent", "Sent"), Sent: { Type: "Succeed" } },
  };
  states.push(
    [
      "Each",
      {
        Type: "Map",
        ItemsPath: "$.input.items",
        ResultPath: "$.sent",
        Iterator: inner,
        Next: "End",
      },
    ],
    ["End", { Type: "Succeed" }],
  );
  return { StartAt: "Begin", States: Object.fromEntries(states) };
}

function call(n: number, Next: string, fallback: string): State {
  return {
    Type: "Action",
    ActionName: "zis:bench:action:call",
    Parameters: { number: n, "key.$": n === 13 ? "$.id" : "$.input.id" },
    ResultPath: `$.reply${n}`,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: fallback }],
    Next,
  };
}

/** A bundle of one flow, `flow`, and the action that it may call. */
export function bundleOf(definition: FlowDefinition): Bundle {
  return {
    name: "bench",
    zis_template_version: "2019-10-14",
    resources: {
      flow: { type: "ZIS::Flow", properties: { name: "flow", definition } },
      call: {
        type: "ZIS::Action::Http",
        properties: {
          name: "call",
          definition: {
            method: "POST",
            url: "https://cases.example.com/{{$.number}}",
            requestBody: { key: "{{$.key}}" },
          },
        },
      },
    },
  };
}

/** A flow in the Amazon States Language: an Action becomes a Task, what ZIS adds is left out. */
export function toAsl({ StartAt, States }: FlowDefinition): object {
  const states = Object.entries(States).map(([name, state]) => [name, toAslState(state)]);
  return { StartAt, States: Object.fromEntries(states) as object };
}

function toAslState(state: State): object {
  switch (state.Type) {
    case "Action": {
      const { ActionName: _name, ...rest } = state;
      return {
        ...rest,
        Type: "Task",
        Resource: "arn:aws:lambda:eu-west-1:123456789012:function:f",
      };
    }
    case "Map":
      return { ...state, Iterator: toAsl(state.Iterator) };
    case "Succeed": {
      const { Message: _message, ...rest } = state;
      return rest;
    }
    case "Choice":
    case "Fail":
    case "Pass":
    case "Wait":
      break;
  }
  return state;
}
