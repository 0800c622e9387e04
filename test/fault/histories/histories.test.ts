/** Whatever dies and breaks in a history: does every event take effect once, with one answer, and nothing stay stuck? */
import { expect, it } from "vitest";
import { CRASH_POINTS } from "./plan.ts";
import { runHistories, writeReport } from "./run.ts";

const histories = Number(process.env["FAULT_HISTORIES"] ?? 12);
const firstSeed = Number(process.env["FAULT_SEED"] ?? 1);
/** Mostly the time in which killed servers start again. */
const MOST_MS_A_HISTORY = 20_000;

it(
  `keeps its promises in ${histories} histories from seed ${firstSeed} on`,
  async () => {
    const seeds = Array.from({ length: histories }, (_, index) => firstSeed + index);
    const report = await runHistories({ seeds });
    await writeReport(process.env["FAULT_REPORT"] ?? "fault-report.json", report);
    expect(report.violations).toEqual([]);
    if (histories >= 5 * CRASH_POINTS.length) {
      for (const point of CRASH_POINTS) expect(report.kills[point], point).toBeGreaterThan(0);
    }
  },
  60_000 + histories * MOST_MS_A_HISTORY,
);
