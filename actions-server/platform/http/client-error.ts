/** Answers what never became a request: broken HTTP, headers too long, a client too slow. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { AppError, type ErrorCode } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Audit } from "./audit.ts";
import { toErrorReply } from "./error-reply.ts";
import type { OwedAnswers } from "./owed-answers.ts";

/** The errors of Node's parser, and our codes for them. */
const KNOWN: Readonly<Record<string, readonly [code: ErrorCode, message: string]>> = {
  HPE_HEADER_OVERFLOW: ["HEADERS_TOO_LARGE", "the headers are too long"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["PAYLOAD_TOO_LARGE", "the chunk extensions are too long"],
  ERR_HTTP_REQUEST_TIMEOUT: ["REQUEST_TIMEOUT", "the request did not arrive in time"],
};
const BROKEN = ["BAD_REQUEST", "this is not HTTP/1.1"] as const;
/** Time for the answer to arrive before the connection is cut: a slow client would keep it open. */
const LINGER_MS = 1_000;

export interface ClientErrorOptions {
  readonly audit: Audit;
  readonly log: Log;
  readonly newId: () => string;
  readonly owedAnswers: Pick<OwedAnswers, "isFree">;
}

type AnswerClientError = (error: Error & { readonly code?: string }, socket: Socket) => void;

/**
 * Writes the error body to the socket, because there is no reply object, and ends the connection. While an earlier
 * request waits for its answer, it only ends the connection: the caller would take the error for that answer.
 */
export function createAnswerClientError({
  audit,
  log,
  newId,
  owedAnswers,
}: ClientErrorOptions): AnswerClientError {
  return (error, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const [code, message] = KNOWN[error.code ?? ""] ?? BROKEN;
    audit(log, { reason: code, ip: socket.remoteAddress, detail: message });
    if (!owedAnswers.isFree(socket)) {
      socket.destroy();
      return;
    }
    const refusal = new AppError(code, message);
    const requestId = newId();
    const body = JSON.stringify(toErrorReply(refusal, requestId));
    const headers = [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
      "Connection: close",
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-ID: ${requestId}`,
    ];
    socket.end(`${headers.join("\r\n")}\r\n\r\n${body}`);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}
