/** Is a call repeated when that may help, and never past its deadline? */
import { describe, expect, it } from "vitest";
import { retryAfterSeconds, retryDelayMs } from "#platform/outbound/retry";

const question = { attempts: 1, retryAfterSeconds: undefined, remainingMs: 60_000, random: 1 };

describe("retryDelayMs", () => {
  it.each([
    [1, 100],
    [2, 200],
    [3, 400],
    [4, 800],
  ])("backs off after attempt %i by at most %i ms", (attempts, ceiling) => {
    expect(retryDelayMs({ ...question, attempts })).toBe(ceiling);
    expect(retryDelayMs({ ...question, attempts, random: 0 })).toBe(0);
    expect(retryDelayMs({ ...question, attempts, random: 0.5 })).toBe(ceiling / 2);
  });

  it("gives up after five attempts", () => {
    expect(retryDelayMs({ ...question, attempts: 5 })).toBeUndefined();
  });

  it.each([0, undefined])(
    "backs off as ever when the remote system asks for %s seconds",
    (asked) => {
      expect(retryDelayMs({ ...question, retryAfterSeconds: asked, attempts: 3 })).toBe(400);
    },
  );

  it("waits at least as long as the remote system asks, and not with all others at once", () => {
    const asked = { ...question, retryAfterSeconds: 3 };
    expect(retryDelayMs({ ...asked, random: 0 })).toBe(3_000);
    expect(retryDelayMs({ ...asked, random: 1 })).toBe(3_250);
  });

  it.each([
    ["a Retry-After", { retryAfterSeconds: 3, random: 0, remainingMs: 3_099 }],
    ["a back-off", { random: 1, remainingMs: 199 }],
    ["anything", { random: 0, remainingMs: 0 }],
  ])("gives up when the deadline leaves no room for %s", (_what, limits) => {
    expect(retryDelayMs({ ...question, ...limits })).toBeUndefined();
  });

  it("uses the last moment that is long enough", () => {
    const last = { ...question, retryAfterSeconds: 3, random: 0, remainingMs: 3_100 };
    expect(retryDelayMs(last)).toBe(3_000);
  });
});

describe("retryAfterSeconds", () => {
  it.each([
    ["7", 7],
    [" 0 ", 0],
    ["1.5", 1.5],
    ["-1", undefined],
    ["soon", undefined],
    ["1e9", undefined],
    ["599.5", 599.5],
    ["601", 600],
    ["1000000000", 600],
    ["99999999999999999999", 600],
    ["Wed, 25 Nov 2026 08:00:30 GMT", 30],
    ["Wed, 25 Nov 2026 07:59:59 GMT", undefined],
    ["Wed, 25 Nov 2066 08:00:00 GMT", 600],
    [undefined, undefined],
  ])("reads %j", (value, seconds) => {
    const date = "Wed, 25 Nov 2026 08:00:00 GMT";
    const headers = { date, ...(value !== undefined && { "retry-after": value }) };
    expect(retryAfterSeconds({ kind: "reply", status: 429, headers, text: "" })).toBe(seconds);
  });

  it("reads no date of a reply that has none of its own", () => {
    const headers = { "retry-after": "Wed, 25 Nov 2026 08:00:30 GMT" };
    expect(retryAfterSeconds({ kind: "reply", status: 503, headers, text: "" })).toBeUndefined();
  });
});
