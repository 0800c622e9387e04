/** Are the rules of a Choice well formed, and is there a way when none is true? */
import { isTimestamp } from "../../engine/timestamps.ts";
import { OPERATORS } from "../../model/schema.ts";
import type { ConditionView } from "../conditions.ts";
import { operatorsOf, rulesOf, unknownOperatorsOf, withNested } from "../conditions.ts";
import type { Context } from "../context.ts";
import type { Found } from "../finding.ts";
import { child } from "../json-pointer.ts";
import { nearestPhrase } from "../nearest.ts";
import type { Rule } from "../rule.ts";

const SOURCE = "ZIS developer guide, Choice state";
const LOGICAL = ["And", "Or", "Not"];

export const unknownOperator: Rule = {
  name: "unknown-operator",
  severity: "error",
  origin: "registry",
  what: "A Choice rule has an operator that ZIS does not know.",
  source: "a third party observed the registry's refusal of StringMatches",
  *find(context) {
    for (const { condition, path } of conditionsOf(context)) {
      if (operatorsOf(condition).length > 0) continue;
      for (const operator of unknownOperatorsOf(condition)) {
        const near = nearestPhrase(operator, [...OPERATORS, ...LOGICAL]);
        yield {
          path: child(path, operator),
          atKey: true,
          message: `BundleValidationError: And is required (${JSON.stringify(operator)} is not an operator of ZIS${near}).`,
          hint: "Use a documented operator, or compute a Boolean with jq and test it with BooleanEquals.",
        };
      }
    }
  },
};

export const malformedRule: Rule = {
  name: "malformed-choice-rule",
  severity: "error",
  what: "A Choice rule lacks its operator, Variable or Next, or has one too many.",
  source: SOURCE,
  *find(context) {
    for (const view of conditionsOf(context)) yield* check(view);
  },
};

function* check({ condition, path, isRule }: ConditionView): Generator<Found> {
  const operators = operatorsOf(condition);
  const unknown = unknownOperatorsOf(condition);
  if (operators.length === 0 && unknown.length === 0) {
    yield { path, message: "This rule has no operator.", hint: "Add one, such as StringEquals." };
  }
  if (operators.length > 1) {
    yield {
      path,
      message: `This rule has several operators: ${operators.join(", ")}.`,
      hint: "Join several comparisons with And or Or.",
    };
  }
  const compares = operators.some((operator) => OPERATORS.has(operator));
  if (compares && !Object.hasOwn(condition, "Variable")) {
    yield { path, message: "This comparison has no Variable.", hint: "Add the path to compare." };
  }
  if (isRule && !Object.hasOwn(condition, "Next")) {
    yield {
      path,
      message: "This rule has no Next.",
      hint: "Add the state to go to when it is true.",
    };
  }
  if (!isRule && Object.hasOwn(condition, "Next")) {
    yield {
      path: child(path, "Next"),
      atKey: true,
      message: "Next is not allowed inside And, Or and Not.",
      hint: "Put Next on the rule around it.",
    };
  }
  for (const member of operators.length > 0 ? unknown : []) {
    yield {
      path: child(path, member),
      atKey: true,
      severity: "warning",
      message: `Unknown member ${JSON.stringify(member)} in a Choice rule.`,
      hint: "Remove it.",
    };
  }
}

export const timestampOperand: Rule = {
  name: "timestamp-operand",
  severity: "warning",
  what: "A timestamp is compared with a text that is not a timestamp, so the rule is never true.",
  source: "ZIS developer guide, Choice state; RFC 3339",
  *find(context) {
    for (const { condition, path } of conditionsOf(context)) {
      for (const [operator, operand] of Object.entries(condition)) {
        if (!operator.startsWith("Timestamp") || typeof operand !== "string") continue;
        if (!OPERATORS.has(operator) || isTimestamp(operand)) continue;
        yield {
          path: child(path, operator),
          message: `${JSON.stringify(operand)} is not a timestamp: the comparison is never true.`,
          hint: 'Write it as in RFC 3339: "2026-01-31T12:00:00Z".',
        };
      }
    }
  },
};

export const choiceNoDefault: Rule = {
  name: "choice-no-default",
  severity: "warning",
  what: "A Choice has no Default.",
  source: "inferred: what ZIS does when no rule is true is not public; the States Language fails",
  *find({ states }) {
    for (const { name, type, state, path } of states) {
      if (type !== "Choice" || Object.hasOwn(state, "Default")) continue;
      yield {
        path,
        message: `Choice ${JSON.stringify(name)} has no Default: the flow fails when no rule is true.`,
        hint: "Add a Default.",
      };
    }
  },
};

export const isPresentNull: Rule = {
  name: "is-present-null",
  severity: "info",
  what: "IsPresent is used; its answer for a value of null is not public.",
  source: "inferred: authors expect false, the States Language says true",
  *find(context) {
    for (const { condition, path } of conditionsOf(context)) {
      if (!Object.hasOwn(condition, "IsPresent")) continue;
      yield {
        path: child(path, "IsPresent"),
        atKey: true,
        message: "Whether IsPresent is true for a value of null is not documented.",
        hint: "If the value may be null, test IsNull or a Boolean made by jq.",
      };
    }
  },
};

function* conditionsOf({ states }: Context): Generator<ConditionView> {
  for (const view of states) for (const rule of rulesOf(view)) yield* withNested(rule);
}
