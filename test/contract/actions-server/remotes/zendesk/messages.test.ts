/** Is what was said found where Zendesk keeps it, and never taken for silence where it may not be read? */
import { describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { startPlatforms } from "../../platforms.ts";

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
