/** Whether a webhook is from Zendesk and recent. Pure. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { readInstant } from "#contract/instant";
import type { Secret } from "#platform/secret";

/** How far a signature's time may differ from ours, either way. Zendesk documents no limit; this one is customary. */
const WINDOW_MS = 300_000;

const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/;
const INVOCATION = /^[\x21-\x7e]{1,200}$/;

export type Signed =
  | {
      readonly ok: true;
      /** In canonical form, because the last character of base64 has unused bits. */
      readonly signature: string;
      readonly invocation: string;
    }
  /** `problem` contains nothing of what was sent. */
  | { readonly ok: false; readonly problem: string };

export interface SignatureQuestion {
  readonly headers: IncomingHttpHeaders;
  /** As it arrived; empty when there is none. */
  readonly body: Buffer;
  /** The webhook's signing secret; while it is being changed, the old and the new one. */
  readonly secrets: readonly Secret[];
  readonly now: Date;
}

function refuse(problem: string): Signed {
  return { ok: false, problem };
}

/** A header that is sent twice arrives joined by a comma, and is then malformed. */
function readHeader(headers: IncomingHttpHeaders, name: string, form: RegExp): string | undefined {
  const value = headers[name];
  return typeof value === "string" && form.test(value) ? value : undefined;
}

/** Every secret is tried, so that the time taken does not reveal which one fits. */
function isSignedBy(secrets: readonly Secret[], signed: Buffer, signature: Buffer): boolean {
  const fits = secrets.filter((secret) => {
    const expected = createHmac("sha256", secret.reveal()).update(signed).digest();
    return timingSafeEqual(expected, signature);
  });
  return fits.length > 0;
}

/**
 * The signature is base64(HMAC-SHA256(secret, timestamp + body)); no other header is signed (Zendesk, "Verifying
 * webhook authenticity").
 */
export function checkSignature({ headers, body, secrets, now }: SignatureQuestion): Signed {
  const signature = readHeader(headers, "x-zendesk-webhook-signature", SIGNATURE);
  if (signature === undefined) {
    return refuse("X-Zendesk-Webhook-Signature is missing or has a wrong form");
  }
  const timestamp = headers["x-zendesk-webhook-signature-timestamp"];
  const signedAt = typeof timestamp === "string" ? readInstant(timestamp) : undefined;
  if (typeof timestamp !== "string" || !signedAt) {
    return refuse("X-Zendesk-Webhook-Signature-Timestamp is missing or not a time");
  }
  const invocation = readHeader(headers, "x-zendesk-webhook-invocation-id", INVOCATION);
  if (invocation === undefined) {
    return refuse("X-Zendesk-Webhook-Invocation-Id is missing or has a wrong form");
  }
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  const bytes = Buffer.from(signature, "base64");
  if (!isSignedBy(secrets, signed, bytes)) {
    return refuse("the signature does not fit the body");
  }
  // Checked after the signature, so that a stranger cannot find out our clock.
  if (Math.abs(now.getTime() - signedAt.getTime()) > WINDOW_MS) {
    return refuse("the signature is older or newer than five minutes");
  }
  return { ok: true, signature: bytes.toString("base64"), invocation };
}
