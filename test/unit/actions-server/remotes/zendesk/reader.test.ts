/** Is a conversation whole in every form in which Zendesk keeps one? */
import nock from "nock";
import { describe, expect, it } from "vitest";
import { createZendeskReader } from "#remotes/zendesk/reader";
import { play, remoteCall, useVendorWire, ZENDESK, zendeskOnWire } from "#test/support/vendor-wire";
import { commentRow, ticketRow, userRow } from "./ticket-samples.ts";

useVendorWire();

const TICKET = "/api/v2/tickets/12.json";
const COMMENTS = "/api/v2/tickets/12/comments.json";
const ticket = () => createZendeskReader(zendeskOnWire()).ticket("12", remoteCall());
const conversation = () => createZendeskReader(zendeskOnWire()).conversation("12", remoteCall());

/** Zendesk answers the ticket in this way. */
function answerTicket(body: nock.Body, status = 200, headers: nock.ReplyHeaders = {}) {
  nock(ZENDESK).get(TICKET).query({ include: "users" }).reply(status, body, headers);
}

function answerComments(body: nock.Body, status = 200, after: Record<string, string> = {}) {
  const query = { include: "users", "page[size]": "100", ...after };
  nock(ZENDESK).get(COMMENTS).query(query).reply(status, body);
}

describe("a recorded conversation", () => {
  it("of a mailbox comes whole from two pages, a call and a redacted file included", async () => {
    play("zendesk/conversation");
    const found = await conversation();
    expect(found).toMatchObject({
      ticket: {
        channel: undefined,
        tags: ["vip", "b2b"],
        customFields: [{ id: "77", value: "1026" }],
        generatedAt: undefined,
      },
      users: [
        { id: "9005", name: "Rita Moss" },
        { id: "9006", role: "agent" },
      ],
      skipped: 0,
      unreadable: undefined,
    });
    expect(found?.comments).toMatchObject([
      { id: "501", kind: "comment", public: true, channel: "email" },
      { id: "502", authorId: "-1", public: false, channel: "rule" },
      { id: "503", kind: "voice", body: "", data: { call_duration: "40" } },
      {
        id: "504",
        authorId: undefined,
        public: undefined,
        attachments: [{ id: undefined, fileName: "redacted.txt", contentUrl: undefined, size: 0 }],
      },
    ]);
  });

  it("of WhatsApp is in the audits", async () => {
    play("zendesk/whatsapp-in-audits");
    expect(await conversation()).toMatchObject({
      ticket: { isFromMessaging: true },
      comments: [
        { id: "chat:2611.9005.x:m1", authorId: "9005", body: "My parcel is broken" },
        { id: "chat:2611.9005.x:m2", attachments: [{ fileName: "photo.jpg", size: 12 }] },
        { id: "chat:2611.9005.x:m3", authorId: "9006", data: { author_type: "agent" } },
      ],
      skipped: 0,
      unreadable: undefined,
    });
  });

  it("of messaging is in the Conversation Log where the scope does not open the audits", async () => {
    play("zendesk/messaging-in-log");
    expect(await conversation()).toMatchObject({
      comments: [
        { id: "log:msg-1", authorId: undefined, body: "How can I help?" },
        { id: "log:msg-2", authorId: "9005", attachments: [{ fileName: "photo.jpg" }] },
      ],
      skipped: 0,
      unreadable: undefined,
    });
  });
});

describe("a ticket", () => {
  it("takes one request, and every member of it is read", async () => {
    answerTicket({ ticket: ticketRow, users: [userRow] });
    expect(await ticket()).toEqual({
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
  });

  it.each([[0], [-1], [1.5], ["1795165200"], [null]])(
    "whose generated_timestamp is %j is one of which it is unknown",
    async (generated_timestamp) => {
      answerTicket({ ticket: { ...ticketRow, generated_timestamp } });
      expect((await ticket())?.ticket.generatedAt).toBeUndefined();
    },
  );

  it("with a status in capitals has the same status", async () => {
    answerTicket({ ticket: { ...ticketRow, status: "SOLVED" } });
    expect((await ticket())?.ticket.status).toBe("solved");
  });

  it("is not found where Zendesk has no record", async () => {
    answerTicket({ error: "RecordNotFound", description: "Not found" }, 404);
    expect(await ticket()).toBeUndefined();
  });

  it("is read once Zendesk has time for it", async () => {
    play("zendesk/busy");
    expect((await ticket())?.ticket.id).toBe("12");
  });

  it.each([
    [401, { error: "Couldn't authenticate you" }, "401 (Couldn't authenticate you)"],
    [403, { error: { title: "Forbidden", message: "no" } }, "403 (Forbidden: no)"],
    [
      404,
      { error: "InvalidEndpoint", description: "Not found" },
      "404 (InvalidEndpoint: Not found)",
    ],
    [302, "", "302"],
  ])("is refused at once with a %i: %j", async (status, body, said) => {
    answerTicket(body, status, { location: "http://127.0.0.1:1/" });
    await expect(ticket()).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
      message: `Zendesk answered GET ${TICKET} with ${said}`,
    });
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
  ])("in an unknown form is refused, and says where: %j", async (body, problem) => {
    answerTicket(body);
    await expect(ticket()).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
      message: expect.stringContaining(problem) as string,
    });
  });
});

describe("a conversation", () => {
  const users = [userRow, { ...userRow, id: 6, name: "Ann", role: "agent" }];

  it("takes two requests when it is short", async () => {
    answerTicket({ ticket: ticketRow, users: [userRow] });
    answerComments({
      comments: [commentRow(1), commentRow(2)],
      users,
      meta: { has_more: false },
    });
    const found = await conversation();
    expect(found?.comments.map(({ id, body }) => [id, body])).toEqual([
      ["1", "comment 1"],
      ["2", "comment 2"],
    ]);
    expect(found?.users.map(({ id }) => id)).toEqual(["5", "6"]);
  });

  it("keeps each comment once over three pages", async () => {
    answerTicket({ ticket: ticketRow });
    const pages = [
      [[1, 2], "a=", {}],
      [[2], "b=", { "page[after]": "a=" }],
      [[3], undefined, { "page[after]": "b=" }],
    ] as const;
    for (const [ids, next, after] of pages) {
      const meta = { has_more: next !== undefined, after_cursor: next ?? null };
      answerComments({ comments: ids.map((id) => commentRow(id)), users, meta }, 200, after);
    }
    expect((await conversation())?.comments.map(({ id }) => id)).toEqual(["1", "2", "3"]);
  });

  it("keeps every digit of a 64-bit id", async () => {
    answerTicket({ ticket: ticketRow });
    const page = { comments: [commentRow("@")], meta: { has_more: false } };
    answerComments(JSON.stringify(page).replace('"id":"@"', '"id":9223372036854775807'));
    expect((await conversation())?.comments[0]?.id).toBe("9223372036854775807");
  });

  it("is gone when the ticket is deleted between the two requests", async () => {
    answerTicket({ ticket: ticketRow });
    answerComments({ error: "RecordNotFound" }, 404);
    expect(await conversation()).toBeUndefined();
  });

  it.each([
    ["no cursor", null],
    ["the same cursor", "a"],
  ])("is not read for ever when more pages come with %s", async (_what, after_cursor) => {
    answerTicket({ ticket: ticketRow });
    const page = { comments: [commentRow(1)], meta: { has_more: true, after_cursor } };
    answerComments(page);
    if (after_cursor !== null) answerComments(page, 200, { "page[after]": after_cursor });
    await expect(conversation()).rejects.toMatchObject({
      code: "ZENDESK_REFUSED",
      message: `GET ${COMMENTS} promises more pages but gives no new cursor`,
    });
  });
});
