import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, LIMITS, parseLimit } from "#zis/engine/limits";

describe("limits", () => {
  it("are the documented ones by default, and far where ZIS documents none", () => {
    const { seconds, transitions, mapItems, jqSeconds, jqInputBytes, jqOutputBytes } =
      DEFAULT_LIMITS;
    expect({ seconds, transitions, mapItems }).toEqual({
      seconds: 100,
      transitions: 250,
      mapItems: 100,
    });
    expect(jqSeconds).toBeGreaterThanOrEqual(seconds);
    expect(Math.min(jqInputBytes, jqOutputBytes)).toBeGreaterThan(50_000_000);
    expect(Object.keys(DEFAULT_LIMITS)).toEqual(Object.keys(LIMITS));
  });

  it.each([
    ["limits.seconds=30", { seconds: 30 }],
    ["limits.seconds=0.5", { seconds: 0.5 }],
    ["limits.transitions=1000", { transitions: 1000 }],
    ["limits.jqSeconds=1", { jqSeconds: 1 }],
  ])("are chosen by %s", (text, limits) => {
    expect(parseLimit(text)).toEqual({ ok: true, limits });
  });

  it.each([
    ["limits.minutes=1", 'there is no limit "limits.minutes=1"; there are limits.seconds, '],
    ["limits.toString=1", "there is no limit"],
    ["seconds=1", "there is no limit"],
    ["limits.seconds", "there is no limit"],
    ["limits.seconds=", "limits.seconds must be a number of seconds above 0"],
    ["limits.seconds=0", "limits.seconds must be a number of seconds above 0"],
    ["limits.seconds=-1", "limits.seconds must be a number of seconds above 0"],
    ["limits.transitions=1.5", 'limits.transitions must be a whole number above 0, not "1.5"'],
    ["limits.seconds=many", "limits.seconds must be a number of seconds above 0"],
  ])("refuse %s", (text, message) => {
    expect(parseLimit(text)).toMatchObject({
      ok: false,
      message: expect.stringContaining(message) as string,
    });
  });
});
