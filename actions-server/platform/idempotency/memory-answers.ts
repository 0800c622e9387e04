/** The latest recorded answers in the memory of this process. */
import type { HotAnswers, KeptAnswer } from "./hot-answers.ts";
import { toKeyText, type IdempotencyRecord } from "./record.ts";

/** UTF-16 units of keys and answers, of one or two bytes each. */
const MOST_UNITS = 16_000_000;
/** What an entry costs besides its texts, about. */
const ENTRY_UNITS = 300;
/** A longer answer is not worth the room of hundreds. */
const LONGEST_ANSWER_UNITS = 100_000;

function toRecord({ fingerprint, expiresAt, answer }: KeptAnswer): IdempotencyRecord {
  return { kind: "completed", fence: "0", fingerprint, leaseUntil: expiresAt, expiresAt, answer };
}

/** Forgets first what was not asked for longest. Expired answers are not looked for: `decide` passes over them. */
export function createMemoryAnswers(mostUnits = MOST_UNITS): HotAnswers {
  const entries = new Map<string, { readonly record: IdempotencyRecord; readonly units: number }>();
  let units = 0;

  function forget(text: string): void {
    units -= entries.get(text)?.units ?? 0;
    entries.delete(text);
  }

  return {
    find(key) {
      const text = toKeyText(key);
      const entry = entries.get(text);
      if (!entry) return undefined;
      // A map goes through its entries in the order in which they were set: this one is the youngest now.
      entries.delete(text);
      entries.set(text, entry);
      return entry.record;
    },
    keep(key, kept) {
      const { body } = kept.answer;
      if (body.length > LONGEST_ANSWER_UNITS) return;
      const text = toKeyText(key);
      forget(text);
      const its = text.length + body.length + ENTRY_UNITS;
      entries.set(text, { record: toRecord(kept), units: its });
      units += its;
      for (const oldest of entries.keys()) {
        if (units <= mostUnits) break;
        forget(oldest);
      }
    },
  };
}
