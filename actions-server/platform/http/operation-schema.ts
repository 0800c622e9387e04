/** What Fastify checks of an operation and /openapi.json says of it. */
import type { FastifySchema } from "fastify";
import { Type } from "typebox";
import type { OPERATIONS, OperationName } from "#contract/actions/operations";
import type { ErrorCode } from "../errors.ts";
import { failureSchemas, QUOTA_HEADERS } from "./failure-schemas.ts";

export type Operation = (typeof OPERATIONS)[OperationName];

/** OpenAPI's extension members; @fastify/swagger copies these. */
export type OpenApiExtensions = Readonly<Record<`x-${string}`, unknown>>;

const REPLAYED = {
  description: "Present when the answer is that of an earlier request under the same key.",
  type: "string",
  const: "true",
};

/** What no action answers: it is of webhooks of Zendesk, or of the administrators' routes. */
const OF_OTHERS: ReadonlySet<ErrorCode> = new Set([
  "WEBHOOK_UNTRUSTED",
  "SESSION_UNTRUSTED",
  "SEALING_NOT_CONFIGURED",
]);

const IdempotencyKey = Type.Object({
  "idempotency-key": Type.String({
    minLength: 1,
    maxLength: 255,
    description:
      "Opaque; the same for every delivery of one event and action, and never used for another.",
    examples: ["zen:ticket:123:01K7HZ3Q8V:1"],
  }),
});

export function toSchema(
  name: OperationName,
  operation: Operation,
): FastifySchema & OpenApiExtensions {
  const isWrite = operation.effect === "write";
  const headers = { ...QUOTA_HEADERS, ...(isWrite && { "Idempotency-Replayed": REPLAYED }) };
  return {
    operationId: name,
    summary: operation.summary,
    description: operation.description,
    body: operation.request,
    response: {
      200: { description: "Done, or what was found.", ...operation.reply, headers },
      ...failureSchemas(isWrite ? [422, 501, 502] : [501, 502], OF_OTHERS),
    },
    ...(isWrite && {
      headers: IdempotencyKey,
      "x-ttl-seconds": operation.ttlSeconds,
      "x-identity": operation.identity,
    }),
    "x-budget-ms": operation.budgetMs,
    "x-body-bytes": operation.bodyBytes,
    "x-effect": operation.effect,
  };
}
