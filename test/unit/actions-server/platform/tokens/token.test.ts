/** Is a token renewed in time, and refused when it cannot do what we need? */
import { describe, expect, it } from "vitest";
import { missingScopes, phaseOf } from "#platform/tokens/token";

const token = (lifeSeconds: number | null) => ({
  accessToken: "t",
  bornMs: 1_000,
  lifeSeconds,
  refreshToken: null,
  instanceUrl: null,
});

describe("phaseOf", () => {
  it.each([
    ["48 hours", 172_800, 172_500],
    ["30 minutes", 1_800, 1_500],
    ["25 minutes", 1_500, 1_200],
    ["just under 25 minutes", 1_490, 1_192],
    ["5 minutes", 300, 240],
    ["10 seconds", 10, 8],
  ])("renews a life of %s ahead of its end", (_life, seconds, renewAfter) => {
    const phase = (ageSeconds: number) => phaseOf(token(seconds), 1_000 + ageSeconds * 1_000);
    expect(phase(0)).toBe("fresh");
    expect(phase(renewAfter - 0.001)).toBe("fresh");
    expect(phase(renewAfter)).toBe("ageing");
    expect(phase(seconds - 0.001)).toBe("ageing");
    expect(phase(seconds)).toBe("ended");
  });

  it("keeps a token without an end", () => {
    expect(phaseOf(token(null), Number.MAX_SAFE_INTEGER)).toBe("fresh");
  });
});

describe("missingScopes", () => {
  it.each([
    ["read", "read", []],
    ["read", "read write", []],
    ["tickets:read users:read", "users:read tickets:read", []],
    ["tickets:read users:read", "read", []],
    ["tickets:read tickets:write", "read", ["tickets:write"]],
    ["read", "tickets:read", ["read"]],
    ["read", "", ["read"]],
    ["read", undefined, []],
  ])("of %j needed and %j granted", (needed, granted, missing) => {
    expect(missingScopes(needed, granted)).toEqual(missing);
  });
});
