/** Does background work leave an endpoint alone that refuses it, ever longer, and come back? */
import { describe, expect, it } from "vitest";
import type { Priority } from "#platform/outbound/budget";
import { createRefusals, refusalWaitMs } from "#platform/outbound/refusals";

describe("refusalWaitMs", () => {
  it.each([
    ["the first time", 1, 0, 0.5, 750],
    ["the fifth time", 5, 0, 0.5, 12_000],
    ["the hundredth time", 100, 0, 1, 120_000],
    ["with a Retry-After", 1, 30, 0.5, 30_250],
    ["with a Retry-After that is too short", 6, 1, 0, 16_000],
  ])("waits %s", (_when, refused, askedSeconds, random, waitMs) => {
    expect(refusalWaitMs(refused, askedSeconds, random)).toBe(waitMs);
  });
});

describe("refusals", () => {
  function setUp() {
    const clock = { ms: 0 };
    const refusals = createRefusals(
      () => clock.ms,
      () => 0,
    );
    const request = (priority: Priority, path = "/api/v2/incremental/tickets/cursor") =>
      ({ method: "GET", url: `https://acme.example${path}`, headers: {}, priority }) as const;
    const answer = (status: number, headers: Record<string, string> = {}) =>
      refusals.record(request("backfill"), { kind: "reply", status, headers, text: "" });
    return { clock, refusals, request, answer };
  }

  it("count although hundreds of requests seem to be left", () => {
    const { clock, refusals, request, answer } = setUp();
    answer(429, { "retry-after": "20", "ratelimit-limit": "700", "ratelimit-remaining": "650" });
    expect(refusals.waitMs(request("backfill"))).toBe(20_000);
    clock.ms = 20_000;
    expect(refusals.waitMs(request("backfill"))).toBe(0);
  });

  it("hold up no flow, no agent and no other endpoint", () => {
    const { refusals, request, answer } = setUp();
    answer(429, { "retry-after": "20" });
    expect(refusals.waitMs(request("flow"))).toBe(0);
    expect(refusals.waitMs(request("agent"))).toBe(0);
    expect(refusals.waitMs(request("backfill", "/api/v2/tickets/1.json"))).toBe(0);
  });

  it("make the interval grow, and each success makes it shrink again", () => {
    const { clock, refusals, request, answer } = setUp();
    const waits = [429, 429, 429, 200, 200, 429].map((status) => {
      clock.ms += 1_000_000;
      answer(status);
      return refusals.waitMs(request("backfill"));
    });
    expect(waits).toEqual([500, 1_000, 2_000, 0, 0, 1_000]);
  });
});
