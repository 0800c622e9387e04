/** Turns a refusal by Zendesk into one of our errors. */
import { AppError } from "#platform/errors";
import { retryAfterSeconds } from "#platform/outbound/retry";
import { describeFailure, type OutboundFailure, type OutboundReply } from "#platform/outbound/send";

const LONGEST_MESSAGE = 400;

interface ZendeskRefusal {
  /** A stable name such as `RecordNotFound`, if the body has one. */
  readonly code: string | undefined;
  /** For people. Absent when the body is empty or a page of HTML. */
  readonly message: string | undefined;
}

/**
 * Reads the error bodies in use: `error` as text with `description` or `error_description`, `error` as an object,
 * the `errors` list of newer endpoints, the edge's `title` and `detail`, and plain text (Zendesk API reference,
 * "Requests"; the edge's form was observed by third parties).
 */
export function readRefusal(text: string): ZendeskRefusal {
  const body = parseObject(text);
  if (!body) return { code: undefined, message: plainText(text) };
  const { error, errors } = body;
  if (Array.isArray(errors)) {
    const first = toObject(errors[0]);
    return refusal(first?.["code"], first?.["detail"] ?? first?.["title"]);
  }
  const nested = toObject(error);
  if (nested) return refusal(nested["title"], nested["message"]);
  if (error !== undefined) {
    const said = body["description"] ?? body["error_description"];
    const reasons = readDetails(body);
    return refusal(error, reasons.length === 0 ? said : [said, ...reasons].join(": "));
  }
  return refusal(body["title"], body["detail"]);
}

/** Why a record was refused, under any key: `details: {"<field or base>": [{"description", "error"}]}`. */
function readDetails(body: Record<string, unknown>): string[] {
  return Object.values(toObject(body["details"]) ?? {})
    .flat()
    .map((fault) => toObject(fault)?.["description"] ?? fault)
    .filter((description) => typeof description === "string");
}

function refusal(code: unknown, message: unknown): ZendeskRefusal {
  return {
    code: typeof code === "string" ? code : undefined,
    message: typeof message === "string" ? plainText(message) : undefined,
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return toObject(JSON.parse(text));
  } catch {
    // Not JSON: Zendesk also answers plain text.
    return undefined;
  }
}

function toObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function plainText(text: string): string | undefined {
  const line = text.trim().replace(/\s+/g, " ");
  return line === "" || line.startsWith("<") ? undefined : line.slice(0, LONGEST_MESSAGE);
}

/**
 * Statuses after which the same request may succeed: the rate limit, faults of Zendesk or its edge, and a write that collided
 * with another one (`DatabaseConflict`, seen in the field).
 */
export function isTransientStatus(status: number): boolean {
  return status === 409 || status === 429 || status >= 500;
}

/** Also after a request that arrived too slowly, which is not worth repeating at once. */
function isPassing(status: number): boolean {
  return isTransientStatus(status) || status === 408;
}

/** A record that does not exist. A 404 for another reason (unknown endpoint or account) is a refusal. */
export function isRecordNotFound(reply: OutboundReply): boolean {
  return reply.status === 404 && readRefusal(reply.text).code === "RecordNotFound";
}

/** Why a write was refused, where repeating it does not help, or only after another look at the ticket. */
export type RefusedWrite =
  | "not_found"
  /** The ticket is closed and can no longer be changed. */
  | "closed"
  /** The ticket's requester is suspended, so the ticket cannot be changed. */
  | "requester_suspended"
  /** The ticket has the maximum number of comments; tags can still be added. */
  | "too_many_comments"
  /** A safe update for a state that the ticket no longer has, or a write that collided with another; nothing was done. */
  | "conflict";

/** The texts were observed by third parties; they come under different keys, so all keys are read. */
const FINAL_REFUSALS: readonly (readonly [RegExp, RefusedWrite])[] = [
  [/\bclosed\b/i, "closed"],
  [/\bsuspended\b/i, "requester_suspended"],
  [
    /\b(5,?000|limit|at most|maximum|too many)\b.*\bcomments?\b|\bcomments?\b.*\b(5,?000|limit|maximum)\b/i,
    "too_many_comments",
  ],
];

/** Undefined: a success, or a refusal that counts as an error. */
export function refusedWrite(reply: OutboundReply): RefusedWrite | undefined {
  if (isRecordNotFound(reply)) return "not_found";
  if (reply.status === 409) return "conflict";
  if (reply.status !== 422) return undefined;
  const reasons = readDetails(parseObject(reply.text) ?? {});
  return FINAL_REFUSALS.find(([form]) => reasons.some((reason) => form.test(reason)))?.[1];
}

/** The error for a reply that is not a success. `where` names the call, such as `GET /api/v2/tickets/1.json`. */
export function replyError(reply: OutboundReply, where: string): AppError {
  const { code, message } = readRefusal(reply.text);
  const said = [code, message].filter((part) => part !== undefined).join(": ");
  const text = `Zendesk answered ${where} with ${reply.status}${said === "" ? "" : ` (${said})`}`;
  if (!isPassing(reply.status)) return new AppError("ZENDESK_REFUSED", text);
  const seconds = retryAfterSeconds(reply);
  return new AppError(
    "ZENDESK_UNAVAILABLE",
    text,
    seconds === undefined ? {} : { retryAfterSeconds: Math.max(1, Math.ceil(seconds)) },
  );
}

/** The error for a call without an answer. An answer that is too large will stay too large, so it counts as a refusal. */
export function failureError(failure: OutboundFailure, where: string): AppError {
  const code = failure.reason === "too_large" ? "ZENDESK_REFUSED" : "ZENDESK_UNAVAILABLE";
  return new AppError(code, `Zendesk ${describeFailure(failure)}: ${where}`, {
    cause: failure.cause,
    ...(failure.retryAfterSeconds !== undefined && {
      retryAfterSeconds: failure.retryAfterSeconds,
    }),
  });
}
