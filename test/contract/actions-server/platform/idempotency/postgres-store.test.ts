/** The store in Postgres keeps the contract of idempotency stores. */
import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { createPostgresStore } from "#platform/idempotency/postgres-store";
import { toEffect } from "#platform/idempotency/work";
import type { OpenDatabase } from "#platform/db/open";
import { freshDatabase } from "#test/support/postgres";
import { describeIdempotencyStore, type StoreHarness } from "./idempotency-store.suite.ts";

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  await sql`create table effects (name text not null)`.execute(database.db);
});

const harness = (): StoreHarness => ({
  store: createPostgresStore(database.db),
  addEffect: async (trx, name) => {
    await sql`insert into effects (name) values (${name})`.execute(trx);
  },
  addEffects: async (trx, names) => {
    await sql`insert into effects select * from unnest(${[...names]}::text[])`.execute(trx);
  },
  countEffects: async (name) => {
    const { rows } = await sql<{ name: string }>`
      select name from effects where name = ${name}`.execute(database.db);
    return rows.length;
  },
  corrupt: async ({ key }) => {
    await sql`update idempotency_records set body = '{' where key = ${key}`.execute(database.db);
  },
});

describe("postgres store", () => {
  describeIdempotencyStore(harness);

  it("rolls the effects back together with a completion that fails", async () => {
    const { store, addEffect, countEffects } = harness();
    const key = { account: "acme", operation: "capture", key: "rolled-back" };
    const end = new Date("2026-12-01T00:00:00Z");
    const lease = await store.claim(key, { fingerprint: "f", leaseUntil: end, expiresAt: end });
    const completion = store.complete(lease!, {
      expiresAt: end,
      effect: toEffect({
        answer: "",
        commit: async (trx) => {
          await addEffect(trx, "rolled-back");
          throw new Error("after the effect");
        },
      }),
    });
    await expect(completion).rejects.toThrow("after the effect");
    expect(await countEffects("rolled-back")).toBe(0);
    expect(await store.read(key)).toMatchObject({ kind: "claimed" });
  });
});
