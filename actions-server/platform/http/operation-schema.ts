/** What Fastify checks of an operation and /openapi.json tells of it. */
import type { FastifySchema } from "fastify";
import { Type } from "typebox";
import type { OPERATIONS, OperationName } from "#contract/actions/operations";
import { ERRORS, type ErrorCode } from "../errors.ts";

export type Operation = (typeof OPERATIONS)[OperationName];

/** OpenAPI's own place for what it has no word for; @fastify/swagger copies these. */
type OpenApiExtensions = Readonly<Record<`x-${string}`, unknown>>;

const SUMMARIES: Readonly<Record<number, string>> = {
  400: "The body or a header is wrong.",
  401: "The credential is missing or unknown.",
  408: "The request did not arrive in time.",
  413: "The body is longer than x-body-bytes.",
  415: "The body is not JSON.",
  417: "The header Expect asks for what is not supported.",
  422: "The Idempotency-Key was used for another request.",
  429: "Too many requests in this minute.",
  431: "The headers are too long.",
  500: "A fault of the server.",
  501: "The server was started without what this action needs.",
  502: "A remote system refused.",
  503: "Try again after Retry-After.",
};

const Header = (description: string, schema: object) => ({ description, ...schema });
const Count = (description: string) => Header(description, { type: "integer", minimum: 0 });

const REQUEST_ID = Header(
  "Stands in the log with all that was done; the caller's own, if it sent one.",
  {
    type: "string",
  },
);
const QUOTA_HEADERS = {
  "X-Request-ID": REQUEST_ID,
  "RateLimit-Limit": Count("Requests that the account may make in a minute."),
  "RateLimit-Remaining": Count("Requests that are left in this minute."),
  "RateLimit-Reset": Count("Seconds until the minute ends."),
};
const REPLAYED = Header(
  "Present when the answer is that of an earlier request under the same key.",
  {
    type: "string",
    const: "true",
  },
);
const RETRY_AFTER = Header("Seconds after which to send the same request again.", {
  type: "integer",
  minimum: 1,
});
/** What is answered before anybody looks who calls. */
const UNSEEN = new Set([408, 431]);

function headersOf(status: number): object {
  const quota = UNSEEN.has(status) ? { "X-Request-ID": REQUEST_ID } : QUOTA_HEADERS;
  return status === 429 || status === 503 ? { ...quota, "Retry-After": RETRY_AFTER } : quota;
}

/** What no action answers: it is of webhooks of Zendesk, or of the administrators' side. */
const OF_OTHERS: ReadonlySet<string> = new Set<ErrorCode>([
  "WEBHOOK_UNTRUSTED",
  "SESSION_UNTRUSTED",
  "SEALING_NOT_CONFIGURED",
]);

/** The codes of the error table that an action may answer with this status. */
function codesOf(status: number): string {
  return Object.entries(ERRORS)
    .filter(([code, error]) => error.status === status && !OF_OTHERS.has(code))
    .map(([code]) => code)
    .join(", ");
}

function failuresOf({ effect }: Operation): Record<string, object> {
  const failures = Object.entries(SUMMARIES).filter(
    ([status]) => effect === "write" || status !== "422",
  );
  return Object.fromEntries(
    failures.map(([status, summary]) => {
      const description = `${summary} Codes: ${codesOf(Number(status))}.`;
      return [status, { description, headers: headersOf(Number(status)), $ref: "ErrorReply#" }];
    }),
  );
}

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
      ...failuresOf(operation),
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
