/** Is what was said found where Zendesk keeps it, and never taken for silence where it may not be read? */
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { createOutbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { createZendeskClient } from "#remotes/zendesk/client";
import { apiTokenCredentials } from "#remotes/zendesk/credentials";
import { createZendeskReader } from "#remotes/zendesk/reader";
import { commentRow, ticketRow } from "#test/unit/actions-server/remotes/zendesk/ticket-samples";
import { startPlatforms } from "../../platforms.ts";
import { json, startScriptedServer, type Answer } from "../../scripted-server.ts";

function call() {
  const deadline = createDeadline(5_000);
  onTestFinished(() => deadline.clear());
  return { deadline, requestId: "r" };
}

const BROAD = "read tickets:write";
const LINES = [
  { by: "bot", text: "How can I help?" },
  { by: "customer", text: "My parcel is broken" },
  { by: "customer", file: "photo.jpg" },
  { by: "agent", text: "I am sorry" },
] as const;

/** A messaging ticket with a private note of an agent, who is the last to speak. */
async function startWithChat(options: Parameters<typeof startPlatforms>[1]) {
  const platforms = await startPlatforms(2, options);
  const customer = platforms.data.zendesk.endUsers[0]!.id;
  const { id } = platforms.zendesk.agents.chat(customer, LINES);
  const read = () => platforms.reader.conversation(String(id), call());
  return { ...platforms, id, customer, read };
}

describe("a ticket of messaging", () => {
  it("is read from its audits, files included, in the order of time", async () => {
    const { read, zendesk, id, customer } = await startWithChat({ scope: BROAD });
    zendesk.agents.reply(String(id), "Note to ourselves", { public: false });

    const found = await read();

    expect(found).toMatchObject({ skipped: 0, unreadable: undefined });
    const said = found!.comments.filter(({ kind }) => kind === "message");
    expect(said.map(({ body, attachments }) => body || attachments[0]?.fileName)).toEqual([
      "How can I help?",
      "My parcel is broken",
      "photo.jpg",
      "I am sorry",
    ]);
    expect(said[1]).toMatchObject({
      authorId: String(customer),
      public: true,
      channel: "native_messaging",
      data: { author_type: "end-user", chat_id: expect.any(String) as string },
    });
    expect(said[0]).toMatchObject({ authorId: "-1", data: { author_name: "Answer Bot" } });
    expect(found!.comments.filter(({ kind }) => kind === "comment")).toMatchObject([
      { body: "Note to ourselves", public: false },
    ]);
    // Sign-in, ticket, comments, audits: the log is not asked where the audits say it.
    expect(zendesk.paths).toHaveLength(4);
  });

  it.each([
    ["audits may not be read", "tickets", undefined],
    ["audits hold no messages", "broad", BROAD],
  ] as const)(
    "is read from its Conversation Log where %s",
    async (_why, conversationLog, scope) => {
      const { read } = await startWithChat({
        ...(scope && { scope }),
        switches: { conversationLog, chatHistory: false },
      });
      const found = await read();
      expect(found?.unreadable).toBeUndefined();
      expect(
        found?.comments.map(({ body, attachments }) => [body, attachments[0]?.fileName]),
      ).toEqual([
        ["How can I help?", undefined],
        ["My parcel is broken", undefined],
        ["", "photo.jpg"],
        ["I am sorry", undefined],
      ]);
    },
  );

  it.each([
    [
      "neither is open to us",
      undefined,
      {},
      "elsewhere it cannot be read: Zendesk answered GET /api/v2/tickets/",
    ],
    ["only the audits are open, and hold nothing", BROAD, { chatHistory: false }, "ZENDESK_SCOPE"],
  ] as const)("is unreadable where %s", async (_why, scope, switches, reason) => {
    const { read } = await startWithChat({ ...(scope && { scope }), switches });
    expect((await read())?.unreadable).toContain(reason);
  });

  it("is unreadable also when somebody left a note on it", async () => {
    const { read, zendesk, id } = await startWithChat({});
    zendesk.agents.reply(String(id), "Note to ourselves", { public: false });
    expect((await read())?.unreadable).toContain("ZENDESK_SCOPE");
  });

  it("is unreadable also when an agent has replied by mail", async () => {
    const { read, zendesk, id } = await startWithChat({});
    zendesk.agents.reply(String(id), "By mail", { public: true });
    expect((await read())?.unreadable).toContain("ZENDESK_SCOPE");
  });

  it("of an older chat has its transcript in a public comment, where nothing else is open", async () => {
    const { zendesk, reader, customer } = await startWithChat({});
    const { id } = zendesk.agents.chat(customer, LINES, "chat");
    const read = () => reader.conversation(String(id), call());
    expect((await read())?.unreadable).toContain("ZENDESK_SCOPE");
    zendesk.agents.reply(String(id), "(09:00:00) Visitor: Hello?", { public: true });
    expect(await read()).toMatchObject({ unreadable: undefined, comments: [{ public: true }] });
  });

  it("of an older chat is read too", async () => {
    const { zendesk, reader, customer } = await startWithChat({ scope: BROAD });
    const { id } = zendesk.agents.chat(customer, LINES, "chat");
    expect((await reader.conversation(String(id), call()))?.comments).toHaveLength(4);
  });
});

it("costs other tickets no request", async () => {
  const { reader, zendesk } = await startPlatforms(1, { scope: BROAD });
  expect((await reader.conversation("1001", call()))?.unreadable).toBeUndefined();
  expect(zendesk.paths).toHaveLength(3);
});

/** A Zendesk whose answers are written out. */
async function startScripted(pages: {
  readonly ticket?: object;
  readonly comments?: unknown[];
  readonly users?: unknown[];
  readonly audits?: Answer;
  readonly log?: Answer;
}) {
  const gone = json({ error: "InvalidEndpoint", description: "Not found" }, 404);
  const zendesk = await startScriptedServer(({ path }) => {
    if (path.includes("/audits.json")) return pages.audits ?? gone;
    if (path.includes("/conversation_log")) return pages.log ?? gone;
    if (path.includes("/comments.json")) {
      const { comments = [], users = [] } = pages;
      return json({ comments, users, meta: { has_more: false } });
    }
    return json({ ticket: { ...ticketRow, ...pages.ticket }, users: pages.users ?? [] });
  });
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  const credentials = apiTokenCredentials("admin@example.com", new Secret("secret"));
  const client = createZendeskClient({
    origin: zendesk.origin,
    credentials,
    outbound,
    random: () => 0,
  });
  return createZendeskReader(client).conversation("12", call());
}

const chatOf = (history: unknown[], more: object = {}) =>
  json({
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

describe("on the wire", () => {
  it("odd things of a chat are counted, the others kept, each once", async () => {
    const message = { type: "ChatMessage", message_id: "m1", message: "Hello", actor_id: 5 };
    const found = await startScripted({
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
    const found = await startScripted({ comments: [], log: json({ events: [event, event] }) });
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
    const found = await startScripted({
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

  it("a call is kept whole, and is no silence", async () => {
    const data = { recording_url: "https://acme.zendesk.com/r", call_duration: "40", from: "+1" };
    const found = await startScripted({
      comments: [commentRow(1, { type: "VoiceComment", body: null, html_body: null, data })],
    });
    expect(found).toMatchObject({
      unreadable: undefined,
      comments: [{ kind: "voice", body: "", data }],
    });
  });

  it("a ticket whose comments say nothing is looked for elsewhere, whatever its channel", async () => {
    const found = await startScripted({
      comments: [commentRow(1, { body: null })],
      audits: chatOf([{ type: "ChatMessage", chat_index: 0, message: "Hello" }]),
    });
    expect(found?.comments.map(({ body }) => body)).toContain("Hello");
    expect((await startScripted({ comments: [] }))?.unreadable).toContain("cannot be read");
    const silent = { audits: json({ audits: [] }), log: json({ events: [] }) };
    expect((await startScripted({ comments: [], ...silent }))?.unreadable).toBe(
      "what was said is not in the comments, nor in the audits or the Conversation Log of this ticket",
    );
  });

  it("Zendesk that is away is no reason to give a conversation up", async () => {
    await expect(
      startScripted({ comments: [], audits: json({}, 503, { "retry-after": "30" }) }),
    ).rejects.toMatchObject({ code: "ZENDESK_UNAVAILABLE" });
  });
});
