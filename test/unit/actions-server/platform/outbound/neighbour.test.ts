/** Does background work take what nobody else does, and no more, whatever the neighbours of an account do? */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { play, total } from "./neighbour.ts";

const EVENLY = (calls: number) => Array.from({ length: calls }, (_, n) => (n * 60_000) / calls);
const AT_ONCE = (calls: number, at: number) =>
  Array.from({ length: calls }, (_, n) => at + n * 150);

describe("background work alone on a limit", () => {
  it.each([10, 30])("uses 0.98 of a limit of %i a minute, and meets no 429", async (limit) => {
    const played = await play({ minutes: 12, limit: () => limit, neighbour: () => [] });
    const warm = played.slice(2);
    expect(total(warm, "ours") / (warm.length * limit)).toBeGreaterThanOrEqual(0.98);
    expect(total(played, "refused")).toBe(0);
  });

  it("uses it too when its pages are slow", async () => {
    const played = await play({
      minutes: 12,
      limit: () => 10,
      neighbour: () => [],
      tookMs: 4_700,
    });
    const warm = played.slice(2);
    expect(total(warm, "ours") / (warm.length * 10)).toBeGreaterThanOrEqual(0.98);
    expect(total(played, "refused")).toBe(0);
  });

  it("leaves the account's other programs of ours their part", async () => {
    const play700 = { minutes: 6, limit: () => 700, neighbour: () => [], background: false };
    const played = await play({ ...play700, tookMs: 100 });
    const [, , ...warm] = played;
    for (const { ours } of warm) expect(ours).toBeLessThanOrEqual(420);
    expect(total(warm, "ours") / warm.length).toBeGreaterThan(400);
  });
});

describe("background work beside a neighbour who takes 80 %", () => {
  it.each<[string, (calls: number) => readonly number[]]>([
    ["evenly", EVENLY],
    ["all at the beginning", (calls) => AT_ONCE(calls, 0)],
    ["all in the middle", (calls) => AT_ONCE(calls, 31_000)],
    ["all late", (calls) => AT_ONCE(calls, 45_000)],
  ])("never starves one who calls %s", async (_how, when) => {
    for (const [limit, background] of [
      [10, true],
      [30, true],
    ] as const) {
      const played = await play({
        minutes: 12,
        limit: () => limit,
        neighbour: () => when(limit * 0.8),
        background,
      });
      expect(total(played, "starved"), `of ${limit}`).toBe(0);
      expect(total(played, "refused"), `of ${limit}`).toBe(0);
      expect(total(played, "ours"), `of ${limit}`).toBeGreaterThan(0);
    }
  });

  it.each([0, 5_000, 22_100, 41_000, 58_900])(
    "meets no 429 when it begins %i ms into a minute",
    async (phaseMs) => {
      const neighbour = () => EVENLY(8);
      const played = await play({ minutes: 12, limit: () => 10, neighbour, phaseMs });
      // What is not seen before the first reply cannot be known.
      expect(total(played.slice(1), "refused")).toBe(0);
      expect(total(played.slice(1), "starved")).toBe(0);
      expect(total(played.slice(1), "ours")).toBeGreaterThan(0);
    },
  );

  it("never starves one who calls in every other minute only", async () => {
    const played = await play({
      minutes: 14,
      limit: () => 10,
      neighbour: (minute) => (minute % 2 === 0 ? EVENLY(8) : []),
    });
    expect(played.map(({ starved }) => starved)).toEqual(played.map(() => 0));
    expect(total(played, "refused")).toBe(0);
  });

  it("never starves one on the account's limit", async () => {
    const played = await play({
      minutes: 8,
      limit: () => 700,
      neighbour: () => EVENLY(560),
      background: false,
      tookMs: 100,
    });
    expect(total(played, "starved")).toBe(0);
    expect(total(played, "refused")).toBe(0);
  });

  it("takes the limit again some minutes after the neighbour has left", async () => {
    const played = await play({
      minutes: 20,
      limit: () => 10,
      neighbour: (minute) => (minute < 5 ? EVENLY(8) : []),
    });
    expect(total(played.slice(15), "ours")).toBeGreaterThanOrEqual(49);
  });

  it("meets no 429 again once a limit that dropped is visible", async () => {
    const played = await play({
      minutes: 10,
      limit: (minute) => (minute < 5 ? 30 : 10),
      neighbour: () => [],
    });
    expect(total(played.slice(6), "refused")).toBe(0);
    expect(total(played.slice(6), "ours")).toBeGreaterThanOrEqual(39);
  });
});

describe("any course of a neighbour's use", () => {
  it("is never answered with more than the limit once it is visible, and starves nobody who takes the same each minute", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 50_000 }), { maxLength: 24 }),
        fc.integer({ min: 0, max: 59_900 }),
        async (times, phaseMs) => {
          const played = await play({
            minutes: 6,
            limit: () => 30,
            neighbour: () => times,
            phaseMs,
          });
          expect(total(played, "starved")).toBe(0);
          expect(total(played, "refused")).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
