/** What /openapi.json says of refusals: their statuses, codes and headers. */
import { ERRORS, type ErrorCode } from "../errors.ts";

const SUMMARIES: Readonly<Record<number, string>> = {
  400: "The body, a parameter or a header is wrong.",
  401: "The credential is missing or unknown.",
  403: "The caller's role does not allow it.",
  404: "There is no such record.",
  408: "The request did not arrive in time.",
  409: "Another account has it.",
  413: "The body is longer than x-body-bytes.",
  415: "The body is not JSON.",
  417: "The header Expect asks for what is not supported.",
  422: "The Idempotency-Key was used for another request.",
  429: "Too many requests in this minute.",
  431: "The headers are too long.",
  500: "A fault of the server.",
  501: "The server was started without what this needs.",
  502: "A remote system refused.",
  503: "Try again after Retry-After.",
};

const Header = (description: string, schema: object) => ({ description, ...schema });
const Count = (description: string) => Header(description, { type: "integer", minimum: 0 });

const REQUEST_ID = Header(
  "Stands in the log with all that was done; the caller's own, if it sent one.",
  { type: "string" },
);
export const QUOTA_HEADERS = {
  "X-Request-ID": REQUEST_ID,
  "RateLimit-Limit": Count("Requests that the account may make in a minute."),
  "RateLimit-Remaining": Count("Requests that are left in this minute."),
  "RateLimit-Reset": Count("Seconds until the minute ends."),
};
const RETRY_AFTER = Header("Seconds after which to send the same request again.", {
  type: "integer",
  minimum: 1,
});
/** Answered before the caller is identified. */
const UNSEEN = new Set([408, 431]);

function headersOf(status: number): object {
  const quota = UNSEEN.has(status) ? { "X-Request-ID": REQUEST_ID } : QUOTA_HEADERS;
  return status === 429 || status === 503 ? { ...quota, "Retry-After": RETRY_AFTER } : quota;
}

/** What any route may refuse. */
const COMMON = [400, 401, 408, 413, 415, 417, 429, 431, 500, 503];

/** Fastify's response schemas of the common refusals and of these, without the codes of other routes. */
export function failureSchemas(
  statuses: readonly number[],
  codesOfOthers: ReadonlySet<ErrorCode>,
): Record<string, object> {
  const codes = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => !codesOfOthers.has(code));
  return Object.fromEntries(
    [...COMMON, ...statuses].map((status) => {
      const own = codes.filter((code) => ERRORS[code].status === status).join(", ");
      const description = `${SUMMARIES[status]} Codes: ${own}.`;
      return [status, { description, headers: headersOf(status), $ref: "ErrorReply#" }];
    }),
  );
}
