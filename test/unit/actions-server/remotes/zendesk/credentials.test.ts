/** Is every answer of Zendesk's token endpoint understood, and a revoked token replaced once? */
import nock from "nock";
import { describe, expect, it } from "vitest";
import { Secret } from "#platform/secret";
import { createMemoryTokenStore } from "#platform/tokens/store";
import { createZendeskClient } from "#remotes/zendesk/client";
import { oauthCredentials } from "#remotes/zendesk/credentials";
import { fetchOutbound, play, remoteCall, useVendorWire, ZENDESK } from "#test/support/vendor-wire";

useVendorWire();

function getTicket() {
  const common = { origin: ZENDESK, outbound: fetchOutbound, random: () => 0 };
  const credentials = oauthCredentials({
    ...common,
    clientId: "caseqa",
    clientSecret: new Secret("secret"),
    now: () => new Date(0),
    store: createMemoryTokenStore(),
  });
  const client = createZendeskClient({ ...common, credentials });
  return client.get("/api/v2/tickets/12.json", { include: "users" }, remoteCall());
}

describe("the OAuth token", () => {
  it("is replaced when Zendesk has revoked it", async () => {
    play("zendesk/token-revoked");
    expect(await getTicket()).toMatchObject({ ticket: { id: 12 } });
  });

  it.each([
    [
      "the client is unknown",
      401,
      { error: "invalid_client", error_description: "unknown" },
      "with 401 (invalid_client: unknown)",
    ],
    ["the scope is not allowed", 400, { error: "invalid_scope" }, "with 400 (invalid_scope)"],
    [
      "another scope is granted",
      201,
      { access_token: "t", scope: "tickets:read" },
      "without the scope tickets:write, users:read",
    ],
  ])("is refused once when %s", async (_what, status, body, said) => {
    nock(ZENDESK).post("/oauth/tokens").reply(status, body);
    await expect(getTicket()).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
      message: expect.stringContaining(said) as string,
    });
  });

  it("is not to be had when a page comes in its place", async () => {
    nock(ZENDESK).post("/oauth/tokens").reply(200, "<html></html>");
    await expect(getTicket()).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
      message: expect.stringContaining("POST /oauth/tokens unreadably") as string,
    });
  });
});
