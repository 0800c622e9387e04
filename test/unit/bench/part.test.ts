/** Are the figures of the sync benchmark taken and judged right? */
import { describe, expect, it } from "vitest";
import { atRate, isMet, quantile } from "../../bench/sync/part.ts";

describe("quantile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])("%d of a hundred is %i", (part, value) => {
    expect(quantile(hundred, part)).toBe(value);
  });

  it("is none of nothing", () => {
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe("isMet", () => {
  const figure = { what: "it", value: 5, unit: "ms" };

  it.each([
    [{ most: 5 }, true],
    [{ most: 4.9 }, false],
    [{ least: 5 }, true],
    [{ least: 5.1 }, false],
    [undefined, undefined],
  ])("judges 5 by %j", (aim, met) => {
    expect(isMet({ ...figure, ...(aim && { aim }) })).toBe(met);
  });
});

describe("atRate", () => {
  it("does not wait for answers, and counts from when a call was due", async () => {
    const due: number[] = [];
    const { tookMs } = await atRate(100, 0.2, async (_, dueMs) => {
      due.push(dueMs);
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    expect(due).toHaveLength(20);
    expect(due[19]! - due[0]!).toBeCloseTo(190, 3);
    expect(tookMs).toBeGreaterThanOrEqual(235);
  });
});
