/** What is said of an account's flows, and when it is a fault. */
import { describe, expect, it } from "vitest";
import type { RefusedCalls, TestEvent } from "#contract/routes/flow-watch";
import {
  judgeFlows,
  judgeRefused,
  judgeTestEvent,
  silentSince,
} from "#subjects/flow-watch/judge-flows";
import type { WatchedFlows } from "#subjects/flow-watch/watch-store";

const NOW = new Date("2026-11-30T12:00:00Z");
const ALLOWED_MS = 3 * 3_600_000;
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

const flowsOf = (changes: Partial<WatchedFlows> = {}): WatchedFlows => ({
  last_event_at: null,
  last_test_event: null,
  refused: [],
  paused: false,
  lastCallAt: ago(10),
  expectedSince: ago(60 * 24),
  alertedAt: null,
  ...changes,
});
const testOf = (changes: Partial<TestEvent> = {}): TestEvent => ({
  id: "hourly-1",
  asked_at: ago(30).toISOString(),
  problem: null,
  arrived_at: null,
  outcome: null,
  failed: null,
  ...changes,
});
const refusedOf = (minutes: number, changes: Partial<RefusedCalls> = {}): RefusedCalls => ({
  kind: "bearer",
  fingerprint: "0badcafe",
  was_ours: false,
  calls: 2,
  first_at: ago(minutes).toISOString(),
  last_at: ago(minutes).toISOString(),
  ...changes,
});

describe("silence", () => {
  it.each([
    ["a call within the time", { lastCallAt: ago(179) }, null],
    ["the last call too long ago", { lastCallAt: ago(181) }, ago(181)],
    ["no call since it was installed", { lastCallAt: null, expectedSince: ago(200) }, ago(200)],
    ["installed just now, called long ago", { lastCallAt: ago(999), expectedSince: ago(5) }, null],
    ["nothing is expected", { lastCallAt: ago(999), expectedSince: null }, null],
  ] as const)("%s", (_name, changes, since) => {
    expect(silentSince(flowsOf(changes), NOW, ALLOWED_MS)).toEqual(since);
    const { state, remedy } = judgeFlows(flowsOf(changes), NOW, ALLOWED_MS);
    expect(state === "failed").toBe(since !== null);
    if (state !== "ok") expect(remedy).toContain("caseqa test-event");
  });

  it("is as it should be while all is disabled", () => {
    const paused = flowsOf({ paused: true, expectedSince: null, lastCallAt: ago(9_999) });
    expect(judgeFlows(paused, NOW, ALLOWED_MS)).toMatchObject({ state: "ok" });
  });
});

it.each([
  ["ok", testOf({ arrived_at: ago(30).toISOString(), failed: false })],
  ["failed", testOf({ arrived_at: ago(30).toISOString(), failed: true, outcome: "INTERNAL" })],
  ["failed", testOf()],
  ["failed", testOf({ problem: "Zendesk answered 404" })],
  ["ok", testOf({ asked_at: ago(4).toISOString() })],
  ["warning", null],
] as const)("a test event: %s", (state, event) => {
  expect(judgeTestEvent(event, false, NOW).state).toBe(state);
  if (event?.arrived_at === null) expect(judgeTestEvent(event, true, NOW).state).toBe("ok");
});

describe("refused credentials", () => {
  it.each([
    ["none", [], {}, "ok"],
    ["a stranger, and flows were accepted since", [refusedOf(20)], {}, "ok"],
    ["a stranger, and none was accepted since", [refusedOf(5)], {}, "warning"],
    [
      "our own old token, others accepted since",
      [refusedOf(20, { was_ours: true })],
      {},
      "warning",
    ],
    ["our own old token, none accepted since", [refusedOf(5, { was_ours: true })], {}, "failed"],
    ["the test event itself", [refusedOf(5)], { last_test_event: testOf() }, "failed"],
    ["two days ago", [refusedOf(60 * 48)], { lastCallAt: null }, "ok"],
    ["no credential at all", [refusedOf(5, { kind: "none", fingerprint: "" })], {}, "warning"],
  ] as const)("%s", (_name, refused, changes, state) => {
    const finding = judgeRefused(flowsOf({ refused: [...refused], ...changes }), NOW);
    expect(finding.state).toBe(state);
    expect(finding.message).not.toMatch(/undefined| {2}/);
  });
});
