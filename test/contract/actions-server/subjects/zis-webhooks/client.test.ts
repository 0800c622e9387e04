/** Does a request for a link reach Zendesk's inbound webhook, and does no message show the credential? */
import { describe, expect, it, onTestFinished } from "vitest";
import type { CaseLinkRequestedEvent } from "#contract/webhooks";
import { createDeadline } from "#platform/deadline";
import { createOutbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { createCaseLinkWebhook } from "#subjects/zis-webhooks/client";
import { inTurn, json, startScriptedServer, text, type Answer } from "../../scripted-server.ts";

const event: CaseLinkRequestedEvent = {
  event_id: "link-1",
  action: "link",
  ticket_id: "12",
  case_id: "500000000000001AAA",
};

const breaks: Answer = (response) => void response.destroy();

async function start(answer: () => Answer) {
  const zendesk = await startScriptedServer(() => answer());
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  const webhook = createCaseLinkWebhook({
    url: new Secret(`${zendesk.origin}/ingest/canary-path`),
    username: "name",
    password: new Secret("canary-password"),
    outbound,
    random: () => 0,
  });
  const post = (budgetMs = 3_000) => {
    const deadline = createDeadline(budgetMs);
    onTestFinished(() => deadline.clear());
    return webhook.post(event, { requestId: "r", deadline });
  };
  return { zendesk, post };
}

describe("post", () => {
  it("sends the event once, signed with the webhook's own credential", async () => {
    const { zendesk, post } = await start(() => text("", 200));
    await post();
    expect(zendesk.calls).toHaveLength(1);
    expect(zendesk.calls[0]).toMatchObject({
      method: "POST",
      path: "/ingest/canary-path",
      headers: {
        authorization: `Basic ${Buffer.from("name:canary-password").toString("base64")}`,
        "content-type": "application/json",
        "x-request-id": "r",
      },
    });
    expect(JSON.parse(zendesk.calls[0]?.body ?? "")).toEqual(event);
  });

  it.each([
    ["429", text("", 429, { "retry-after": "0" })],
    ["500", json({}, 500)],
    ["a connection that breaks", breaks],
  ])("sends the same event again after %s", async (_what, failure) => {
    const turn = inTurn(failure, text("", 202));
    const { zendesk, post } = await start(() => turn());
    await post();
    const [first, second] = zendesk.calls.map(({ body }) => body);
    expect(second).toBe(first);
  });

  it.each([
    [401, "ZENDESK_REFUSED"],
    [404, "ZENDESK_REFUSED"],
    [503, "ZENDESK_UNAVAILABLE"],
  ])("says of %i: %s, without the credential", async (status, code) => {
    const { post } = await start(() => text("", status));
    const error = await post(300).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code,
      message: `Zendesk answered POST to the inbound webhook case_link_requested with ${status}`,
    });
  });

  it("says unavailable when nobody listens, and when the time is over before it begins", async () => {
    const { zendesk, post } = await start(() => text("", 200));
    await expect(post(0)).rejects.toMatchObject({ code: "ZENDESK_UNAVAILABLE", retryable: true });
    expect(zendesk.calls).toEqual([]);

    const outbound = createOutbound();
    onTestFinished(() => outbound.close());
    const webhook = createCaseLinkWebhook({
      url: new Secret("http://127.0.0.1:9/ingest/canary-path"),
      username: "name",
      password: new Secret("canary-password"),
      outbound,
      random: () => 0,
    });
    const deadline = createDeadline(300);
    onTestFinished(() => deadline.clear());
    const error = await webhook.post(event, { requestId: "r", deadline }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "ZENDESK_UNAVAILABLE", retryable: true });
    expect(String(error)).not.toContain("canary");
  });
});
