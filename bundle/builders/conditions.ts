/** Conditions of Choice nodes. Each compares one place in the flow's data with a constant. */
import type { Condition } from "#zis/model/flow";
import type { Path } from "./values.ts";

export function stringEquals(variable: Path, value: string): Condition {
  return { Variable: variable, StringEquals: value };
}

export function numericEquals(variable: Path, value: number): Condition {
  return { Variable: variable, NumericEquals: value };
}

export function booleanEquals(variable: Path, value: boolean): Condition {
  return { Variable: variable, BooleanEquals: value };
}
