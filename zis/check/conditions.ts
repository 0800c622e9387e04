/** The rules of a Choice and the conditions nested in them. */
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { OPERATORS } from "../model/schema.ts";
import { objectsAt, type StateView } from "./context.ts";
import { child } from "./json-pointer.ts";

export interface ConditionView {
  readonly condition: JsonObject;
  readonly path: string;
  /** True for an entry of Choices, false for a condition inside And, Or or Not. */
  readonly isRule: boolean;
}

/** The rules of a Choice state, in order. */
export function rulesOf({ state, type, path }: StateView): ConditionView[] {
  const rules = type === "Choice" ? objectsAt(state, "Choices", path) : [];
  return rules.map((rule) => ({ condition: rule.value, path: rule.path, isRule: true }));
}

/** The condition itself and all conditions inside it. */
export function* withNested(view: ConditionView): Generator<ConditionView> {
  yield view;
  const { condition, path } = view;
  const { Not } = condition;
  const inner = [
    ...objectsAt(condition, "And", path),
    ...objectsAt(condition, "Or", path),
    ...(isJsonObject(Not) ? [{ value: Not, path: child(path, "Not") }] : []),
  ];
  for (const { value, path } of inner) {
    yield* withNested({ condition: value, path, isRule: false });
  }
}

/** The names of the condition's comparison operators and logical operators. */
export function operatorsOf(condition: JsonObject): string[] {
  return Object.keys(condition).filter(
    (key) => OPERATORS.has(key) || key === "And" || key === "Or" || key === "Not",
  );
}

/** Members of a condition that are not operators. */
const PLAIN_MEMBERS: ReadonlySet<string> = new Set(["Variable", "Next", "Comment"]);

/** Members that people write for an operator, and that are not one. */
export function unknownOperatorsOf(condition: JsonObject): string[] {
  const known = new Set(operatorsOf(condition));
  return Object.keys(condition).filter((key) => !known.has(key) && !PLAIN_MEMBERS.has(key));
}
