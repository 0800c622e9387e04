/** Whether an answer is compressed: gzip when the client takes it and the text is worth it. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

const compress = promisify(gzip);
/** Shorter texts go out as they are. */
const WORTH_BYTES = 1_024;

/** An `onSend` hook. */
export async function gzipAnswers(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const takesGzip = /\bgzip\b/.test(request.headers["accept-encoding"]?.toString() ?? "");
  if (!takesGzip || typeof payload !== "string" || payload.length < WORTH_BYTES) return payload;
  reply.header("content-encoding", "gzip").removeHeader("content-length");
  return compress(payload);
}
