/** Does a sweep begin where the earlier ones left off, whatever became of them? */
import { describe, expect, it } from "vitest";
import { owedSince, type PastSweep } from "#subjects/sweep/owed-since";

const at = (hour: number) => new Date(Date.UTC(2026, 10, 25, hour));
const NOW = at(20);
const beforeMargin = (hour: number) => new Date(at(hour).getTime() - 10 * 60_000);
const sweep = (since: number, requested: number, state: PastSweep["state"]): PastSweep => ({
  since: at(since),
  requestedAt: at(requested),
  state,
});

describe("owedSince", () => {
  it.each<[string, PastSweep[], Date]>([
    ["a day back the first time", [], at(-4)],
    ["shortly before the last one was asked for", [sweep(1, 2, "finished")], beforeMargin(2)],
    ["there also when that is days ago", [sweep(-72, -48, "finished")], beforeMargin(-48)],
    ["where one began that failed", [sweep(1, 2, "finished"), sweep(0, 3, "failed")], at(0)],
    [
      "where the finished ones end when one failed that began later",
      [sweep(1, 2, "finished"), sweep(3, 4, "failed")],
      beforeMargin(2),
    ],
    [
      "past a failed one that another has covered",
      [sweep(1, 2, "finished"), sweep(0, 3, "failed"), sweep(-1, 4, "finished")],
      beforeMargin(4),
    ],
    [
      "before a gap that a shorter one has left",
      [sweep(1, 2, "finished"), sweep(5, 6, "finished")],
      beforeMargin(2),
    ],
    [
      "after a gap that another has closed",
      [sweep(1, 2, "finished"), sweep(5, 6, "finished"), sweep(1, 7, "finished")],
      beforeMargin(7),
    ],
    ["where the first began when it failed", [sweep(-30, 3, "failed")], at(-30)],
  ])("begins %s", (_where, sweeps, since) => {
    expect(owedSince(sweeps, NOW)).toEqual(since);
  });
});
