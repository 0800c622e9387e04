/** The store in memory keeps the contract of idempotency stores. */
import type { Transaction } from "kysely";
import { beforeEach, describe } from "vitest";
import type { Database } from "#platform/db/schema";
import { createMemoryStore } from "#platform/idempotency/memory-store";
import type { StoredRecord } from "#platform/idempotency/record";
import { describeIdempotencyStore, type StoreHarness } from "./idempotency-store.suite.ts";

describe("memory store", () => {
  let harness: StoreHarness;

  beforeEach(() => {
    const effects: string[] = [];
    const records = new Map<string, StoredRecord>();
    harness = {
      store: createMemoryStore({} as Transaction<Database>, records),
      addEffect: async (_trx, name) => void effects.push(name),
      addEffects: async (_trx, names) => void effects.push(...names),
      countEffects: async (name) => effects.filter((effect) => effect === name).length,
      corrupt: async ({ key }) => {
        for (const [text, record] of records) {
          if (text.includes(JSON.stringify(key))) records.set(text, { ...record, body: "{" });
        }
      },
    };
  });

  describeIdempotencyStore(() => harness);
});
