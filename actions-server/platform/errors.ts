/** Every way in which the server refuses or fails: one class, one table. The table in docs/api.md is tested against it. */
import { shorten } from "./shorten.ts";

interface ErrorKind {
  readonly status: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly hint: string;
}

export const ERRORS = {
  BAD_REQUEST: {
    status: 400,
    retryable: false,
    hint: "The message names the member that is wrong; compare the body with /openapi.json.",
  },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    retryable: false,
    hint: "Send the header Idempotency-Key on every action that changes something.",
  },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    retryable: false,
    hint: "Idempotency-Key is one value of 1 to 255 characters.",
  },
  UNAUTHORIZED: {
    status: 401,
    retryable: false,
    hint: "Send a credential that the server knows: Authorization: Bearer or Basic, or the API key's header.",
  },
  WEBHOOK_UNTRUSTED: {
    status: 401,
    retryable: false,
    hint: "Compare the webhook's signing secret in Zendesk with ours, and both clocks: a signature counts for five minutes.",
  },
  SESSION_UNTRUSTED: {
    status: 401,
    retryable: false,
    hint: "Reload Zendesk in the browser; if it stays so, register the installation again on the app's page Install and compare the server's clock.",
  },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    hint: "This needs a higher role in Zendesk: roles come from there, so ask an administrator of the account. A server token needs the scope that the message names: SERVER_TOKENS gives it.",
  },
  WEBHOOK_REPLAYED: {
    status: 403,
    retryable: false,
    hint: "This delivery was taken already; nothing is to be done.",
  },
  NOT_FOUND: {
    status: 404,
    retryable: false,
    hint: "No such route, or no such record; /openapi.json lists the routes.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retryable: false,
    hint: "The header Allow names the methods of this path.",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    retryable: true,
    hint: "The request did not arrive in time: headers have 10 seconds, a whole request 30.",
  },
  INSTALLATION_TAKEN: {
    status: 409,
    retryable: false,
    hint: "Another account of SERVER_TOKENS has registered this installation: use that account's token.",
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    retryable: false,
    hint: "Each route takes as much as its contract needs; /openapi.json names it as x-body-bytes.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retryable: false,
    hint: "Send Content-Type: application/json.",
  },
  EXPECTATION_FAILED: {
    status: 417,
    retryable: false,
    hint: "Send the request without the header Expect, or with Expect: 100-continue.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    retryable: false,
    hint: "This key was used for another request; use a new key, or send the first body again.",
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    retryable: true,
    hint: "More requests in a minute than RATE_LIMIT_PER_MINUTE; send it again after Retry-After.",
  },
  HEADERS_TOO_LARGE: { status: 431, retryable: false, hint: "Headers may hold 16 KB in all." },
  INTERNAL: {
    status: 500,
    retryable: true,
    hint: "A fault of ours; the log has it under the request id.",
  },
  ZENDESK_REFUSED: {
    status: 502,
    retryable: false,
    hint: "Zendesk refused our credential or request; check ZENDESK_* and the scopes of the client.",
  },
  SALESFORCE_REFUSED: {
    status: 502,
    retryable: false,
    hint: "Salesforce refused our credential or query; check SALESFORCE_* and the integration user's permissions.",
  },
  WEBHOOK_NOT_CONFIGURED: {
    status: 501,
    retryable: false,
    hint: "The server cannot start flows in Zendesk: run caseqa install --only webhooks, or press Run at “Inbound webhooks” on the app's page Install.",
  },
  SEALING_NOT_CONFIGURED: {
    status: 501,
    retryable: false,
    hint: "The server keeps credentials sealed only: set TOKEN_KEYS and start it again.",
  },
  NOT_READY: {
    status: 503,
    retryable: true,
    hint: "The server is starting or stopping, or its database is away, too slow or out of disk space: open its /health/ready, fix what it names, then try again.",
  },
  REQUEST_IN_PROGRESS: {
    status: 503,
    retryable: true,
    hint: "The first request under this key still runs; send it again after Retry-After.",
  },
  ZENDESK_UNAVAILABLE: {
    status: 503,
    retryable: true,
    hint: "Zendesk was busy, slow or down for longer than the action's budget.",
  },
  SALESFORCE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    hint: "Salesforce was busy, slow or down for longer than the action's budget.",
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Seconds for the Retry-After header; the edge sends a default with every 503 and 429. */
  readonly retryAfterSeconds?: number;
  readonly details?: unknown;
}

/** A message may quote what a caller or a remote system sent, and goes into answers and logs. */
const LONGEST_MESSAGE = 1_000;

/** The only error class that the server throws on purpose. A message beyond 1,000 characters is cut. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(shorten(message, LONGEST_MESSAGE), { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get hint(): string {
    return ERRORS[this.code].hint;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}
