/** Recorded answers at hand outside the store, so that a repeated request does not cost it a look. */
import type { Answer, IdempotencyRecord, RecordKey } from "./record.ts";

export interface KeptAnswer {
  readonly fingerprint: string;
  readonly expiresAt: Date;
  readonly answer: Answer;
}

export interface HotAnswers {
  /** Undefined says nothing: ask the store. */
  find(key: RecordKey): Promise<IdempotencyRecord | undefined> | IdempotencyRecord | undefined;
  /**
   * Only what is recorded in the store may be kept, and only once it is: it does not change there until it expires. Does
   * not wait, and may fail unseen.
   */
  keep(key: RecordKey, kept: KeptAnswer): void;
}

/** Asks the farther one only for what the nearer one has not, which then has it too. */
export function nearestFirst(near: HotAnswers, far: HotAnswers | undefined): HotAnswers {
  if (!far) return near;
  const fetchFrom = async (key: RecordKey) => {
    const record = await far.find(key);
    if (record?.kind === "completed") near.keep(key, record);
    return record;
  };
  return {
    find: (key) => near.find(key) ?? fetchFrom(key),
    keep(key, kept) {
      near.keep(key, kept);
      far.keep(key, kept);
    },
  };
}
