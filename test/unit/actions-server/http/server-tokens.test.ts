/** Are tokens read from the setting, and callers told apart by them? */
import { describe, expect, it } from "vitest";
import { createAuthenticate } from "../../../../actions-server/http/auth.ts";
import { parseServerTokens } from "../../../../actions-server/http/server-tokens.ts";

const OLD = "old-token-of-acme-1";
const NEW = "new-token-of-acme-2";
const OTHER = "token-of-globex-123";

function accountOf(setting: string, authorization: string | undefined): string {
  const tokens = parseServerTokens(setting);
  if (typeof tokens === "string") throw new Error(tokens);
  return createAuthenticate(tokens)(authorization);
}

describe("parseServerTokens", () => {
  it.each([
    ["pairs", `acme:${OLD}, globex:${OTHER}, acme:${NEW}`],
    ["JSON", JSON.stringify({ acme: [OLD, NEW], globex: OTHER })],
  ])("reads %s, several tokens for an account among them", (_, setting) => {
    expect(accountOf(setting, `Bearer ${OLD}`)).toBe("acme");
    expect(accountOf(setting, `Bearer ${NEW}`)).toBe("acme");
    expect(accountOf(setting, `bearer  ${OTHER}`)).toBe("globex");
  });

  it.each([
    ["{broken", /neither account:token pairs nor a JSON object/],
    ["{}", /neither account:token pairs nor a JSON object/],
    [`ACME!:${OLD}`, /no valid account in entry 1/],
    [`acme:${OLD},`, /no valid account in entry 2/],
    ["acme:short", /token of the wrong form for the account acme/],
    ['{"acme":7}', /token of the wrong form for the account acme/],
    [`acme:${OLD},globex:${OLD}`, /gives one token to two accounts/],
  ])("refuses %j without showing a token", (setting, message) => {
    const fault = parseServerTokens(setting);
    expect(fault).toMatch(message);
    expect(fault).not.toContain(OLD);
  });
});

describe("createAuthenticate", () => {
  it.each([
    [undefined],
    [""],
    ["Bearer"],
    ["Bearer "],
    [`Basic ${OLD}`],
    ["Bearer wrong-token-1234567"],
    [`Bearer ${OLD} ${OLD}`],
    [`Bearer ${OLD}x`],
  ])("refuses the header %j", (authorization) => {
    expect(() => accountOf(`acme:${OLD}`, authorization)).toThrow(
      expect.objectContaining({ code: "UNAUTHORIZED" }) as Error,
    );
  });
});
