import { describe, expect, it } from "vitest";
import { toSalesforceTime, toSecondPrecision, toUnixSeconds } from "#sandbox/clock";
import { createManualClock } from "../../support/manual-clock.ts";

const TIME = new Date("2026-03-02T10:00:05.999Z");

describe("time in the stand-ins", () => {
  it("stands still until it is moved", () => {
    const clock = createManualClock(TIME);
    expect(clock.now()).toEqual(TIME);
    clock.advance(1);
    expect(clock.now().toISOString()).toBe("2026-03-02T10:00:06.000Z");
  });

  it("is cut, not rounded, to the second for Zendesk", () => {
    expect(toSecondPrecision(TIME)).toBe("2026-03-02T10:00:05Z");
    expect(toUnixSeconds(TIME)).toBe(1_772_445_605);
  });

  it("keeps milliseconds and a numeric offset for Salesforce", () => {
    expect(toSalesforceTime(TIME)).toBe("2026-03-02T10:00:05.999+0000");
  });
});
