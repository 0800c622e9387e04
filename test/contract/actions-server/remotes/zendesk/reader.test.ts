/** Does the reader get a conversation over real HTTP, whatever Zendesk and the network do on the way? */
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { Secret } from "#platform/secret";
import { createOutbound, type OutboundOptions } from "#platform/outbound/send";
import { createZendeskClient } from "#remotes/zendesk/client";
import { apiTokenCredentials } from "#remotes/zendesk/credentials";
import { createZendeskReader } from "#remotes/zendesk/reader";
import {
  commentRow,
  ticketRow,
  userRow,
} from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
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
const COMMENTS = "/api/v2/tickets/12/comments.json";
const ticketPage = { ticket: ticketRow, users: [userRow] };

const commentsPage = (comments: unknown[], meta: unknown = { has_more: false }) =>
  json({ comments, users: [userRow, { ...userRow, id: 6, name: "Ann", role: "agent" }], meta });

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

describe("ticket", () => {
  it("takes one request, signed and named", async () => {
    const { zendesk, reader } = await startReader(() => json(ticketPage));

    const found = await reader.ticket("12", call());

    expect(found).toEqual({
      ticket: {
        id: "12",
        subject: "Parcel never came",
        status: "solved",
        channel: "email",
        requesterId: "5",
        assigneeId: "6",
        groupId: "7",
        brandId: "8",
        organizationId: undefined,
        formId: "9",
        tags: ["vip"],
        customFields: [],
        isFromMessaging: false,
        createdAt: new Date("2026-11-20T08:00:00Z"),
        updatedAt: new Date("2026-11-20T09:00:00Z"),
        generatedAt: undefined,
      },
      users: [
        {
          id: "5",
          name: "Rita",
          email: "rita@example.com",
          role: "end-user",
          updatedAt: new Date("2026-11-01T00:00:00Z"),
        },
      ],
    });
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

  it.each([[0], [-1], [1.5], ["1795165200"], [null]])(
    "reads a ticket whose generated_timestamp is %j as one of which it is unknown",
    async (generated_timestamp) => {
      const row = { ...ticketRow, generated_timestamp };
      const { reader } = await startReader(() => json({ ticket: row }));
      expect((await reader.ticket("12", call()))?.ticket.generatedAt).toBeUndefined();
    },
  );

  it("reads a status in capitals as the same status", async () => {
    const { reader } = await startReader(() =>
      json({ ticket: { ...ticketRow, status: "SOLVED" } }),
    );
    expect((await reader.ticket("12", call()))?.ticket.status).toBe("solved");
  });

  it("finds no ticket where Zendesk has no record", async () => {
    const { reader } = await startReader(() =>
      json({ error: "RecordNotFound", description: "Not found" }, 404),
    );
    expect(await reader.ticket("12", call())).toBeUndefined();
  });
});

describe("conversation", () => {
  it("takes two requests for a short one", async () => {
    const { zendesk, reader } = await startReader(({ path }) =>
      path.startsWith(COMMENTS) ? commentsPage([commentRow(1), commentRow(2)]) : json(ticketPage),
    );

    const found = await reader.conversation("12", call());

    expect(zendesk.calls.map(({ path }) => path)).toEqual([
      `${TICKET}?include=users`,
      `${COMMENTS}?include=users&page[size]=100`,
    ]);
    expect(found?.comments.map(({ id, body }) => [id, body])).toEqual([
      ["1", "comment 1"],
      ["2", "comment 2"],
    ]);
    expect(found?.users.map(({ id }) => id)).toEqual(["5", "6"]);
  });

  it("follows the pages of a long one and keeps each comment once", async () => {
    const { zendesk, reader } = await startReader(({ path }) => {
      if (!path.startsWith(COMMENTS)) return json(ticketPage);
      if (path.endsWith("page[after]=b=")) return commentsPage([commentRow(3)]);
      if (path.endsWith("page[after]=a=")) {
        return commentsPage([commentRow(2)], { has_more: true, after_cursor: "b=" });
      }
      return commentsPage([commentRow(1), commentRow(2)], { has_more: true, after_cursor: "a=" });
    });

    const found = await reader.conversation("12", call());

    expect(found?.comments.map(({ id }) => id)).toEqual(["1", "2", "3"]);
    expect(zendesk.calls).toHaveLength(4);
  });

  it("keeps every digit of a 64-bit id", async () => {
    const { reader } = await startReader(({ path }) =>
      path.startsWith(COMMENTS)
        ? json(
            JSON.stringify({ comments: [commentRow("@")], meta: { has_more: false } }).replace(
              '"id":"@"',
              '"id":9223372036854775807',
            ),
          )
        : json(ticketPage),
    );
    const found = await reader.conversation("12", call());
    expect(found?.comments[0]?.id).toBe("9223372036854775807");
  });

  it("is gone when the ticket is deleted between the two requests", async () => {
    const { reader } = await startReader(({ path }) =>
      path.startsWith(COMMENTS) ? json({ error: "RecordNotFound" }, 404) : json(ticketPage),
    );
    expect(await reader.conversation("12", call())).toBeUndefined();
  });

  it.each([
    ["no cursor", { has_more: true, after_cursor: null }, 2],
    ["the same cursor", { has_more: true, after_cursor: "a" }, 3],
  ])("refuses to read for ever when more pages come with %s", async (_what, meta, requests) => {
    const { zendesk, reader } = await startReader(({ path }) =>
      path.startsWith(COMMENTS) ? commentsPage([commentRow(1)], meta) : json(ticketPage),
    );
    await expect(reader.conversation("12", call())).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
      message: `GET ${COMMENTS} promises more pages but gives no new cursor`,
    });
    expect(zendesk.calls).toHaveLength(requests);
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
    await expect(reader.ticket("12", call(2_000))).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
      retryAfterSeconds: 30,
    });
    expect(performance.now() - started).toBeLessThan(1_000);
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
    expect(performance.now() - started).toBeLessThan(900);
  });

  it("says unavailable when nobody listens", async () => {
    const reader = readerOf("http://127.0.0.1:1");
    await expect(reader.ticket("12", call(500))).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
      message: `Zendesk could not be reached, or broke off: GET ${TICKET}`,
    });
  });
});

describe("when Zendesk says no", () => {
  it.each([
    ["401", json({ error: "Couldn't authenticate you" }, 401), "401 (Couldn't authenticate you)"],
    ["403", json({ error: { title: "Forbidden", message: "no" } }, 403), "403 (Forbidden: no)"],
    [
      "a wrong address",
      json({ error: "InvalidEndpoint", description: "Not found" }, 404),
      "404 (InvalidEndpoint: Not found)",
    ],
    ["a redirect", text("", 302, { location: "http://127.0.0.1:1/" }), "302"],
  ])("refuses %s at once", async (_what, answer, said) => {
    const { zendesk, reader } = await startReader(() => answer);
    await expect(reader.ticket("12", call())).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
      message: `Zendesk answered GET ${TICKET} with ${said}`,
    });
    expect(zendesk.calls).toHaveLength(1);
  });

  it.each([
    [{ ticket: { ...ticketRow, id: "12a" } }, "/ticket/id must be integer"],
    [
      { ticket: { ...ticketRow, created_at: "yesterday" } },
      '/ticket/created_at must match format "date-time"',
    ],
    [
      { ticket: { ...ticketRow, updated_at: "2026-11-31T99:00:00Z" } },
      '/ticket/updated_at must match format "date-time"',
    ],
    [{ tickets: [] }, "the body must have required property 'ticket'"],
    [[], "the body must be object"],
  ])("refuses an unknown form and says where: %j", async (body, problem) => {
    const { reader } = await startReader(() => json(body));
    await expect(reader.ticket("12", call())).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
      message: expect.stringContaining(problem) as string,
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
});
