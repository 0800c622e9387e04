/** Which literals a field may be compared with, and the value each stands for. */
import { toSalesforceTime } from "../../clock.ts";
import { parseDatetime } from "../datetime.ts";
import { toId18 } from "../ids.ts";
import type { FieldSchema, SfValue } from "../schema.ts";
import { spanOf, type Span } from "./date-spans.ts";
import type { BindContext } from "./field-paths.ts";
import { queryError } from "./query-error.ts";
import { decodePattern, decodeString, IllegalEscape, type LikePattern } from "./strings.ts";
import type { Literal } from "./syntax.ts";

/** One value (`low` is `high`), or a span of time from `low` up to but without `high`. */
export interface Operand {
  readonly kind: "value" | "span";
  readonly low: SfValue;
  readonly high: SfValue;
}

const valueOperand = (value: SfValue): Operand => ({ kind: "value", low: value, high: value });

const TEXT_TYPES: ReadonlySet<FieldSchema["type"]> = new Set([
  "string",
  "email",
  "phone",
  "picklist",
]);

/** The form in which a field's values are compared: texts in lower case, all else as it is. */
export function comparable(field: FieldSchema, value: SfValue): SfValue {
  return typeof value === "string" && TEXT_TYPES.has(field.type) ? value.toLowerCase() : value;
}

function wrongType(field: FieldSchema, literal: Literal, context: BindContext): Error {
  const quoted = ["datetime", "date", "boolean", "double"].includes(field.type)
    ? "should not be enclosed in quotes"
    : "should be enclosed in quotes";
  const type = field.type === "datetime" ? "dateTime" : field.type;
  return queryError(
    context.text,
    literal.at,
    `value of filter criterion for field '${field.name}' must be of type ${type} and ${quoted}`,
    "INVALID_FIELD",
  );
}

function decoded<T>(
  literal: Literal & { kind: "string" },
  context: BindContext,
  decode: (raw: string) => T,
): T {
  try {
    return decode(literal.raw);
  } catch (error) {
    if (!(error instanceof IllegalEscape)) throw error;
    throw queryError(
      context.text,
      literal.at + 1 + error.offset,
      `Invalid string literal '${literal.raw}'. ` +
        `Illegal character sequence '${error.sequence}' in string literal.`,
    );
  }
}

function idOperand(literal: Literal & { kind: "string" }, context: BindContext): Operand {
  const text = decoded(literal, context, decodeString);
  const id = text === "" ? null : toId18(text);
  if (id !== undefined) return valueOperand(id);
  throw queryError(
    context.text,
    literal.at,
    `invalid ID field: ${text}`,
    "INVALID_QUERY_FILTER_OPERATOR",
  );
}

/** Fields of type datetime and date hold texts that sort like the time they name; so must spans. */
function spanOperand(field: FieldSchema, { start, end }: Span): Operand {
  const text = (instant: Date): string =>
    field.type === "date" ? instant.toISOString().slice(0, 10) : toSalesforceTime(instant);
  return { kind: "span", low: text(start), high: text(end) };
}

function datetimeOperand(literal: Literal & { kind: "datetime" }, context: BindContext): Operand {
  const instant = parseDatetime(literal.text);
  if (!instant) throw queryError(context.text, literal.at, `invalid date/time: ${literal.text}`);
  // Milliseconds stay, so that ">= …32.500Z" leaves the second 32 out.
  return valueOperand(toSalesforceTime(instant));
}

/**
 * What a literal stands for beside this field.
 * @throws SalesforceError 400 INVALID_FIELD for another type, MALFORMED_QUERY for a bad escape,
 *   INVALID_QUERY_FILTER_OPERATOR for a text that is not an id
 */
export function operandOf(field: FieldSchema, literal: Literal, context: BindContext): Operand {
  if (literal.kind === "null") return valueOperand(null);
  const operand = OPERANDS[field.type](field, literal, context);
  if (operand) return operand;
  throw wrongType(field, literal, context);
}

type ReadOperand = (
  field: FieldSchema,
  literal: Literal,
  context: BindContext,
) => Operand | undefined;

const ofId: ReadOperand = (_field, literal, context) =>
  literal.kind === "string" ? idOperand(literal, context) : undefined;

/** An empty text and no value are the same to the platform. */
const ofText: ReadOperand = (field, literal, context) =>
  literal.kind === "string"
    ? valueOperand(comparable(field, decoded(literal, context, decodeString) || null))
    : undefined;

const ofDatetime: ReadOperand = (field, literal, context) => {
  if (literal.kind === "datetime") return datetimeOperand(literal, context);
  return literal.kind === "span"
    ? spanOperand(field, spanOf(literal.text, context.now))
    : undefined;
};

const ofDate: ReadOperand = (field, literal, context) => {
  if (literal.kind === "date") return valueOperand(literal.text);
  return literal.kind === "span"
    ? spanOperand(field, spanOf(literal.text, context.now))
    : undefined;
};

/** How each type of field reads a literal; `undefined` for a literal of another type. */
const OPERANDS: Readonly<Record<FieldSchema["type"], ReadOperand>> = {
  id: ofId,
  reference: ofId,
  string: ofText,
  email: ofText,
  phone: ofText,
  picklist: ofText,
  textarea: ofText,
  datetime: ofDatetime,
  date: ofDate,
  boolean: (_field, literal) =>
    literal.kind === "boolean" ? valueOperand(literal.value) : undefined,
  double: (_field, literal) =>
    literal.kind === "number" ? valueOperand(literal.value) : undefined,
};

/** The pattern of a LIKE. @throws SalesforceError 400 for fields that are not text */
export function patternOf(field: FieldSchema, literal: Literal, context: BindContext): LikePattern {
  if (!TEXT_TYPES.has(field.type)) {
    throw queryError(
      context.text,
      literal.at,
      `invalid operator on ${field.type} field`,
      "INVALID_QUERY_FILTER_OPERATOR",
    );
  }
  if (literal.kind !== "string") throw wrongType(field, literal, context);
  return decoded(literal, context, decodePattern);
}
