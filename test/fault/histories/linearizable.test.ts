/** Does the checker accept what could have happened, and nothing else? */
import { describe, expect, it } from "vitest";
import { isLinearizable, type Call } from "./linearizable.ts";

const call = (beganMs: number, endedMs: number | undefined, saw: Call["saw"]): Call => ({
  beganMs,
  endedMs,
  saw,
});
const ran = (body = "a") => ({ kind: "ran", body }) as const;
const replayed = (body = "a") => ({ kind: "replayed", body }) as const;
const unknown = { kind: "unknown" } as const;
const mismatch = { kind: "mismatch" } as const;

describe("isLinearizable", () => {
  it.each<[string, boolean, Call[]]>([
    ["no call", true, []],
    ["work, then its replay", true, [call(0, 1, ran()), call(2, 3, replayed())]],
    ["a replay before any work", false, [call(0, 1, replayed()), call(2, 3, ran())]],
    ["a replay that overlaps the work", true, [call(0, 3, replayed()), call(1, 2, ran())]],
    ["work done twice", false, [call(0, 1, ran()), call(2, 3, ran())]],
    ["work done twice at once", false, [call(0, 3, ran()), call(1, 2, ran())]],
    ["a replay of other bytes", false, [call(0, 1, ran()), call(2, 3, replayed("b"))]],
    ["a lost call that did the work", true, [call(0, undefined, unknown), call(2, 3, replayed())]],
    ["a lost call that did nothing", true, [call(0, undefined, unknown), call(2, 3, ran())]],
    [
      "a lost call that did the work after another had been refused",
      true,
      [call(0, undefined, unknown), call(1, 2, unknown), call(3, 4, replayed())],
    ],
    [
      "two different replays of a lost call",
      false,
      [call(0, undefined, unknown), call(2, 3, replayed()), call(4, 5, replayed("b"))],
    ],
    [
      "a lost call that began after the replay",
      false,
      [call(0, 1, replayed()), call(2, undefined, unknown)],
    ],
    ["a mismatch after work", true, [call(0, 1, ran()), call(2, 3, mismatch)]],
    ["a mismatch with nothing", false, [call(0, 1, mismatch), call(2, 3, ran())]],
  ])("%s: %s", (_name, expected, calls) => {
    expect(isLinearizable(calls)).toBe(expected);
  });
});
