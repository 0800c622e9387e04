/** Does the progress of a first load say how far it is, and never more than is done? */
import { describe, expect, it } from "vitest";
import type { SyncStatus } from "#contract/routes/sync";
import { durationText, partDone, progressText, statusText } from "#cli/sync-text";

const running: SyncStatus = {
  state: "running",
  since: "2025-01-01T00:00:00.000Z",
  started_at: "2026-11-25T08:00:00.000Z",
  finished_at: null,
  windows: 4,
  windows_done: 1,
  tickets_seen: 500,
  tickets_left_alone: 100,
  tickets_expected: 1_000,
  messages_left: 200,
  messages_refused: 0,
  calls_per_minute: 240,
  seconds_left: 4_000,
  waits_until: null,
  missed: 1,
  stale: 2,
  extra: 0,
  repaired: 3,
  message: null,
};

describe("the progress of a first load", () => {
  it("counts listed tickets as half, and read messages as the other half", () => {
    expect(partDone(running)).toBeCloseTo(0.375);
    expect(progressText(running)).toBe(
      "[#########...............] 37 %, 500 of about 1,000 tickets, 200 to read messages of, 240 calls a minute, about 1 h 7 min left",
    );
  });

  it("is full only at the end, and without a figure where nothing was counted", () => {
    expect(partDone({ ...running, tickets_seen: 5_000, messages_left: 0 })).toBe(0.99);
    expect(partDone({ ...running, state: "finished" })).toBe(1);
    expect(partDone({ ...running, tickets_expected: null })).toBeUndefined();
    expect(progressText({ ...running, tickets_expected: null, seconds_left: null })).toMatch(
      /^\[\.{24}\], 500 tickets, [^%]*minute$/,
    );
    expect(partDone({ ...running, tickets_expected: 0, tickets_seen: 0 })).toBe(0);
  });

  it("says what is wrong and what to do", () => {
    const text = statusText({
      ...running,
      state: "failed",
      message: "no access",
      messages_refused: 1,
    });
    expect(text).toContain("caseqa sync start goes on with it");
    expect(text).toContain("no access");
    expect(text).toContain("refuses the messages of 1 conversation\n");
  });

  it.each([
    [5, "less than a minute"],
    [600, "10 min"],
    [4_000, "1 h 7 min"],
    [728_424, "8 days 10 h"],
  ])("writes %d seconds as %s", (seconds, text) => expect(durationText(seconds)).toBe(text));
});
