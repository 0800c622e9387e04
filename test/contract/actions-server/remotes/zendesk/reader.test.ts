/** Does the reader get a ticket over real HTTP, whatever Zendesk and the network do on the way? */
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { Secret } from "#platform/secret";
import { createOutbound, type OutboundOptions } from "#platform/outbound/send";
import { createZendeskClient } from "#remotes/zendesk/client";
import { apiTokenCredentials } from "#remotes/zendesk/credentials";
import { createZendeskReader } from "#remotes/zendesk/reader";
import { ticketRow, userRow } from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
import {
  breaksOff,
  inTurn,
  json,
  stalls,
  startScriptedServer,
  staysSilent,
  text,
  type Answer,
  type ReceivedCall,
} from "../../scripted-server.ts";

const TICKET = "/api/v2/tickets/12.json";
const ticketPage = { ticket: ticketRow, users: [userRow] };

function readerOf(origin: string, options: OutboundOptions = {}) {
  const outbound = createOutbound(options);
  onTestFinished(() => outbound.close());
  const credentials = apiTokenCredentials("admin@example.com", new Secret("secret"));
  return createZendeskReader(
    createZendeskClient({ origin, credentials, outbound, random: () => 0.5 }),
  );
}

async function startReader(route: (call: ReceivedCall) => Answer, options: OutboundOptions = {}) {
  const zendesk = await startScriptedServer(route);
  return { zendesk, reader: readerOf(zendesk.origin, options) };
}

function call(budgetMs = 5_000) {
  const deadline = createDeadline(budgetMs);
  onTestFinished(() => deadline.clear());
  return { deadline, requestId: "request-1" };
}

it("one request reads a ticket, signed and named", async () => {
  const { zendesk, reader } = await startReader(() => json(ticketPage));
  expect((await reader.ticket("12", call()))?.ticket.id).toBe("12");
  expect(zendesk.calls).toHaveLength(1);
  expect(zendesk.calls[0]).toMatchObject({
    method: "GET",
    path: `${TICKET}?include=users`,
    headers: {
      authorization: `Basic ${Buffer.from("admin@example.com/token:secret").toString("base64")}`,
      "x-request-id": "request-1",
    },
  });
});

describe("when Zendesk pushes back", () => {
  it.each([
    ["429 as JSON", json({ error: "APIRateLimitExceeded" }, 429, { "retry-after": "1" }), 1_000],
    [
      "429 as text",
      text("Number of allowed API requests per minute exceeded", 429, { "retry-after": "1" }),
      1_000,
    ],
    ["503 without a hint", text("", 503), 0],
    ["500", json({}, 500), 0],
    ["a page instead of JSON", text("<html>maintenance</html>", 200), 0],
    ["a body that breaks off", breaksOff, 0],
  ])("waits and asks again after %s", async (_what, refusal, waitMs) => {
    const turn = inTurn(refusal, json(ticketPage));
    const { zendesk, reader } = await startReader(() => turn());
    const started = performance.now();

    const found = await reader.ticket("12", call());

    expect(found?.ticket.id).toBe("12");
    expect(zendesk.calls).toHaveLength(2);
    expect(performance.now() - started).toBeGreaterThanOrEqual(waitMs);
  });

  it.each([
    ["a body", stalls],
    ["an answer", staysSilent],
  ])("gives %s that does not come up early enough for another attempt", async (_what, refusal) => {
    const turn = inTurn(refusal, json(ticketPage));
    const { reader } = await startReader(() => turn(), {
      headersTimeoutMs: 300,
      bodyTimeoutMs: 300,
    });
    expect((await reader.ticket("12", call()))?.ticket.id).toBe("12");
  });

  it("does not wait for a Retry-After beyond its deadline, and hands it on", async () => {
    const { zendesk, reader } = await startReader(() => text("", 429, { "retry-after": "30" }));
    const started = performance.now();
    await expect(reader.ticket("12", call(10_000))).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
      retryAfterSeconds: 30,
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(zendesk.calls).toHaveLength(1);
  });

  it.each([
    ["stays busy", text("", 503)],
    ["always breaks off", breaksOff],
    ["always stalls", stalls],
    ["stays silent", staysSilent],
    ["always answers a page", text("<html></html>")],
    ["answers JSON that breaks off inside", text('{"ticket":')],
  ])("says unavailable within its deadline when Zendesk %s", async (_what, answer) => {
    const { reader } = await startReader(() => answer);
    const started = performance.now();
    await expect(reader.ticket("12", call(600))).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
      message: expect.stringContaining(`GET ${TICKET}`) as string,
    });
    // Without a deadline it would never end; a busy machine gets some time more.
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it("says unavailable when nobody listens", async () => {
    const reader = readerOf("http://127.0.0.1:1");
    await expect(reader.ticket("12", call(500))).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
      message: `Zendesk could not be reached, or broke off: GET ${TICKET}`,
    });
  });
});

it("refuses a body without end", async () => {
  const { reader } = await startReader(() => json("x".repeat(5_000)), {
    maxResponseBytes: 1_000,
  });
  await expect(reader.ticket("12", call())).rejects.toMatchObject({
    code: "ZENDESK_REFUSED",
    message: `Zendesk answered more than we read: GET ${TICKET}`,
  });
});
