/** Is a token renewed in time, and refused when it cannot do what we need? */
import { describe, expect, it } from "vitest";
import { missingScopes, toAccessToken } from "../../../../actions-server/zendesk/token.ts";

describe("toAccessToken", () => {
  it.each([
    ["30 minutes", 1_800, 1_500],
    ["48 hours", 172_800, 172_500],
    ["25 minutes", 1_500, 1_200],
    ["5 minutes", 300, 240],
    ["10 seconds", 10, 8],
  ])("renews a life of %s ahead of its end", (_life, seconds, renewAfter) => {
    expect(toAccessToken({ access_token: "t", expires_in: seconds }, 1_000)).toEqual({
      value: "t",
      renewFromMs: 1_000 + renewAfter * 1_000,
      expiresAtMs: 1_000 + seconds * 1_000,
    });
  });

  it.each([[undefined], [null]])("keeps a token without an end (%s)", (expires) => {
    const reply =
      expires === undefined ? { access_token: "t" } : { access_token: "t", expires_in: expires };
    expect(toAccessToken(reply, 0).renewFromMs).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("missingScopes", () => {
  it.each([
    ["read", "read", []],
    ["read", "read write", []],
    ["tickets:read users:read", "users:read tickets:read", []],
    ["read tickets:write", "read", ["tickets:write"]],
    ["read", "", ["read"]],
    ["read", undefined, []],
  ])("of %j asked and %j granted", (asked, granted, missing) => {
    const reply =
      granted === undefined ? { access_token: "t" } : { access_token: "t", scope: granted };
    expect(missingScopes(asked, reply)).toEqual(missing);
  });
});
