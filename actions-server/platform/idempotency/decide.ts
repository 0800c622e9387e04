/** What to do with a request, given what is recorded under its key. Pure. */
import type { Answer, IdempotencyRecord } from "./record.ts";

export type Decision =
  /** Nobody has the key: claim it and do the work. */
  | { readonly kind: "run" }
  /** A record is in the way that no longer counts: claim in its place, if it is still as seen. */
  | { readonly kind: "take-over"; readonly seen: IdempotencyRecord }
  /** The work was done: send the recorded answer. */
  | { readonly kind: "replay"; readonly answer: Answer }
  /** Another holder is at work. */
  | { readonly kind: "wait" }
  /** The key belongs to another request. */
  | { readonly kind: "mismatch" };

/**
 * An abandoned claim (lease over) is taken over by the same request only; another request keeps being refused until
 * the record expires, because the first may still be redelivered.
 */
export function decide(
  record: IdempotencyRecord | undefined,
  fingerprint: string,
  now: Date,
): Decision {
  if (record === undefined) return { kind: "run" };
  if (record.kind === "corrupt") return { kind: "take-over", seen: record };
  const held = record.kind === "claimed" && record.leaseUntil > now;
  if (!held && record.expiresAt <= now) return { kind: "take-over", seen: record };
  if (record.fingerprint !== fingerprint) return { kind: "mismatch" };
  if (record.kind === "completed") return { kind: "replay", answer: record.answer };
  return held ? { kind: "wait" } : { kind: "take-over", seen: record };
}
