/** What a parsed query means for this org: its names resolved, its condition made a predicate. */
import { refusal } from "../errors.ts";
import type { FieldSchema, ObjectSchema } from "../schema.ts";
import { compileCondition, type Predicate } from "./conditions.ts";
import { resolvePath, type BindContext, type FieldRef } from "./field-paths.ts";
import { parseQuery } from "./parser.ts";
import { queryError } from "./query-error.ts";
import type { OrderItem, Query, SelectItem } from "./syntax.ts";

/** SOQL reference, OFFSET. */
const MAX_OFFSET = 2_000;

export type Column =
  | { readonly kind: "field"; readonly ref: FieldRef }
  | {
      readonly kind: "children";
      readonly relationshipName: string;
      /** The field of the child that names the parent. */
      readonly reference: FieldSchema;
      readonly plan: Plan;
    };

export interface Plan {
  readonly object: ObjectSchema;
  readonly columns: "count" | readonly Column[];
  readonly keeps: Predicate;
  readonly order: readonly { readonly ref: FieldRef; readonly item: OrderItem }[];
  readonly limit: number;
  readonly offset: number;
}

function unknownObject(query: Query, context: BindContext): Error {
  return queryError(
    context.text,
    query.from.at,
    `sObject type '${query.from.name}' is not supported. If you are attempting to use a custom ` +
      "object, be sure to append the '__c' after the entity name. " +
      "Please reference your WSDL or the describe call for the appropriate names.",
    "INVALID_TYPE",
  );
}

function childColumn(
  parent: ObjectSchema,
  { query, at }: SelectItem & { kind: "children" },
  context: BindContext,
): Column {
  const name = query.from.name.toLowerCase();
  for (const child of context.schema.objects) {
    const reference = child.fields.find(
      (one) =>
        one.childRelationshipName?.toLowerCase() === name && one.referenceTo.includes(parent.name),
    );
    if (!reference) continue;
    return {
      kind: "children",
      relationshipName: reference.childRelationshipName ?? "",
      reference,
      plan: bind(query, child, context),
    };
  }
  throw queryError(
    context.text,
    at,
    `Didn't understand relationship '${query.from.name}' in FROM part of query call. If you are ` +
      "attempting to use a custom relationship, be sure to append the '__r' after the custom " +
      "relationship name. Please reference your WSDL or the describe call for the appropriate names.",
    "INVALID_TYPE",
  );
}

function columnsOf(query: Query, object: ObjectSchema, context: BindContext): Plan["columns"] {
  if (query.select === "count") return "count";
  const seen = new Set<string>();
  return query.select.map((item) => {
    if (item.kind === "children") return childColumn(object, item, context);
    const ref = resolvePath(object, item.path, context);
    const name = [...ref.via.map((one) => one.relationshipName), ref.field.name].join(".");
    if (seen.has(name)) {
      throw queryError(context.text, item.path.at, `duplicate field selected: ${name}`);
    }
    seen.add(name);
    return { kind: "field", ref };
  });
}

function orderOf(query: Query, object: ObjectSchema, context: BindContext): Plan["order"] {
  return query.orderBy.map((item) => {
    const ref = resolvePath(object, item.path, context);
    if (ref.field.type === "textarea") {
      throw queryError(
        context.text,
        item.path.at,
        `field '${ref.field.name}' can not be sorted in a query call`,
      );
    }
    return { ref, item };
  });
}

function bind(query: Query, object: ObjectSchema, context: BindContext): Plan {
  if (query.offset > MAX_OFFSET) {
    throw refusal(
      400,
      "NUMBER_OUTSIDE_VALID_RANGE",
      `Maximum SOQL offset allowed is ${MAX_OFFSET}`,
    );
  }
  return {
    object,
    columns: columnsOf(query, object, context),
    keeps: query.where ? compileCondition(object, query.where, context) : () => true,
    order: orderOf(query, object, context),
    limit: query.limit ?? Number.POSITIVE_INFINITY,
    offset: query.offset,
  };
}

/**
 * Reads a statement and binds it to the schema.
 * @throws SalesforceError 400: MALFORMED_QUERY, INVALID_TYPE, INVALID_FIELD and the like
 */
export function planQuery(context: BindContext): Plan {
  const query = parseQuery(context.text);
  const object = context.schema.object(query.from.name);
  if (!object?.queryable) throw unknownObject(query, context);
  return bind(query, object, context);
}
