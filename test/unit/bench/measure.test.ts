import { expect, it } from "vitest";
import { interleave, median } from "../../bench/measure.ts";

it.each([
  [[3], 3],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[], Number.NaN],
])("the median of %j is %d", (values, middle) => {
  expect(median(values)).toBe(middle);
});

it("samples the contenders by turns, each on inputs made before the clock runs", async () => {
  const done: string[] = [];
  const work = (name: string) => ({
    prepare: () => `${name} prepared`,
    perform: (prepared: string) => void done.push(prepared),
  });
  const plan = { rounds: 2, warmUpMs: 0, sampleMs: 0.001 };
  const { ours, peer } = await interleave(work("ours"), work("peer"), plan);
  expect([ours.length, peer.length]).toEqual([2, 2]);
  const turns = done.filter((name, index) => name !== done[index - 1]);
  expect(turns).toEqual([
    "ours prepared",
    "peer prepared",
    "ours prepared",
    "peer prepared",
    "ours prepared",
    "peer prepared",
  ]);
});
