/** Where idempotency records live. Every step is atomic, and succeeds only while the record is as the caller saw it. */
import type { Answer, IdempotencyRecord, RecordKey } from "./record.ts";
import type { BatchEffect } from "./work.ts";

/** The right to do the work of a key, until it is lost to a later claim. */
export interface Lease {
  readonly key: RecordKey;
  readonly fence: string;
}

export interface ClaimTerms {
  readonly fingerprint: string;
  readonly leaseUntil: Date;
  readonly expiresAt: Date;
}

export interface UnclaimedTerms {
  readonly fingerprint: string;
  readonly expiresAt: Date;
  /** Most likely what the effect answers, so that the record is written once. */
  readonly expected: Answer;
}

interface Completion {
  readonly expiresAt: Date;
  readonly effect: BatchEffect;
}

export interface IdempotencyStore {
  /** Claims a key that has no record, or, given `seen`, one whose record is still exactly that. Undefined: it is not so. */
  claim(key: RecordKey, terms: ClaimTerms, seen?: IdempotencyRecord): Promise<Lease | undefined>;
  read(key: RecordKey): Promise<IdempotencyRecord | undefined>;
  /** Moves the end of the lease. False: the lease is lost. */
  renew(lease: Lease, leaseUntil: Date): Promise<boolean>;
  /** Record and effect together, or neither. Undefined: the lease is lost, and the effect did nothing that stays. */
  complete(lease: Lease, completion: Completion): Promise<Answer | undefined>;
  /**
   * Claim and completion in one step, for work that asks nobody before its effects: record and effect together, or
   * neither. Undefined: the key has a record, and the effect did nothing that stays. Waits for a transaction that is
   * about to record the key.
   */
  completeUnclaimed(
    key: RecordKey,
    terms: UnclaimedTerms,
    effect: BatchEffect,
  ): Promise<Answer | undefined>;
  /** Forgets the claim, as if it had never been made. Does nothing when the lease is lost. */
  release(lease: Lease): Promise<void>;
  /** Removes records that expired before `now` and that nobody holds. Returns how many. */
  purge(now: Date): Promise<number>;
}
