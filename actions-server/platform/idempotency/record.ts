/** What is kept under an idempotency key, and how it is read back with distrust. */

/** What makes a key unique: two accounts, or two operations, may use the same key. */
export interface RecordKey {
  readonly account: string;
  readonly operation: string;
  /** The caller's own, opaque. */
  readonly key: string;
}

export interface Answer {
  readonly status: number;
  /** JSON text, sent again byte for byte. */
  readonly body: string;
}

export function toAnswer(answer: unknown): Answer {
  return { status: 200, body: JSON.stringify(answer) };
}

/** One text for each key, for maps. */
export function toKeyText({ account, operation, key }: RecordKey): string {
  return JSON.stringify([account, operation, key]);
}

/** `fence` distinguishes this claim of the key from every earlier and later one. */
interface Claim {
  readonly fence: string;
  readonly fingerprint: string;
  readonly leaseUntil: Date;
  readonly expiresAt: Date;
}

export type IdempotencyRecord =
  | (Claim & { readonly kind: "claimed" })
  | (Claim & { readonly kind: "completed"; readonly answer: Answer })
  /** Unreadable: counts as absent, but its place has to be taken, not filled. */
  | { readonly kind: "corrupt"; readonly fence: string };

/** A record's members as a store holds them. */
export interface StoredRecord {
  readonly fence: string;
  readonly fingerprint: string;
  readonly state: string;
  readonly leaseUntil: Date;
  readonly expiresAt: Date;
  readonly status: number | null;
  readonly body: string | null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Never throws: what does not make sense is `corrupt`. */
export function parseRecord(stored: StoredRecord): IdempotencyRecord {
  const { fence, fingerprint, state, leaseUntil, expiresAt, status, body } = stored;
  const claim: Claim = { fence, fingerprint, leaseUntil, expiresAt };
  if (fingerprint === "") return { kind: "corrupt", fence };
  if (state === "claimed") return { kind: "claimed", ...claim };
  if (state !== "completed" || status === null || body === null) return { kind: "corrupt", fence };
  if (status < 200 || status > 299 || !isJson(body)) return { kind: "corrupt", fence };
  return { kind: "completed", ...claim, answer: { status, body } };
}
