/** Which records a WHERE condition keeps, as a predicate made once for a query. */
import type { ObjectSchema, SfRecord, SfValue } from "../schema.ts";
import type { RecordStore } from "../store.ts";
import { readRef, resolvePath, type BindContext, type FieldRef } from "./field-paths.ts";
import { comparable, operandOf, patternOf, type Operand } from "./operands.ts";
import { queryError } from "./query-error.ts";
import { fitsPattern } from "./strings.ts";
import type { Comparison, Condition, Path } from "./syntax.ts";

export type Predicate = (record: SfRecord, store: RecordStore) => boolean;

function filterable(object: ObjectSchema, path: Path, context: BindContext): FieldRef {
  const ref = resolvePath(object, path, context);
  if (ref.field.filterable) return ref;
  throw queryError(
    context.text,
    path.at,
    `field '${ref.field.name}' can not be filtered in a query call`,
    "INVALID_FIELD",
  );
}

/** What an operator says of the sign of "value minus operand". */
const HOLDS: Readonly<Record<Comparison, (sign: number) => boolean>> = {
  "=": (sign) => sign === 0,
  "!=": (sign) => sign !== 0,
  "<": (sign) => sign < 0,
  ">": (sign) => sign > 0,
  "<=": (sign) => sign <= 0,
  ">=": (sign) => sign >= 0,
};

/** Where a value lies beside an operand; inside a span counts as equal to it. */
function signOf(value: NonNullable<SfValue>, operand: Operand): number {
  const { low, high } = operand;
  if (low === null || high === null || value < low) return -1;
  const isAbove = operand.kind === "span" ? value >= high : value > high;
  return Number(isAbove);
}

/** Of a missing value, or of null as operand, only `=` and `!=` say something (SOQL reference). */
function compare(operator: Comparison, value: SfValue, operand: Operand): boolean {
  if (value !== null && operand.low !== null) return HOLDS[operator](signOf(value, operand));
  if (operator === "=") return value === operand.low;
  return operator === "!=" && value !== operand.low;
}

/**
 * The predicate of a condition over records of `object`.
 * @throws SalesforceError 400 when the condition does not fit the object
 */
export function compileCondition(
  object: ObjectSchema,
  condition: Condition,
  context: BindContext,
): Predicate {
  if (condition.kind === "and" || condition.kind === "or") {
    const terms = condition.terms.map((term) => compileCondition(object, term, context));
    return condition.kind === "and"
      ? (record, store) => terms.every((term) => term(record, store))
      : (record, store) => terms.some((term) => term(record, store));
  }
  if (condition.kind === "not") {
    const term = compileCondition(object, condition.term, context);
    return (record, store) => !term(record, store);
  }
  const ref = filterable(object, condition.path, context);
  const read = (record: SfRecord, store: RecordStore): SfValue =>
    comparable(ref.field, readRef(ref, record, store, context.schema));

  if (condition.kind === "like") {
    const pattern = patternOf(ref.field, condition.pattern, context);
    return (record, store) => {
      const value = read(record, store);
      return typeof value === "string" && fitsPattern(value, pattern);
    };
  }
  if (condition.kind === "in") {
    const operands = condition.values.map((value) => operandOf(ref.field, value, context));
    return (record, store) => {
      const value = read(record, store);
      return operands.some((operand) => compare("=", value, operand)) !== condition.negated;
    };
  }
  const operand = operandOf(ref.field, condition.value, context);
  return (record, store) => compare(condition.operator, read(record, store), operand);
}
