/** Is there a partition for every month in which a row is written, whoever comes first? */
import { beforeAll, describe, expect, it } from "vitest";
import { sql, type Kysely } from "kysely";
import { ensureMonth } from "#platform/db/months";
import type { Database } from "#platform/db/schema";
import { freshDatabase } from "#test/support/postgres";

let db: Kysely<Database>;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

const event = (occurredAt: string) => ({
  account_id: "acme",
  ticket_id: "1",
  occurred_at: new Date(occurredAt),
  event_key: `zen:${occurredAt}`,
  kind: "status",
  actor_id: null,
  data: "{}",
  recorded_at: new Date(occurredAt),
});

const record = (occurredAt: string) =>
  db.transaction().execute(async (trx) => {
    await ensureMonth(trx, "qa_events", new Date(occurredAt));
    await trx.insertInto("qa_events").values(event(occurredAt)).execute();
  });

async function partitionOf(occurredAt: string): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select tableoid::regclass::text as name from qa_events where event_key = ${`zen:${occurredAt}`}`.execute(
    db,
  );
  return rows[0]?.name;
}

describe("ensureMonth", () => {
  it.each([
    ["2026-11-01T00:00:00.000Z", "qa_events_2026_11"],
    ["2026-11-30T23:59:59.999Z", "qa_events_2026_11"],
    ["2026-12-31T23:59:59.999Z", "qa_events_2026_12"],
    ["2027-01-01T00:00:00.000Z", "qa_events_2027_01"],
    ["0001-01-01T00:00:00.000Z", "qa_events_before"],
    ["9999-12-31T23:59:59.999Z", "qa_events_after"],
  ])("puts %s into %s", async (occurredAt, partition) => {
    await record(occurredAt);
    expect(await partitionOf(occurredAt)).toBe(partition);
  });

  it("makes a month once for twenty that begin it at once", async () => {
    const times = Array.from({ length: 20 }, (_, second) =>
      new Date(Date.UTC(2028, 4, 1, 0, 0, second)).toISOString(),
    );
    await Promise.all(times.map(record));
    expect(await Promise.all(times.map(partitionOf))).toEqual(times.map(() => "qa_events_2028_05"));
  });

  it("leaves nothing of a transaction that is rolled back, and the next one makes it", async () => {
    const undone = db.transaction().execute(async (trx) => {
      await ensureMonth(trx, "qa_events", new Date("2029-03-04T00:00:00Z"));
      throw new Error("stop");
    });
    await expect(undone).rejects.toThrow("stop");
    await record("2029-03-04T00:00:00.000Z");
    expect(await partitionOf("2029-03-04T00:00:00.000Z")).toBe("qa_events_2029_03");
  });

  it("blocks neither readers nor writers of other months", async () => {
    await record("2030-01-01T00:00:00.000Z");
    await db.transaction().execute(async (held) => {
      await held.insertInto("qa_events").values(event("2030-01-02T00:00:00.000Z")).execute();
      await record("2030-02-01T00:00:00.000Z");
    });
    expect(await partitionOf("2030-01-02T00:00:00.000Z")).toBe("qa_events_2030_01");
  });
});
