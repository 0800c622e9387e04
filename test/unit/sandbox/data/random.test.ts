import { describe, expect, it } from "vitest";
import { createRandom } from "#sandbox/data/random";

function draws(seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: 5 }, () => random.next());
}

describe("seeded randomness", () => {
  it("repeats itself for a seed and differs between seeds", () => {
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
  });

  it("spreads evenly over an interval with both ends included", () => {
    const random = createRandom(3);
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 6_000; draw += 1) {
      const value = random.integer(1, 6);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it("shuffles without losing or doubling anything", () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = createRandom(4).shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
  });

  it("forks a stream that does not depend on what was drawn before", () => {
    const fresh = createRandom(5);
    const used = createRandom(5);
    used.next();
    expect(used.fork(1).next()).toBe(fresh.fork(1).next());
    expect(fresh.fork(1).next()).not.toBe(fresh.fork(2).next());
  });

  it("refuses a seed that is not an integer", () => {
    expect(() => createRandom(0.5)).toThrow("seed: expected an integer, got 0.5");
  });

  it("refuses to pick from nothing", () => {
    expect(() => createRandom(1).pick([])).toThrow("pick: the list is empty");
  });
});
