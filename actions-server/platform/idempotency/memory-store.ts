/** Idempotency records in memory: the twin of the Postgres store, for tests of what stands on the port. */
import type { Transaction } from "kysely";
import type { Database } from "../db/schema.ts";
import {
  parseRecord,
  toAnswer,
  toKeyText,
  type Answer,
  type IdempotencyRecord,
  type StoredRecord,
} from "./record.ts";
import type { IdempotencyStore, Lease } from "./store.ts";
import type { BatchEffect } from "./work.ts";

function isAsSeen(stored: StoredRecord, seen: IdempotencyRecord): boolean {
  if (stored.fence !== seen.fence) return false;
  if (seen.kind === "corrupt") return true;
  return stored.state === seen.kind && stored.leaseUntil.getTime() === seen.leaseUntil.getTime();
}

/**
 * `transaction` is handed to the effects of `complete`; without a database a test gives whatever its effects need.
 * `records` is the store's content, so that a test can look at it or spoil it.
 */
export function createMemoryStore(
  transaction: Transaction<Database>,
  records: Map<string, StoredRecord> = new Map(),
): IdempotencyStore {
  let lastFence = 0;

  async function settle({ all, item }: BatchEffect): Promise<Answer> {
    const [answer] = await all(transaction, [item]);
    return toAnswer(answer);
  }

  function findHeld({ key, fence }: Lease): StoredRecord | undefined {
    const stored = records.get(toKeyText(key));
    return stored?.fence === fence && stored.state === "claimed" ? stored : undefined;
  }

  return {
    async claim(key, terms, seen) {
      const stored = records.get(toKeyText(key));
      const free = seen ? stored !== undefined && isAsSeen(stored, seen) : stored === undefined;
      if (!free) return undefined;
      lastFence += 1;
      const fence = String(lastFence);
      records.set(toKeyText(key), { ...terms, fence, state: "claimed", status: null, body: null });
      return { key, fence };
    },
    async read(key) {
      const stored = records.get(toKeyText(key));
      return stored && parseRecord(stored);
    },
    async renew(lease, leaseUntil) {
      const held = findHeld(lease);
      if (held) records.set(toKeyText(lease.key), { ...held, leaseUntil });
      return held !== undefined;
    },
    async complete(lease, { expiresAt, effect }) {
      if (!findHeld(lease)) return undefined;
      const answer = await settle(effect);
      const held = findHeld(lease);
      if (!held) return undefined;
      records.set(toKeyText(lease.key), { ...held, ...answer, expiresAt, state: "completed" });
      return answer;
    },
    async completeUnclaimed(key, { fingerprint, expiresAt }, effect) {
      const text = toKeyText(key);
      if (records.has(text)) return undefined;
      lastFence += 1;
      const claimed = {
        fingerprint,
        expiresAt,
        fence: String(lastFence),
        leaseUntil: expiresAt,
        status: null,
        body: null,
      };
      // Whoever comes meanwhile finds it taken, as Postgres lets them wait.
      records.set(text, { ...claimed, state: "claimed" });
      try {
        const answer = await settle(effect);
        records.set(text, { ...claimed, ...answer, state: "completed" });
        return answer;
      } catch (error) {
        records.delete(text);
        throw error;
      }
    },
    async release(lease) {
      if (findHeld(lease)) records.delete(toKeyText(lease.key));
    },
    async purge(now) {
      const gone = [...records].filter(
        ([, { state, expiresAt, leaseUntil }]) =>
          expiresAt < now && (state !== "claimed" || leaseUntil < now),
      );
      for (const [text] of gone) records.delete(text);
      return gone.length;
    },
  };
}
