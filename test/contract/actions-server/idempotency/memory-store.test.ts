/** The store in memory keeps the contract of idempotency stores. */
import type { Transaction } from "kysely";
import { beforeEach, describe } from "vitest";
import type { Database } from "../../../../actions-server/db/schema.ts";
import { createMemoryStore } from "../../../../actions-server/idempotency/memory-store.ts";
import type { StoredRecord } from "../../../../actions-server/idempotency/record.ts";
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
