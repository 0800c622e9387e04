/** What a ZIS flow is: a dialect of the Amazon States Language. Source: ZIS developer guide, flow states. */
import type { Json, JsonObject } from "./json.ts";

export interface FlowDefinition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export type State =
  | ActionState
  | ChoiceState
  | MapState
  | WaitState
  | PassState
  | SucceedState
  | FailState;

export type StateType = State["Type"];

interface Common {
  readonly Comment?: string;
}

interface Transition {
  readonly Next?: string;
  readonly End?: true;
}

/** The one error name that ErrorEquals accepts. */
export const STATES_ALL = "States.ALL";

export interface Catcher {
  readonly ErrorEquals: readonly [typeof STATES_ALL];
  readonly Next: string;
  readonly ResultPath?: string;
}

export interface ActionState extends Common, Transition {
  readonly Type: "Action";
  readonly ActionName: string;
  readonly Parameters?: JsonObject;
  readonly ResultPath?: string;
  readonly Catch?: readonly Catcher[];
}

export interface ChoiceState extends Common {
  readonly Type: "Choice";
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export type ChoiceRule = Condition & { readonly Next: string };

export type Condition =
  | ({ readonly Variable: string } & Comparison)
  | { readonly And: readonly Condition[] }
  | { readonly Or: readonly Condition[] }
  | { readonly Not: Condition };

/** Comparison operators with the type of their operand. The Path forms name another place in the data. */
interface Operators {
  readonly StringEquals: string;
  readonly StringLessThan: string;
  readonly StringGreaterThan: string;
  readonly StringLessThanEquals: string;
  readonly StringGreaterThanEquals: string;
  readonly NumericEquals: number;
  readonly NumericLessThan: number;
  readonly NumericGreaterThan: number;
  readonly NumericLessThanEquals: number;
  readonly NumericGreaterThanEquals: number;
  readonly BooleanEquals: boolean;
  readonly TimestampEquals: string;
  readonly TimestampLessThan: string;
  readonly TimestampGreaterThan: string;
  readonly TimestampLessThanEquals: string;
  readonly TimestampGreaterThanEquals: string;
  readonly IsPresent: boolean;
  readonly IsNull: boolean;
  readonly StringEqualsPath: string;
  readonly NumericEqualsPath: string;
  readonly NumericLessThanPath: string;
  readonly NumericGreaterThanPath: string;
  readonly NumericLessThanEqualsPath: string;
  readonly NumericGreaterThanEqualsPath: string;
  readonly BooleanEqualsPath: string;
}

export type Operator = keyof Operators;

/** Exactly one operator with its operand. */
type Comparison = { [O in Operator]: { readonly [K in O]: Operators[O] } }[Operator];

export interface MapState extends Common, Transition {
  readonly Type: "Map";
  readonly ItemsPath: string;
  readonly Iterator: FlowDefinition;
  readonly ResultPath?: string;
  readonly Catch?: readonly Catcher[];
}

export interface WaitState extends Common, Transition {
  readonly Type: "Wait";
  readonly Seconds?: number;
  readonly SecondsPath?: string;
}

export interface PassState extends Common, Transition {
  readonly Type: "Pass";
  readonly Result?: Json;
  readonly ResultPath?: string;
}

export interface SucceedState extends Common {
  readonly Type: "Succeed";
  readonly Message?: string;
}

export interface FailState extends Common {
  readonly Type: "Fail";
  readonly Error: string;
  readonly Cause: string;
}
