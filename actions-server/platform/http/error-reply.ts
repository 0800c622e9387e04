/** Turns whatever was thrown into the one error body. */
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { ErrorReply } from "#contract/actions/envelope";
import {
  isDatabaseBusy,
  isDatabaseExhausted,
  isDatabaseUnavailable,
  OUT_OF_ROOM,
} from "../db/database-errors.ts";
import { AppError, ERRORS, type ErrorCode } from "../errors.ts";
import { shorten } from "../shorten.ts";
import { describeFaults } from "../validation-message.ts";
import type { Audit, KnownCallers } from "./audit.ts";

/** Seconds that a caller is asked to wait when the error does not say. */
const DEFAULT_RETRY_AFTER = 2;

/** Fastify's messages may quote the whole path or media type. */
const SHOWN_MESSAGE = 200;

function isFrameworkError(thrown: unknown): thrown is FastifyError {
  if (!(thrown instanceof Error) || !("code" in thrown)) return false;
  return typeof thrown.code === "string" && thrown.code.startsWith("FST_");
}

/** What the checked value is called in messages. */
function rootOf({ validationContext = "body" }: FastifyError): string {
  return { params: "path", querystring: "query" }[validationContext as string] ?? "body";
}

/** Our code for a status of Fastify. */
function codeOfStatus(status: number): ErrorCode {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  return codes.find((code) => ERRORS[code].status === status) ?? "BAD_REQUEST";
}

/** Undefined: the request is not at fault. */
function toFrameworkRefusal(error: FastifyError): AppError | undefined {
  const { statusCode: status = 500, validation } = error;
  if (validation) return new AppError("BAD_REQUEST", describeFaults(validation, rootOf(error)));
  if (status < 400 || status >= 500) return undefined;
  const code = codeOfStatus(status);
  return new AppError(code, shorten(error.message, SHOWN_MESSAGE), { cause: error });
}

/** The error that the caller gets; also for thrown values that are not an Error. */
export function toRefusal(thrown: unknown, request: FastifyRequest): AppError {
  return isBrokenOff(thrown, request)
    ? new AppError("BAD_REQUEST", "the connection ended before the body did")
    : toAppError(thrown);
}

/** The same, without looking at the request. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const refusal = isFrameworkError(thrown) ? toFrameworkRefusal(thrown) : undefined;
  if (refusal) return refusal;
  if (isDatabaseExhausted(thrown)) {
    return new AppError("NOT_READY", OUT_OF_ROOM, { cause: thrown });
  }
  if (isDatabaseUnavailable(thrown)) {
    return new AppError("NOT_READY", "the database is away", { cause: thrown });
  }
  if (isDatabaseBusy(thrown)) {
    return new AppError("NOT_READY", "another transaction is in the way", { cause: thrown });
  }
  return new AppError("INTERNAL", "an unexpected fault", { cause: thrown });
}

export function toErrorReply(error: AppError, requestId: string): ErrorReply {
  const { code, message, hint, retryable, details } = error;
  return {
    error: {
      code,
      message,
      hint,
      retryable,
      request_id: requestId,
      ...(details !== undefined && { details }),
    },
  };
}

/** A small body may have hundreds of faults; the first ones say enough. */
const LOGGED_FAULTS = 5;

/** What the log may hold: a body's own words, such as the name of an unknown member, stay out. */
function toDetail(thrown: unknown, error: AppError): string {
  if (!isFrameworkError(thrown) || !thrown.validation) return error.message;
  return thrown.validation
    .slice(0, LOGGED_FAULTS)
    .map(({ instancePath, keyword }) => `${rootOf(thrown)}${instancePath} fails ${keyword}`)
    .join("; ");
}

/** A client that disconnects while it sends its body: neither a fault of ours nor of the database. */
function isBrokenOff(thrown: unknown, { raw }: FastifyRequest): boolean {
  return (
    !raw.complete && thrown instanceof Error && "code" in thrown && thrown.code === "ECONNRESET"
  );
}

export interface SendErrorOptions {
  readonly audit: Audit;
  readonly callers: KnownCallers;
}

type SendError = (
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<FastifyReply>;

/** Sends the error, and logs it when an operator should know. */
export function createSendError({ audit, callers }: SendErrorOptions): SendError {
  return async (thrown, request, reply) => {
    const error = toRefusal(thrown, request);
    if (error.status >= 500) {
      const level = error.code === "INTERNAL" ? "error" : "warn";
      request.log[level]({ err: error.cause ?? error, code: error.code }, error.message);
    } else {
      const detail = toDetail(thrown, error);
      const caller = callers.get(request);
      audit(request.log, { reason: error.code, caller, ip: request.ip, detail });
    }
    if (error.status === 503 || error.status === 429) {
      reply.header("retry-after", String(error.retryAfterSeconds ?? DEFAULT_RETRY_AFTER));
    }
    // Set already, unless the request never got as far as a hook.
    reply.header("x-request-id", request.id);
    if (error.code === "UNAUTHORIZED") {
      reply.header("www-authenticate", 'Bearer, Basic realm="CaseQA"');
    }
    return reply
      .code(error.status)
      .type("application/json; charset=utf-8")
      .send(JSON.stringify(toErrorReply(error, request.id)));
  };
}
