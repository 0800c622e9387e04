/** Does the circuit open when it should, and never stay shut to a remote system that is back? */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  permit,
  closedBreaker,
  record,
  type BreakerState,
  type CallOutcome,
} from "#platform/outbound/breaker";

const after = (outcomes: readonly CallOutcome[], nowMs = 0, state = closedBreaker(0)) =>
  outcomes.reduce<BreakerState>((current, outcome) => record(current, outcome, nowMs), state);

const times = (count: number, outcome: CallOutcome) =>
  Array.from<CallOutcome>({ length: count }).fill(outcome);

describe("the circuit", () => {
  it("opens after ten failures in a row, not after nine", () => {
    expect(after(times(9, "failed")).kind).toBe("closed");
    expect(after(times(10, "failed")).kind).toBe("open");
    expect(after([...times(9, "failed"), "ok", ...times(9, "failed")]).kind).toBe("closed");
  });

  it("opens when half of the calls of half a minute fail", () => {
    const mixed = Array.from({ length: 20 }, () => ["ok", "failed"] as const).flat();
    expect(after(mixed.slice(0, 39)).kind).toBe("closed");
    expect(after(mixed).kind).toBe("open");
  });

  it("forgets the failures of an earlier period", () => {
    const mixed = Array.from({ length: 19 }, () => ["failed", "ok"] as const).flat();
    const later = after(["failed", "ok", "failed"], 30_000, after(mixed, 1));
    expect(later.kind).toBe("closed");
  });

  it("learns nothing from callers who left early", () => {
    expect(after(times(100, "unknown"))).toEqual(closedBreaker(0));
  });

  it("lets one call through after the pause, and closes when it succeeds", () => {
    const open = after(times(10, "failed"));
    expect(permit(open, 999)).toEqual({ state: open, waitMs: 1 });
    const first = permit(open, 1_000);
    expect(first.waitMs).toBeUndefined();
    expect(permit(first.state, 1_001).waitMs).toBe(9_999);
    expect(record(first.state, "ok", 1_100)).toEqual(closedBreaker(1_100));
  });

  it("pauses twice as long after each try that fails, up to half a minute", () => {
    let state = after(times(10, "failed"));
    let nowMs = 0;
    const pauses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const { waitMs = 0 } = permit(state, nowMs);
      pauses.push(waitMs);
      nowMs += waitMs;
      state = record(permit(state, nowMs).state, "failed", nowMs);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("lets the next call probe at once when a probe showed nothing", () => {
    const probing = permit(after(times(10, "failed")), 1_000).state;
    expect(permit(record(probing, "unknown", 1_050), 1_050).waitMs).toBeUndefined();
  });
});

const step = fc.record({
  afterMs: fc.integer({ min: 0, max: 40_000 }),
  outcome: fc.constantFrom<CallOutcome>("ok", "failed", "unknown"),
  /** A call whose end is never recorded, such as one of a process that was stopped. */
  lost: fc.boolean(),
});

describe("any history", () => {
  it("is followed by a permitted call within half a minute", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let state = closedBreaker(0);
        let nowMs = 0;
        for (const { afterMs, outcome, lost } of steps) {
          nowMs += afterMs;
          const permitted = permit(state, nowMs);
          ({ state } = permitted);
          if (permitted.waitMs === undefined && !lost) state = record(state, outcome, nowMs);
        }
        expect(permit(state, nowMs).waitMs ?? 0).toBeLessThanOrEqual(30_000);
        expect(permit(state, nowMs + 30_000).waitMs).toBeUndefined();
      }),
    );
  });

  it("lets at most one call out at a time while it is not closed", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        let state = after(times(10, "failed"));
        let nowMs = 0;
        for (const { afterMs, outcome } of steps) {
          nowMs += afterMs;
          const first = permit(state, nowMs);
          if (first.state.kind !== "closed" && first.waitMs === undefined) {
            expect(permit(first.state, nowMs).waitMs).toBeGreaterThan(0);
          }
          state = first.waitMs === undefined ? record(first.state, outcome, nowMs) : first.state;
        }
      }),
    );
  });

  it("of successes alone never opens it", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<CallOutcome>("ok", "unknown")), (outcomes) => {
        expect(after(outcomes).kind).toBe("closed");
      }),
    );
  });
});
