import { describe, expect, it } from "vitest";
import { createRandom } from "#sandbox/data/random";
import { FIRST_STRETCH, nextStretch, planDeliveries, planMoves } from "#scripts/demo/timeline";

const tickets = Array.from({ length: 200 }, (_, index) => ({ id: String(index + 1) }));
const plan = (seed: number) =>
  planMoves(tickets, { random: createRandom(seed).next, events: 300, durationMs: 1_000 });

describe("the demo's timeline", () => {
  it("is the same for the same seed and another for another", () => {
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)).not.toEqual(plan(2));
  });

  it("has about as many events as asked for, sorted by time", () => {
    const moves = plan(3);

    expect(moves.length).toBeGreaterThanOrEqual(300);
    expect(moves.length).toBeLessThan(310);
    expect(moves.map((move) => move.atMs)).toEqual(
      moves.map((move) => move.atMs).toSorted((a, b) => a - b),
    );
  });

  it("keeps the order of one ticket's moves: nothing follows the last solve", () => {
    for (const { id } of tickets) {
      const kinds = plan(4).flatMap((move) => (move.ticketId === id ? [move.kind] : []));
      if (kinds.includes("solve")) expect(kinds.at(-1)).toBe("solve");
    }
  });

  it("delivers each event one to three times, some copies at the same moment", () => {
    const random = createRandom(5);
    const plans = Array.from({ length: 300 }, () => planDeliveries(() => random.next()));

    expect(new Set(plans.map((delays) => delays.length))).toEqual(new Set([1, 2, 3]));
    expect(plans.some(([first, second]) => first === second)).toBe(true);
    expect(plans.some(([first, second]) => second !== undefined && second < first!)).toBe(true);
  });

  it("slows down while flow runs pile up, and comes back to the plan when there is room", () => {
    const after = (stretch: number, backlog: number, moves: number) =>
      Array.from({ length: moves }).reduce<number>((now) => nextStretch(now, backlog), stretch);

    expect(after(FIRST_STRETCH, 0, 50)).toBe(1);
    expect(after(1, 6, 50)).toBe(1);
    expect(after(1, 20, 4)).toBeGreaterThan(2);
    expect(after(1, 20, 50)).toBe(5);
  });
});
