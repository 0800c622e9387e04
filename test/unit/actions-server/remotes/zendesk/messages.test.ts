/** Does one odd row cost no other, and is what was said looked for wherever it may be? */
import nock from "nock";
import { describe, expect, it } from "vitest";
import { createZendeskReader } from "#remotes/zendesk/reader";
import { play, remoteCall, useVendorWire, ZENDESK, zendeskOnWire } from "#test/support/vendor-wire";
import { commentRow, ticketRow } from "./ticket-samples.ts";

useVendorWire();

/** Reads a conversation of which Zendesk answers these parts; without audits or log there is no such endpoint. */
async function read(pages: {
  readonly ticket?: object;
  readonly comments?: unknown[];
  readonly users?: unknown[];
  readonly audits?: object;
  readonly log?: object;
}) {
  const { comments = [], users = [], ...more } = pages;
  const ticket = { ...ticketRow, ...pages.ticket };
  const path = "/api/v2/tickets/12";
  const server = nock(ZENDESK);
  server.get(`${path}.json`).query(true).reply(200, { ticket, users });
  server
    .get(`${path}/comments.json`)
    .query(true)
    .reply(200, { comments, users, meta: { has_more: false } });
  const gone = { error: "InvalidEndpoint", description: "Not found" };
  const answers = [
    ["audits.json", more.audits],
    ["conversation_log", more.log],
  ] as const;
  for (const [name, body] of answers) {
    server
      .get(`${path}/${name}`)
      .query(true)
      .optionally()
      .reply(body ? 200 : 404, body ?? gone);
  }
  return createZendeskReader(zendeskOnWire()).conversation("12", remoteCall());
}

const chatOf = (history: unknown[], more: object = {}) => ({
  audits: [
    {
      id: 1,
      created_at: "2026-11-20T08:00:00Z",
      via: { channel: "whatsapp" },
      events: [
        null,
        { type: "Create", field_name: "status", value: "new" },
        { id: 2, type: "ChatStartedEvent", value: { chat_id: "c1", history }, ...more },
      ],
    },
  ],
});

describe("what Zendesk answers", () => {
  it("odd things of a chat are counted, the others kept, each once", async () => {
    const message = { type: "ChatMessage", message_id: "m1", message: "Hello", actor_id: 5 };
    const found = await read({
      ticket: { via: { channel: "whatsapp" } },
      comments: [commentRow(1, { body: "", html_body: "" })],
      audits: chatOf(
        [
          { ...message, timestamp: 1_795_162_000_000 },
          { ...message, timestamp: 1_795_162_000_000, actor_type: "end-user", actor_name: null },
          { type: "ChatJoin", chat_index: 0, actor_name: "Rita" },
          { type: "ChatMessage", chat_index: 1, message: "No time", timestamp: "yesterday" },
          { type: "ChatMessage", chat_index: 2, message: null },
          { type: "ChatMessage", chat_index: 3, message: "Microseconds", timestamp: 1_795e12 },
          "what?",
        ],
        { attachments: [{ id: 9, file_name: "a.pdf", content_url: "https://a.example/a.pdf" }] },
      ),
    });
    expect(found).toMatchObject({ skipped: 3, unreadable: undefined });
    expect(found?.comments.at(-1)?.createdAt).toBeUndefined();
    expect(
      found?.comments.map(({ id, body, attachments }) => [id, body, attachments[0]?.fileName]),
    ).toEqual([
      ["1", "", undefined],
      ["chat:c1:file:9", "", "a.pdf"],
      ["chat:c1:m1", "Hello", undefined],
      ["chat:c1:1", "No time", undefined],
      ["chat:c1:3", "Microseconds", undefined],
    ]);
  });

  it("a message that the Conversation Log has on two pages is kept once", async () => {
    const event = { id: "01J", type: "Messaging::ConversationMessage", content: { text: "Hello" } };
    const found = await read({ comments: [], log: { events: [event, event] } });
    expect(found?.comments.map(({ id, body }) => [id, body])).toEqual([["log:01J", "Hello"]]);
  });

  it("one odd comment, attachment, person or field does not cost the others", async () => {
    const comments = Array.from({ length: 99 }, (_, id) => commentRow(id + 1));
    const odd = [
      commentRow(100, {
        author_id: null,
        public: null,
        via: "web",
        attachments: [null, { id: null }],
      }),
      commentRow(101, { body: 7 }),
      { ...commentRow(102), id: null },
      null,
    ];
    const found = await read({
      ticket: {
        custom_fields: [
          { id: 77, value: "1026" },
          { id: null, value: 1 },
        ],
        tags: "vip b2b",
      },
      comments: [...comments, ...odd],
      users: [
        { id: 5, name: "Rita" },
        { id: null, name: "?" },
      ],
    });
    expect(found?.comments).toHaveLength(101);
    expect(found?.comments.at(-2)).toMatchObject({
      id: "100",
      authorId: undefined,
      public: undefined,
      body: "comment 100",
      attachments: [{ id: undefined }],
    });
    expect(found?.comments.at(-1)).toMatchObject({ id: "101", body: "" });
    expect(found?.ticket).toMatchObject({
      customFields: [{ id: "77", value: "1026" }],
      tags: ["vip", "b2b"],
    });
    // Of the comments: via, an attachment, a body, two rows. A field. The person twice, beside ticket and comments.
    expect(found?.skipped).toBe(8);
  });

  it("a call is kept whole, and counts as a message", async () => {
    const data = { recording_url: "https://acme.zendesk.com/r", call_duration: "40", from: "+1" };
    const found = await read({
      comments: [commentRow(1, { type: "VoiceComment", body: null, html_body: null, data })],
    });
    expect(found).toMatchObject({
      unreadable: undefined,
      comments: [{ kind: "voice", body: "", data }],
    });
  });

  it("a ticket whose comments say nothing is looked for elsewhere, whatever its channel", async () => {
    const found = await read({
      comments: [commentRow(1, { body: null })],
      audits: chatOf([{ type: "ChatMessage", chat_index: 0, message: "Hello" }]),
    });
    expect(found?.comments.map(({ body }) => body)).toContain("Hello");
    expect((await read({ comments: [] }))?.unreadable).toContain("cannot be read");
  });

  it("a conversation of which nobody knows what was said is unreadable", async () => {
    const silent = { audits: { audits: [] }, log: { events: [] } };
    expect((await read({ comments: [], ...silent }))?.unreadable).toBe(
      "what was said is not in the comments, nor in the audits or the Conversation Log of this ticket",
    );
  });

  it("a conversation is not given up because Zendesk is away", async () => {
    play("zendesk/audits-away");
    const reader = createZendeskReader(zendeskOnWire());
    await expect(reader.conversation("12", remoteCall())).rejects.toMatchObject({
      code: "ZENDESK_UNAVAILABLE",
    });
  });
});
