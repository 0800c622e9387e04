/** The rolling day of requests. */
import { expect, it } from "vitest";
import { createManualClock } from "#test/support/manual-clock";
import { createUsage } from "#sandbox/salesforce/usage";

const HOUR_MS = 3_600_000;

it("refuses what is over the limit and forgets what is a day old", () => {
  const clock = createManualClock(new Date("2026-03-02T10:00:00Z"));
  const usage = createUsage({ now: () => clock.now(), limit: 3 });
  usage.take();
  clock.advance(20 * HOUR_MS);
  expect([usage.take(), usage.take(), usage.take()]).toEqual([true, true, false]);
  expect(usage.read()).toEqual({ used: 3, limit: 3 });
  clock.advance(4 * HOUR_MS);
  expect(usage.read().used).toBe(2);
  expect(usage.take()).toBe(true);
});
