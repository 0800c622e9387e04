/** What comes out of a jq program, given what is known about the flow's data. */
import type { PathSegment } from "../../model/paths.ts";
import type { Expression } from "./expression.ts";
import { operate } from "./operators.ts";
import {
  arrayOf,
  isTrue,
  known,
  memberOf,
  sliceOf,
  UNKNOWN,
  type Value,
  withMember,
} from "./value.ts";

/** What is known about a place of the flow's data. */
export type Known =
  | { readonly kind: "value"; readonly value: string | number | boolean | null }
  | { readonly kind: "array"; readonly atMost: number }
  | { readonly kind: "absent" }
  | undefined;

export type ReadData = (at: readonly PathSegment[]) => Known;

interface Scope {
  readonly input: Value;
  readonly variables: ReadonlyMap<string, Value>;
  readonly read: ReadData;
}

/** The result of the program for this input. A place of the data that decides it is asked for by `read`. */
export function evaluate(program: Expression, input: Value, read: ReadData): Value {
  return run(program, { input, variables: new Map(), read });
}

function run(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "input":
      return scope.input;
    case "literal":
      return known(expression.value);
    case "variable":
      return scope.variables.get(expression.name) ?? UNKNOWN;
    case "call":
      return call(expression.name, settled(scope.input, scope.read));
    case "member":
      return memberOf(run(expression.of, scope), expression.key);
    case "slice":
      return slice(expression, scope);
    case "binary":
      return binary(expression, scope);
    case "assignment":
      return assign(expression, scope);
    case "pipe":
      return run(expression.right, { ...scope, input: run(expression.left, scope) });
    case "binding": {
      const variables = new Map(scope.variables);
      variables.set(expression.name, run(expression.value, scope));
      return run(expression.body, { ...scope, variables });
    }
    case "if":
      return choose(expression, scope);
    case "object":
      return {
        kind: "changed",
        base: undefined,
        members: new Map(expression.members.map(([key, value]) => [key, run(value, scope)])),
      };
    case "each": {
      const whole = run(expression.of, scope);
      return whole.kind === "array" ? whole.item : UNKNOWN;
    }
    case "array":
      break;
  }
  const items = expression.items.map((item) => run(item, scope));
  return arrayOf(items, expression.any);
}

type Part<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;

/** A value of the data as the constant that stands there, when that is known. */
function settled(value: Value, read: ReadData): Value {
  if (value.kind !== "data") return value;
  const fact = read(value.at);
  if (fact?.kind === "absent") return known(null);
  if (fact?.kind !== "value") return value;
  // Half of a surrogate pair comes out of jq as another character.
  const isOdd = typeof fact.value === "string" && !fact.value.isWellFormed();
  return isOdd ? UNKNOWN : known(fact.value);
}

/** The functions of which a result can decide anything. */
function call(name: string, input: Value): Value {
  const truth = isTrue(input);
  if (name === "not") return truth === undefined ? UNKNOWN : known(!truth);
  const isNumber = input.kind === "known" && typeof input.value === "number";
  return name === "tonumber" && isNumber ? input : UNKNOWN;
}

function slice({ of, from, to }: Part<"slice">, scope: Scope): Value {
  const whole = settled(run(of, scope), scope.read);
  const fact = whole.kind === "data" ? scope.read(whole.at) : undefined;
  return sliceOf(fact?.kind === "array" ? { item: UNKNOWN, ...fact } : whole, from, to);
}

function binary({ operator, left, right }: Part<"binary">, scope: Scope): Value {
  const first = settled(run(left, scope), scope.read);
  const second = settled(run(right, scope), scope.read);
  if (operator !== "//") return operate(operator, first, second);
  // An error on the left of // counts as null; only of plain paths is it known that it makes no difference.
  return isPath(left) ? alternative(first, second) : UNKNOWN;
}

function isPath(expression: Expression): boolean {
  if (expression.kind === "member") return isPath(expression.of);
  return expression.kind === "input" || expression.kind === "variable";
}

function alternative(first: Value, otherwise: Value): Value {
  const truth = isTrue(first);
  if (truth === undefined) return UNKNOWN;
  return truth ? first : otherwise;
}

function choose({ condition, yes, no }: Part<"if">, scope: Scope): Value {
  const truth = isTrue(settled(run(condition, scope), scope.read));
  if (truth !== undefined) return run(truth ? yes : no, scope);
  for (const branch of [yes, no]) settled(run(branch, scope), scope.read);
  return UNKNOWN;
}

function assign({ operator, path, right }: Part<"assignment">, scope: Scope): Value {
  const change = (old: Value): Value => {
    if (operator === "|=") return run(right, { ...scope, input: old });
    const given = run(right, scope);
    if (operator === "=") return given;
    const before = settled(old, scope.read);
    const settledGiven = settled(given, scope.read);
    return operator === "//="
      ? alternative(before, settledGiven)
      : operate(operator.slice(0, -1), before, settledGiven);
  };
  return changeAt(scope.input, path, change, scope.read);
}

function changeAt(
  value: Value,
  path: readonly PathSegment[],
  change: (old: Value) => Value,
  read: ReadData,
): Value {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const member = changeAt(memberOf(value, key), rest, change, read);
  const whole = settled(value, read);
  return withMember(whole, key, member);
}
