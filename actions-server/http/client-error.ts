/** Answers what never became a request: broken HTTP, headers too long, a client too slow. */
import type { Socket } from "node:net";
import { AppError } from "../errors.ts";
import { toErrorReply } from "./error-reply.ts";

/** What Node's parser says, and the status line that goes with it. */
const KNOWN: Readonly<Record<string, { readonly line: string; readonly message: string }>> = {
  HPE_HEADER_OVERFLOW: {
    line: "431 Request Header Fields Too Large",
    message: "the headers are too long",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    line: "408 Request Timeout",
    message: "the request did not arrive in time",
  },
};
const BROKEN = { line: "400 Bad Request", message: "this is not HTTP/1.1" };

/** Writes the one error body by hand, because there is no reply to send it with, and closes the connection. */
export function answerClientError(
  error: Error & { readonly code?: string },
  socket: Socket,
  requestId: string,
): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { line, message } = KNOWN[error.code ?? ""] ?? BROKEN;
  const body = JSON.stringify(toErrorReply(new AppError("BAD_REQUEST", message), requestId));
  const headers = [
    `HTTP/1.1 ${line}`,
    "Connection: close",
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-ID: ${requestId}`,
  ];
  socket.end(`${headers.join("\r\n")}\r\n\r\n${body}`);
}
