/** Does the stand-in keep what was said where Zendesk keeps it, and refuse as Zendesk does? */
import { expect, it, onTestFinished } from "vitest";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

async function open(): Promise<DeskFixture> {
  const desk = await openDesk();
  onTestFinished(() => desk.close());
  return desk;
}

function startChat({ zendesk, data }: DeskFixture): number {
  const lines = [
    { by: "customer", text: "Hello?" },
    { by: "agent", file: "form.pdf" },
  ] as const;
  return zendesk.agents.chat(data.endUsers[0]!.id, lines).id;
}

it("shows a chat in the ticket's audits, and not in its comments", async () => {
  const desk = await open();
  const id = startChat(desk);
  expect((await desk.call(`/tickets/${id}`)).body.ticket).toMatchObject({
    via: { channel: "native_messaging" },
    from_messaging_channel: true,
  });
  expect((await desk.call(`/tickets/${id}/comments`)).body.comments).toEqual([]);
  const { audits } = (await desk.call(`/tickets/${id}/audits`)).body;
  const events = audits.flatMap((audit) => audit.events);
  expect(events.find(({ type }) => type === "ChatStartedEvent")).toMatchObject({
    value: {
      history: [
        { type: "ChatJoin" },
        { type: "ChatMessage", message: "Hello?", actor_type: "end-user", chat_index: 0 },
        { type: "ChatFileAttachment", filename: "form.pdf", actor_type: "agent", chat_index: 1 },
      ],
    },
  });
  expect(events.map(({ type }) => type)).toContain("ChatEndedEvent");

  desk.zendesk.switches.chatHistory = false;
  const later = (await desk.call(`/tickets/${id}/audits`)).body.audits;
  const started = later
    .flatMap((audit) => audit.events)
    .find(({ type }) => type === "ChatStartedEvent");
  expect(started).toMatchObject({ value: { history: [] } });
});

it("has a Conversation Log where the account has one, for the scope that opens it", async () => {
  const desk = await open();
  const id = startChat(desk);
  const narrow = { headers: desk.bearer(["tickets:read"]) };
  const path = `/tickets/${id}/conversation_log`;
  expect(await desk.call(path)).toMatchObject({ status: 404, body: { error: "InvalidEndpoint" } });
  desk.zendesk.switches.conversationLog = "broad";
  expect((await desk.call(path, narrow)).status).toBe(403);
  desk.zendesk.switches.conversationLog = "tickets";
  expect(await desk.call(`${path}?page[size]=10`, narrow)).toMatchObject({
    status: 200,
    body: {
      events: [
        { type: "Messaging::ConversationMessage", content: { text: "Hello?" } },
        { content: { type: "file", altText: "form.pdf" } },
      ],
      meta: { has_more: false },
    },
  });
});

it("says a call in the data of a voice comment, whose bodies are empty", async () => {
  const desk = await open();
  const ticket = desk.data.tickets.find(({ status }) => status === "open")!;
  const data = { recording_url: "https://tideway.zendesk.com/r/1", call_duration: "40" };
  desk.zendesk.agents.recordCall(String(ticket.id), data);
  const { comments } = (await desk.call(`/tickets/${ticket.id}/comments?sort=-created_at`)).body;
  expect(comments[0]).toMatchObject({ type: "VoiceComment", body: null, html_body: null, data });
});

it("does not show a new ticket at once when switched so", async () => {
  const desk = await open();
  desk.zendesk.switches.hiddenReads = 2;
  const id = startChat(desk);
  const looks = [1, 2, 3].map(async () => (await desk.call(`/tickets/${id}`)).status);
  expect((await Promise.all(looks)).toSorted((a, b) => a - b)).toEqual([200, 404, 404]);
  expect((await desk.call(`/tickets/${desk.data.tickets[0]!.id}`)).status).toBe(200);
});

it("takes no change of a ticket whose requester is suspended", async () => {
  const desk = await open();
  const ticket = desk.data.tickets.find(({ status }) => status === "open")!;
  const requester = desk.data.endUsers.find(({ id }) => id === ticket.requester_id)!;
  Object.assign(requester, { suspended: true });
  const body = { ticket: { comment: { body: "Hello", public: false } } };
  expect(await desk.call(`/tickets/${ticket.id}`, { method: "PUT", body })).toMatchObject({
    status: 422,
    body: {
      details: { requester: [{ description: `Requester: ${requester.name} is suspended.` }] },
    },
  });
});
