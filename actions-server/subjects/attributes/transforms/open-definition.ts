/** Checks a definition, and computes an attribute's value of the raw values of a ticket, user or agent. Pure. */
import { fieldsOf, type AttributeDefinition } from "#contract/attributes/definition";
import { openStep } from "./open-step.ts";
import type { Transform } from "./step.ts";
import { toType, type TypedValue } from "./to-type.ts";
import { limit, readRaw, type Problem } from "./value.ts";

/** Raw values by their fields' keys, as JSON has them. */
export type RawFields = Readonly<Record<string, unknown>>;

export interface Computed {
  /** Null: there is none, or it could not be had. */
  readonly value: TypedValue | null;
  /** `step` counts from 1; 0: the raw value itself; one more than there are steps: the type. */
  readonly problem: { readonly code: Problem; readonly step: number } | null;
}

interface Refusal {
  readonly step: number;
  readonly message: string;
}

export type OpenedDefinition =
  | { readonly kind: "ready"; readonly compute: (raw: RawFields) => Computed }
  | { readonly kind: "refused"; readonly refusals: readonly Refusal[] };

/** Opened once for many values: patterns and time zones are costly to open. `compute` never throws. */
export function openDefinition(definition: AttributeDefinition): OpenedDefinition {
  const opened = definition.steps.map(openStep);
  const refusals = opened.flatMap((one, index) =>
    one.kind === "refused" ? [{ step: index + 1, message: one.message }] : [],
  );
  if (refusals.length > 0) return { kind: "refused", refusals };
  const transforms = opened.flatMap((one) => (one.kind === "ready" ? [one.transform] : []));
  return { kind: "ready", compute: (raw) => compute(definition, transforms, raw) };
}

function compute(
  { field, type }: AttributeDefinition,
  transforms: readonly Transform[],
  raw: RawFields,
): Computed {
  const rawOf = (key: string) => (Object.hasOwn(raw, key) ? raw[key] : undefined);
  const failedAt = (code: Problem, step: number) => ({ value: null, problem: { code, step } });
  let outcome = readRaw(rawOf(field));
  for (const [index, transform] of transforms.entries()) {
    if (outcome.kind === "problem") return failedAt(outcome.problem, index);
    const next = transform(outcome.value, rawOf);
    outcome = next.kind === "problem" ? next : limit(next.value);
  }
  if (outcome.kind === "problem") return failedAt(outcome.problem, transforms.length);
  const typed = toType(outcome.value, type);
  if (typed.kind === "problem") return failedAt(typed.problem, transforms.length + 1);
  return { value: typed.value, problem: null };
}

/** Those of the raw values that the definition reads; a field that is not there is left out. */
export function inputsOf(definition: AttributeDefinition, raw: RawFields): RawFields {
  const keys = fieldsOf(definition).filter((key) => Object.hasOwn(raw, key));
  return Object.fromEntries(keys.map((key) => [key, raw[key]]));
}
