/** What is stored of an attribute for one ticket or person. Pure. */
import type { AttributeValue } from "#contract/routes/attributes";
import { storableJson } from "#platform/db/storable";
import type { ActiveDefinition } from "./active-definitions.ts";
import type { SubjectRow } from "./source-rows.ts";
import { inputsOf, type RawFields } from "./transforms/open-definition.ts";
import type { TypedValue } from "./transforms/to-type.ts";

/** The columns of `attribute_values`, as JSON. */
export interface ValueRow {
  readonly subject_id: string;
  readonly attribute_id: string;
  readonly version: number;
  readonly raw: RawFields;
  readonly text_value: string | null;
  readonly texts_value: readonly string[] | null;
  readonly number_value: number | null;
  readonly boolean_value: boolean | null;
  readonly instant_value: string | null;
  readonly problem: string | null;
  readonly problem_step: number | null;
}

/**
 * `seen`: the raw values that are stored already; a field that the source no longer has keeps them. Undefined: the source has
 * none of the fields and never had, and the steps make no value of nothing.
 */
export function toValueRow(
  active: ActiveDefinition,
  { id, raw }: SubjectRow,
  seen: RawFields | undefined,
): ValueRow | undefined {
  const { definition } = active;
  const inputs = storableJson({ ...seen, ...inputsOf(definition, raw) }) as RawFields;
  const { value, problem } = active.compute(inputs);
  if (!seen && value === null && Object.keys(inputs).length === 0) return undefined;
  return {
    subject_id: id,
    attribute_id: active.id,
    version: active.version,
    raw: inputs,
    text_value: value?.type === "text" ? value.value : null,
    texts_value: value?.type === "texts" ? value.value : null,
    number_value: value?.type === "number" ? value.value : null,
    boolean_value: value?.type === "boolean" ? value.value : null,
    instant_value: value?.type === "instant" ? value.value.toISOString() : null,
    problem: problem?.code ?? null,
    problem_step: problem?.step ?? null,
  };
}

/** As the API shows it. */
export function toReply(value: TypedValue | null): AttributeValue {
  if (value === null) return null;
  if (value.type === "instant") return value.value.toISOString();
  return value.type === "texts" ? [...value.value] : value.value;
}
