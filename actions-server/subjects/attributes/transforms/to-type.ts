/** The last step of every definition: the value in the type that it is kept in. */
import type { AttributeType } from "#contract/attributes/definition";
import { readInstant } from "#contract/instant";
import { readNumber } from "./numbers.ts";
import { failed, isList, toText, valued, type Outcome, type Scalar, type Value } from "./value.ts";

export type TypedValue =
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "texts"; readonly value: readonly string[] }
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "instant"; readonly value: Date };

/** Never guesses: a text that is no number is a problem of the type number, and a list fits only `texts`. */
export function toType(value: Value, type: AttributeType): Outcome<TypedValue | null> {
  if (value === null) return valued(null);
  if (type === "texts") {
    return valued({ type, value: isList(value) ? value.map(toText) : [toText(value)] });
  }
  return isList(value) ? failed("is_a_list") : scalarOf(value, type);
}

function scalarOf(
  value: Scalar,
  type: Exclude<AttributeType, "texts">,
): Outcome<TypedValue | null> {
  if (type === "text") return valued({ type, value: toText(value) });
  if (type === "number") {
    const read = readNumber(value);
    return read.kind === "problem" ? read : valued({ type, value: read.value });
  }
  if (type === "boolean") {
    const word = toText(value);
    if (word !== "true" && word !== "false") return failed("not_a_boolean");
    return valued({ type, value: word === "true" });
  }
  const date = value instanceof Date ? value : readInstant(toText(value));
  return date ? valued({ type, value: date }) : failed("not_a_date");
}
