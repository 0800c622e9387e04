/** What does a record mean for the next request under its key? */
import { describe, expect, it } from "vitest";
import { decide } from "#platform/idempotency/decide";
import { parseRecord, type StoredRecord } from "#platform/idempotency/record";

const NOW = new Date("2026-11-25T08:00:00Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

const stored = (members: Partial<StoredRecord>): StoredRecord => ({
  fence: "7",
  fingerprint: "same",
  state: "claimed",
  leaseUntil: at(5),
  expiresAt: at(60),
  status: null,
  body: null,
  ...members,
});
const completed = { state: "completed", status: 200, body: '{"a":1}', leaseUntil: at(-50) };

describe("decide", () => {
  it("runs when nothing is recorded", () => {
    expect(decide(undefined, "same", NOW)).toEqual({ kind: "run" });
  });

  it("replays the recorded answer", () => {
    expect(decide(parseRecord(stored(completed)), "same", NOW)).toEqual({
      kind: "replay",
      answer: { status: 200, body: '{"a":1}' },
    });
  });

  it.each([
    ["waits for a holder that is alive", {}, "same", "wait"],
    ["takes over when the lease is over", { leaseUntil: at(-1) }, "same", "take-over"],
    ["takes over at the very end of the lease", { leaseUntil: NOW }, "same", "take-over"],
    ["refuses another request while the first runs", {}, "other", "mismatch"],
    ["refuses another request after the first is done", completed, "other", "mismatch"],
    ["refuses another request after a crash", { leaseUntil: at(-1) }, "other", "mismatch"],
    ["takes an expired answer's place", { ...completed, expiresAt: NOW }, "same", "take-over"],
    [
      "lets another request have an expired key",
      { ...completed, expiresAt: NOW },
      "other",
      "take-over",
    ],
    [
      "lets another request have a claim that is long dead",
      { leaseUntil: at(-9), expiresAt: at(-1) },
      "other",
      "take-over",
    ],
    ["keeps waiting for a live holder of an expired record", { expiresAt: at(-1) }, "same", "wait"],
  ])("%s", (_, members, fingerprint, kind) => {
    expect(decide(parseRecord(stored(members)), fingerprint, NOW).kind).toBe(kind);
  });

  it.each([
    ["an unknown state", { state: "paused" }],
    ["no fingerprint", { fingerprint: "" }],
    ["an answer without a status", { ...completed, status: null }],
    ["an answer without a body", { ...completed, body: null }],
    ["an answer that is not a success", { ...completed, status: 500 }],
    ["an answer that is cut off", { ...completed, body: '{"a":' }],
  ])("takes over a record with %s, whoever asks", (_, members) => {
    const record = parseRecord(stored(members));
    expect(decide(record, "other", NOW)).toEqual({ kind: "take-over", seen: record });
  });
});
