/** Does the log hold every finished write once, in batches, and give up rather than hold anybody up? */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { AppError, type ErrorCode } from "#platform/errors";
import { createActionLog, type ActionLog } from "#subjects/action-log/write-log";
import { purgeLog, readLag, readLog, readTicket } from "#subjects/action-log/read-log";
import type { LogQuery } from "#contract/routes/action-log";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";

const { db, pool } = await freshDatabase();
const NOW = new Date("2026-11-25T08:00:00Z");
const ALL: LogQuery = { failed: false, limit: 50 };

type Noted = Parameters<ActionLog["note"]>[0];

const noted = (changes: Partial<Noted> = {}): Noted => ({
  account: "acme",
  operation: "record-assignment",
  body: { ticket_id: "12" },
  eventKey: "key",
  result: { kind: "answered", answer: () => ({ outcome: "recorded" }) },
  durationMs: 1,
  ...changes,
});
const failed = (code: ErrorCode, message = "why"): Partial<Noted> => ({
  result: { kind: "failed", error: new AppError(code, message) },
});

/** After all garbage is gone. */
function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

function start(account: string, database: Parameters<typeof createActionLog>[0]["pool"] = pool) {
  const dropped: number[] = [];
  const log = createActionLog({
    pool: database,
    now: () => NOW,
    log: silentLog,
    onDropped: (rows) => dropped.push(rows),
  });
  const note = (changes: Partial<Noted> = {}) => log.note(noted({ account, ...changes }));
  return { log, dropped, note, read: (query = ALL) => readLog(db, account, query) };
}

describe("the action log", () => {
  it("keeps each write, and of the reads those that failed; replays and floods are not logged", async () => {
    const { log, note, read } = start("kept");
    note();
    note({ result: { kind: "replayed", answer: () => ({ outcome: "recorded" }) } });
    note({
      operation: "resolve-case",
      result: { kind: "answered", answer: () => ({ outcome: "none" }) },
    });
    note({ operation: "resolve-case", ...failed("SALESFORCE_REFUSED") });
    for (const code of ["REQUEST_IN_PROGRESS", "TOO_MANY_REQUESTS"] as const) note(failed(code));
    await log.flush();
    const { entries, next } = await read();
    expect(next).toBeNull();
    expect(entries).toEqual([
      expect.objectContaining({
        operation: "resolve-case",
        outcome: "SALESFORCE_REFUSED",
        failed: true,
        message: "why",
        cure: expect.stringContaining("SALESFORCE_"),
      }),
      expect.objectContaining({
        at: NOW.toISOString(),
        operation: "record-assignment",
        ticket_id: "12",
        event_key: "key",
        outcome: "recorded",
        failed: false,
        message: null,
        cure: null,
        duration_ms: 1,
      }),
    ]);
  });

  it("writes by itself, two hundred rows at a time, and what is left at the end", async () => {
    const batches: number[] = [];
    const counting = {
      query: async (text: string, values: unknown[][]) => {
        batches.push(values[0]?.length ?? 0);
        return pool.query(text, values);
      },
    } as unknown as typeof pool;
    const { log, note, read } = start("batches", counting);
    for (let serial = 0; serial < 450; serial += 1) note({ eventKey: `key-${serial}` });
    await log.close();
    expect(batches).toEqual([200, 200, 50]);
    note();
    await log.flush();
    const first = await read({ ...ALL, limit: 200 });
    const second = await read({ ...ALL, limit: 200, before: first.next ?? "" });
    const third = await read({ ...ALL, limit: 200, before: second.next ?? "" });
    const keys = [first, second, third].flatMap(({ entries }) => entries.map((e) => e.event_key));
    expect(keys).toEqual(Array.from({ length: 450 }, (_, index) => `key-${449 - index}`));
    expect(third.next).toBeNull();
  });

  it("drops what the database does not take, counts it, and goes on when it is back", async () => {
    const state = { away: true };
    const moody = {
      query: async (text: string, values: unknown[][]) => {
        if (state.away) throw new Error("Connection terminated");
        return pool.query(text, values);
      },
    } as unknown as typeof pool;
    const { log, note, read, dropped } = start("moody", moody);
    for (let serial = 0; serial < 5; serial += 1) note();
    await log.flush();
    expect(dropped).toEqual([5]);
    state.away = false;
    note({ eventKey: "after" });
    await log.flush();
    expect((await read()).entries.map((entry) => entry.event_key)).toEqual(["after"]);
  });

  it("does not grow while the database hangs", async () => {
    const hanging = Promise.withResolvers<unknown>();
    const { log, note, dropped } = start("hanging", {
      query: () => hanging.promise,
    } as unknown as typeof pool);
    for (let serial = 0; serial < 5_300; serial += 1) note();
    expect(dropped.length).toBe(100);
    hanging.resolve({});
    await log.close();
  });

  it("keeps nothing of the bodies while the database hangs", async () => {
    const hanging = Promise.withResolvers<unknown>();
    const { log, note } = start("large", {
      query: () => hanging.promise,
    } as unknown as typeof pool);
    const before = usedBytes();
    for (let serial = 0; serial < 100; serial += 1) {
      // As they come: one text each, of which nobody else has a part.
      const text = Buffer.alloc(1_000_000, 97 + (serial % 26)).toString();
      const body = { ticket_id: "12", occurred_at: text, text };
      note({ ...failed("ZENDESK_REFUSED", text), body });
    }
    expect(usedBytes() - before).toBeLessThan(10_000_000);
    hanging.resolve({});
    await log.close();
  });

  it("is bounded by bytes too, and takes what comes when there is room again", async () => {
    const hanging = Promise.withResolvers<unknown>();
    const { log, note, dropped } = start("bytes", {
      query: () => hanging.promise,
    } as unknown as typeof pool);
    const message = "m".repeat(500);
    for (let serial = 0; serial < 4_900; serial += 1) {
      note({ ...failed("ZENDESK_REFUSED", message), eventKey: "k".repeat(500) });
    }
    expect(dropped.length).toBeGreaterThan(0);
    const rows = 4_900 - dropped.length;
    hanging.resolve({});
    await log.flush();
    note();
    await log.close();
    expect(rows).toBeLessThan(3_000);
  });

  it("gives up at the end when the database is away, with all that is left", async () => {
    const away = Promise.withResolvers<unknown>();
    const tries: number[] = [];
    const { log, note, dropped } = start("ending", {
      query: (_text: string, values: unknown[][]) => {
        tries.push(values[0]?.length ?? 0);
        return away.promise;
      },
    } as unknown as typeof pool);
    for (let serial = 0; serial < 1_000; serial += 1) note();
    const closing = log.close();
    away.reject(new Error("Connection terminated"));
    await closing;
    expect(tries).toEqual([200]);
    expect(dropped).toEqual([200, 800]);
  });

  it("reads the failures alone, and one ticket's entries oldest first, of one account", async () => {
    const { log, note, read } = start("reads");
    note({ eventKey: "first" });
    note({ eventKey: "second", ...failed("ZENDESK_REFUSED") });
    note({ eventKey: "other", body: { ticket_id: "13" } });
    const other = start("others");
    other.note({ eventKey: "foreign" });
    await Promise.all([log.flush(), other.log.flush()]);
    const failures = await read({ ...ALL, failed: true });
    expect(failures.entries.map((entry) => entry.event_key)).toEqual(["second"]);
    const ticket = await readTicket(db, "reads", "12");
    expect(ticket.entries.map((entry) => entry.event_key)).toEqual(["first", "second"]);
    expect(ticket.conversation_captured_at).toBeNull();
  });

  it("shows the lag of the last hour's events, and none when none came", async () => {
    const { log, note } = start("lag");
    expect(await readLag(db, "lag", NOW)).toBeNull();
    for (const seconds of [1, 2, 3]) {
      const happened = new Date(NOW.getTime() - seconds * 1_000).toISOString();
      note({ durationMs: 0, body: { ticket_id: "12", occurred_at: happened } });
    }
    note();
    await log.flush();
    const lag = await readLag(db, "lag", new Date(NOW.getTime() + 1_000));
    expect(lag).toMatchObject({ p50_seconds: 2, events: 3 });
    expect(await readLag(db, "lag", new Date(NOW.getTime() + 2 * 3_600_000))).toBeNull();
  });

  it("forgets after fourteen days, and what an account has too much of", async () => {
    const { log, note, read } = start("purged");
    for (let serial = 0; serial < 5; serial += 1) note({ eventKey: `key-${serial}` });
    await log.flush();
    await purgeLog(db, NOW, 3);
    expect((await read()).entries.map((e) => e.event_key)).toEqual(["key-4", "key-3", "key-2"]);
    await purgeLog(db, new Date(NOW.getTime() + 15 * 24 * 3_600_000));
    expect((await read()).entries).toEqual([]);
  });
});
