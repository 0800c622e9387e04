/** The Idempotency-Key of ticket creation: the same key and body give the same answer for two hours. */
import { createHash } from "node:crypto";
import { idempotencyMismatch, invalidAttribute } from "./errors.ts";

export interface IdempotencyKeys {
  /**
   * Runs `make` once for a key. `lookup` says whether the answer is new, and is absent without a key.
   * @throws ZendeskRefusal 400 IdempotentRequestError when the key came with another body
   */
  once(
    key: string | undefined,
    body: unknown,
    make: () => object,
  ): { readonly answer: object; readonly lookup?: "hit" | "miss" };
}

interface Remembered {
  readonly fingerprint: string;
  readonly answer: object;
  readonly until: number;
}

const LIFETIME_MS = 2 * 3_600_000;
const LONGEST_KEY = 255;

export function createIdempotencyKeys(now: () => Date): IdempotencyKeys {
  const remembered = new Map<string, Remembered>();
  return {
    once(key, body, make) {
      if (key === undefined) return { answer: make() };
      if (key.length > LONGEST_KEY) {
        throw invalidAttribute(`Idempotency-Key: at most ${LONGEST_KEY} characters`);
      }
      const fingerprint = createHash("sha256").update(JSON.stringify(body)).digest("hex");
      const known = remembered.get(key);
      if (known && known.until > now().getTime()) {
        if (known.fingerprint !== fingerprint) throw idempotencyMismatch();
        return { answer: known.answer, lookup: "hit" };
      }
      const answer = make();
      remembered.set(key, { fingerprint, answer, until: now().getTime() + LIFETIME_MS });
      return { answer, lookup: "miss" };
    },
  };
}
