/**
 * What a bundle must look like, as JSON Schema: the shape only. What members mean together (Next or End,
 * names that must resolve, paths) is checked by the rules. The schemas are tied to the
 * types of this folder: a member added to one and not to the other does not compile.
 * Source: developer.zendesk.com, ZIS registry API and flow states.
 */
import { HTTP_METHODS, type HttpActionDefinition } from "./action.ts";
import { type JobSpec, ZIS_TEMPLATE_VERSION } from "./bundle.ts";
import type {
  ActionState,
  Catcher,
  ChoiceState,
  FailState,
  FlowDefinition,
  MapState,
  Operator,
  PassState,
  State,
  SucceedState,
  WaitState,
} from "./flow.ts";

/** The part of JSON Schema (draft 7, plus `discriminator`) that this file uses. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

const text: Schema = { type: "string" };
const number: Schema = { type: "number" };
const boolean: Schema = { type: "boolean" };
const anything: Schema = {};
const name: Schema = { type: "string", minLength: 1 };
const ref = (definition: string): Schema => ({ $ref: `#/definitions/${definition}` });

/** A closed object whose members are exactly those of T. */
function object<T>(
  properties: Record<keyof T & string, Schema>,
  required: readonly (keyof T & string)[],
  extra: Record<string, Schema> = {},
): Schema {
  const members: Record<string, Schema> = { ...properties, ...extra };
  return { type: "object", properties: members, required, additionalProperties: false };
}

type OwnMembers<S extends State> = Exclude<keyof S & string, "Type" | "Comment">;

function state<S extends State>(
  type: S["Type"],
  members: Record<OwnMembers<S>, Schema>,
  required: readonly OwnMembers<S>[],
): Schema {
  const own: Record<string, Schema> = members;
  return {
    type: "object",
    properties: { Type: { const: type }, Comment: text, ...own },
    required: ["Type", ...required],
    additionalProperties: false,
  };
}

const transition = { Next: text, End: { const: true } };
const catchers: Schema = { type: "array", items: ref("catcher") };

const catcher = object<Catcher>(
  { ErrorEquals: { type: "array", items: text }, Next: text, ResultPath: text },
  ["ErrorEquals", "Next"],
);

const operators: Record<Operator, Schema> = {
  StringEquals: text,
  StringLessThan: text,
  StringGreaterThan: text,
  StringLessThanEquals: text,
  StringGreaterThanEquals: text,
  NumericEquals: number,
  NumericLessThan: number,
  NumericGreaterThan: number,
  NumericLessThanEquals: number,
  NumericGreaterThanEquals: number,
  BooleanEquals: boolean,
  TimestampEquals: text,
  TimestampLessThan: text,
  TimestampGreaterThan: text,
  TimestampLessThanEquals: text,
  TimestampGreaterThanEquals: text,
  IsPresent: boolean,
  IsNull: boolean,
  StringEqualsPath: text,
  NumericEqualsPath: text,
  NumericLessThanPath: text,
  NumericGreaterThanPath: text,
  NumericLessThanEqualsPath: text,
  NumericGreaterThanEqualsPath: text,
  BooleanEqualsPath: text,
};

/** The comparison operators of Choice rules. */
export const OPERATORS: ReadonlySet<string> = new Set(Object.keys(operators));

/** Rules and the conditions inside And, Or, Not. Which members go together is left to the checker. */
const condition: Schema = {
  type: "object",
  properties: {
    Variable: text,
    Next: text,
    And: { type: "array", minItems: 1, items: ref("condition") },
    Or: { type: "array", minItems: 1, items: ref("condition") },
    Not: ref("condition"),
    ...operators,
  },
};

const states: Record<State["Type"], Schema> = {
  Action: state<ActionState>(
    "Action",
    {
      ActionName: name,
      Parameters: { type: "object" },
      ResultPath: text,
      Catch: catchers,
      ...transition,
    },
    ["ActionName"],
  ),
  Choice: state<ChoiceState>(
    "Choice",
    { Choices: { type: "array", minItems: 1, items: ref("condition") }, Default: text },
    ["Choices"],
  ),
  Map: state<MapState>(
    "Map",
    { ItemsPath: text, Iterator: ref("flow"), ResultPath: text, Catch: catchers, ...transition },
    ["ItemsPath", "Iterator"],
  ),
  Wait: state<WaitState>("Wait", { Seconds: number, SecondsPath: text, ...transition }, []),
  Pass: state<PassState>("Pass", { Result: anything, ResultPath: text, ...transition }, []),
  Succeed: state<SucceedState>("Succeed", { Message: text }, []),
  Fail: state<FailState>("Fail", { Error: text, Cause: text }, ["Error", "Cause"]),
};

/** The seven state types. */
export const STATE_TYPES: readonly string[] = Object.keys(states);

/** The members of all states. */
export const STATE_MEMBERS: readonly string[] = [
  ...new Set(Object.values(states).flatMap(({ properties }) => Object.keys(properties as Schema))),
];

const tagged = (tag: string, branches: readonly Schema[]): Schema => ({
  type: "object",
  discriminator: { propertyName: tag },
  required: [tag],
  oneOf: branches,
});

const flow = object<FlowDefinition>(
  { StartAt: text, States: { type: "object", additionalProperties: ref("state") } },
  ["StartAt", "States"],
);

const action = object<HttpActionDefinition>(
  {
    method: { enum: HTTP_METHODS },
    url: text,
    "url.$": text,
    path: text,
    "path.$": text,
    // Entries of headers and queries have a rule of their own, which knows the common mistakes.
    headers: anything,
    query: anything,
    queryParams: anything,
    requestBody: anything,
    "requestBody.$": text,
    connectionName: text,
  },
  ["method"],
);

interface Properties {
  readonly name: string;
  readonly definition: unknown;
}

const jobSpec = object<JobSpec>({ name, event_source: text, event_type: text, flow_name: text }, [
  "name",
  "event_source",
  "event_type",
  "flow_name",
]);

function resource(type: string, properties: Schema): Schema {
  return {
    type: "object",
    properties: { type: { const: type }, properties },
    required: ["type", "properties"],
    additionalProperties: false,
  };
}

/** The resource types. */
export const RESOURCE_TYPES = ["ZIS::Flow", "ZIS::Action::Http", "ZIS::JobSpec"] as const;

/** The schema of a whole bundle, as uploaded; also of what the registry answers (uuid and the like). */
export const BUNDLE_SCHEMA: Schema = {
  type: "object",
  properties: {
    name,
    description: text,
    zis_template_version: { const: ZIS_TEMPLATE_VERSION },
    resources: { type: "object", additionalProperties: ref("resource") },
    uuid: text,
    integration: text,
    zendesk_account_id: anything,
  },
  required: ["name", "zis_template_version", "resources"],
  additionalProperties: false,
  definitions: {
    resource: tagged("type", [
      resource(
        "ZIS::Flow",
        object<Properties>({ name, definition: ref("flow") }, ["name", "definition"]),
      ),
      resource(
        "ZIS::Action::Http",
        // A third party saw uploads with `schema` and `description` beside the definition accepted.
        object<Properties>({ name, definition: action }, ["name", "definition"], {
          schema: anything,
          description: text,
        }),
      ),
      resource("ZIS::JobSpec", jobSpec),
    ]),
    flow,
    state: tagged("Type", Object.values(states)),
    catcher,
    condition,
  },
};
