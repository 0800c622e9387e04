/** Do we take our share of what others leave, and leave the rest to those who are more urgent? */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allowanceOf,
  decideBudget,
  type BudgetTerms,
  type BudgetWindow,
  type Priority,
} from "#platform/outbound/budget";
import { createLocalCounters, type Turn } from "#platform/outbound/budget-counters";

const WINDOW: BudgetWindow = {
  granted: 1,
  completed: 0,
  limit: undefined,
  remaining: undefined,
  unreported: false,
  blind: false,
  endsInMs: 30_000,
  lengthMs: undefined,
  seenAgoMs: undefined,
  held: 0,
};
const KIND = { windowMs: 60_000, longestMs: 600_000, probeMs: 60_000, rolling: false };
const TERMS: BudgetTerms = { share: 0.5, priority: "flow", background: false };
const windowOf = (limit: number, remaining: number, ours: number): BudgetWindow => ({
  ...WINDOW,
  granted: ours + 1,
  completed: ours,
  limit,
  remaining,
});

describe("allowanceOf", () => {
  it.each([
    ["all is unused", windowOf(100, 100, 0), 50],
    ["all that is used is ours", windowOf(100, 80, 20), 50],
    ["others used 40", windowOf(100, 40, 20), 30],
    ["others used all", windowOf(100, 0, 0), 0],
    ["others used all that we did not", windowOf(100, 0, 20), 10],
    ["the limit is tiny", windowOf(1, 1, 0), 1],
    ["others took 40 in an earlier window", { ...windowOf(100, 100, 0), held: 40 }, 28],
    ["others take more than ever", { ...windowOf(100, 40, 20), held: 30 }, 30],
    ["what others take is not known", { ...windowOf(100, 100, 0), held: undefined }, 25],
    ["other instances are not seen", { ...windowOf(100, 80, 20), blind: true }, 25],
  ])("is half of what others leave when %s", (_when, window, allowance) => {
    expect(allowanceOf(window, 0.5)).toBe(allowance);
  });
});

describe("decideBudget", () => {
  it.each<[Priority, number]>([
    ["agent", 50],
    ["flow", 45],
    ["backfill", 30],
  ])("grants %s calls up to %i of an allowance of 50", (priority, most) => {
    const decide = (ours: number) =>
      decideBudget(windowOf(100, 100 - ours, ours), { ...TERMS, priority });
    expect(decide(most - 1)).toEqual({ kind: "granted" });
    expect(decide(most)).toEqual({ kind: "denied", retryMs: 30_000, endsInMs: 30_000 });
  });

  it("lets a few calls find out what the limit is", () => {
    const decide = (granted: number) => decideBudget({ ...WINDOW, granted }, TERMS).kind;
    expect(decide(4)).toBe("granted");
    expect(decide(5)).toBe("denied");
    expect(decideBudget({ ...WINDOW, granted: 500, unreported: true }, TERMS).kind).toBe("granted");
  });

  it("looks again soon while calls of ours are under way", () => {
    const window = { ...windowOf(100, 50, 10), granted: 40 };
    expect(decideBudget(window, { ...TERMS, priority: "agent" })).toMatchObject({
      kind: "denied",
      retryMs: 50,
    });
  });

  it("grants nothing when nothing is left", () => {
    expect(decideBudget(windowOf(100, 0, 0), { ...TERMS, share: 1, priority: "agent" }).kind).toBe(
      "denied",
    );
  });
});

describe("a window with any course of events", () => {
  const event = fc.oneof(
    fc.record({
      kind: fc.constant("call" as const),
      priority: fc.constantFrom<Priority>("agent", "flow", "backfill"),
    }),
    fc.record({ kind: fc.constant("end" as const), which: fc.nat() }),
    fc.record({ kind: fc.constant("others" as const), calls: fc.integer({ min: 1, max: 20 }) }),
  );
  const account = fc.record({
    limit: fc.integer({ min: 20, max: 300 }),
    share: fc.double({ min: 0.2, max: 0.7, noNaN: true }),
  });

  it("never grants more than our share of what others are known to have left", async () => {
    await fc.assert(
      fc.asyncProperty(account, fc.array(event, { maxLength: 300 }), async (given, events) => {
        const { limit, share } = given;
        const counters = createLocalCounters(KIND, () => 0);
        let others = 0;
        let knownOthers: number | undefined;
        let granted = 0;
        /** What each call under way found: the remote system counts a call when it comes. */
        const underWay: {
          readonly remaining: number;
          readonly others: number;
          readonly turn: Turn;
        }[] = [];
        for (const one of events) {
          if (one.kind === "others") {
            others = Math.min(others + one.calls, Math.floor(limit * 0.3));
          } else if (one.kind === "end") {
            // Replies come in any order.
            const [found] = underWay.splice(one.which % Math.max(1, underWay.length), 1);
            if (!found) continue;
            knownOthers = Math.max(knownOthers ?? 0, found.others);
            const { remaining, turn } = found;
            await counters.record("account", turn, {
              tookMs: 0,
              report: { name: "account", limit, remaining, resetSeconds: undefined },
            });
          } else {
            const { turn, ...window } = await counters.take("account");
            const decision = decideBudget(window, { ...TERMS, share, priority: one.priority });
            if (decision.kind === "denied") {
              await counters.giveBack("account", turn);
              continue;
            }
            granted += 1;
            underWay.push({ remaining: limit - others - granted, others, turn });
            const most = knownOthers === undefined ? 4 : Math.max(1, (limit - knownOthers) * share);
            expect(granted).toBeLessThanOrEqual(most);
          }
        }
      }),
    );
  });
});
