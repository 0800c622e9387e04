/** What a refusal of Zendesk says, and which error of ours it becomes. */
import { AppError } from "../errors.ts";
import { retryAfterSeconds } from "../outbound/retry.ts";
import { describeFailure, type OutboundFailure, type OutboundReply } from "../outbound/send.ts";

const LONGEST_MESSAGE = 200;

interface ZendeskRefusal {
  /** A stable word such as `RecordNotFound`, when the body has one. */
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
    return refusal(error, body["description"] ?? body["error_description"]);
  }
  return refusal(body["title"], body["detail"]);
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

/** Statuses after which the same request may succeed: the rate limit, and faults of Zendesk or its edge. */
export function isTransientStatus(status: number): boolean {
  return status === 429 || status >= 500;
}

/** Also those that are answered in another way first where they can mean more: a conflict, a request that came too slowly. */
function isPassing(status: number): boolean {
  return isTransientStatus(status) || status === 408 || status === 409;
}

/** A record that does not exist; a 404 for another reason (no such endpoint, no such account) is a refusal. */
export function isRecordNotFound(reply: OutboundReply): boolean {
  return reply.status === 404 && readRefusal(reply.text).code === "RecordNotFound";
}

/** A write to a closed ticket, which is final (observed by a third party: "closed prevents ticket update"). */
export function isTicketClosed(reply: OutboundReply): boolean {
  if (reply.status !== 422) return false;
  const details = toObject(parseObject(reply.text)?.["details"]);
  const faults = details?.["status"];
  return (
    Array.isArray(faults) &&
    faults.some((fault) => /\bclosed\b/i.test(String(toObject(fault)?.["description"])))
  );
}

/**
 * A safe update of a ticket that has changed since, or a write that met another one: nothing was done (Zendesk API
 * reference, "Tickets", safe updates).
 */
export function isUpdateConflict(reply: OutboundReply): boolean {
  return reply.status === 409;
}

/** The error for a reply that is no success. `where` names the call, such as `GET /api/v2/tickets/1.json`. */
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

/** The error for a call that got no answer. An answer that is too large stays so, hence a refusal. */
export function failureError(failure: OutboundFailure, where: string): AppError {
  const code = failure.reason === "too_large" ? "ZENDESK_REFUSED" : "ZENDESK_UNAVAILABLE";
  return new AppError(code, `Zendesk ${describeFailure(failure)}: ${where}`, {
    cause: failure.cause,
    ...(failure.retryAfterSeconds !== undefined && {
      retryAfterSeconds: failure.retryAfterSeconds,
    }),
  });
}
