/** Reads the header Idempotency-Key: opaque, one value, 1 to 255 characters. */
import type { IncomingMessage } from "node:http";
import { AppError } from "../errors.ts";

const LONGEST_KEY = 255;

/** Node joins repeated headers with a comma, which an opaque key may contain itself: hence the raw ones. */
function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? "");
  }
  return values;
}

/** Node reads header bytes as Latin-1; senders that go beyond ASCII write UTF-8. */
function lengthOf(key: string): number {
  // Most are far below the limit, however they are read.
  if (key.length <= LONGEST_KEY) return key.length;
  return Array.from(Buffer.from(key, "latin1").toString("utf8")).length;
}

/** Throws IDEMPOTENCY_KEY_MISSING or IDEMPOTENCY_KEY_INVALID. */
export function readIdempotencyKey({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): string {
  const [key, ...others] = valuesOf(rawHeaders, "idempotency-key");
  if (key === undefined) {
    throw new AppError("IDEMPOTENCY_KEY_MISSING", "the header Idempotency-Key is missing");
  }
  if (others.length > 0) {
    throw new AppError("IDEMPOTENCY_KEY_INVALID", "the header Idempotency-Key is repeated");
  }
  if (key === "") {
    throw new AppError("IDEMPOTENCY_KEY_INVALID", "the header Idempotency-Key is empty");
  }
  const length = lengthOf(key);
  if (length > LONGEST_KEY) {
    throw new AppError(
      "IDEMPOTENCY_KEY_INVALID",
      `the header Idempotency-Key has ${length} characters, more than ${LONGEST_KEY}`,
    );
  }
  return key;
}
