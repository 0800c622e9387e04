/** What is left of a comment or a file that was redacted or hidden, and who hears of it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("redactions", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 30 });
    client = openClient(desk);
    desk.clock.advance(60_000);
  });
  afterEach(() => desk.close());

  /** A new ticket with this text, as plain text or as HTML; its id and its comment's. */
  async function say(comment: { body: string } | { html_body: string }) {
    const { result } = await client.tickets.create({
      ticket: { subject: "Card", comment },
    });
    const [said] = desk.zendesk.tickets.comments(String(result.id));
    return { ticketId: result.id, commentId: said!.id };
  }

  const put = (path: string, body?: unknown) => send(desk, "PUT", path, body);
  const last = () => desk.updates.at(-1)!;
  /** Whether a text is anywhere in what the stand-in holds and shows of a ticket. */
  async function isLeft(text: string, ticketId: number): Promise<boolean> {
    desk.clock.advance(90_000);
    const paths = [
      `/tickets/${ticketId}`,
      `/tickets/${ticketId}/comments`,
      `/tickets/${ticketId}/audits`,
      "/incremental/ticket_events?start_time=0&include=comment_events",
      "/incremental/tickets/cursor?start_time=0",
    ];
    const answers = await Promise.all(paths.map((path) => desk.call(path)));
    const held = desk.zendesk.tickets.comments(String(ticketId));
    return JSON.stringify([answers.map(({ body }) => body), held]).includes(text);
  }

  it("marks a text in every place where it stands, and moves both clocks", async () => {
    const { ticketId, commentId } = await say({ body: "Card zebra <1>, again zebra <1>" });
    desk.clock.advance(60_000);
    const { status, body } = await put(`/tickets/${ticketId}/comments/${commentId}/redact`, {
      text: "zebra <1>",
    });
    expect([status, body.comment.plain_body]).toEqual([200, "Card ▇▇▇▇▇▇▇▇▇, again ▇▇▇▇▇▇▇▇▇"]);
    const { result: ticket } = await client.tickets.show(ticketId);
    expect(ticket.updated_at).toBe("2026-03-02T10:02:05Z");
    expect(ticket.description).not.toContain("zebra");
    const comments = await client.tickets.getComments(ticketId);
    expect(comments[0].html_body).toContain("▇▇▇▇▇▇▇▇▇");
    expect(await isLeft("zebra", ticketId)).toBe(false);
  });

  it("emits Comment Redacted with nothing but the id, or with all of it", async () => {
    const { ticketId, commentId } = await say({ body: "one two three" });
    const path = `/tickets/${ticketId}/comments/${commentId}/redact`;
    await put(path, { text: "two" });
    expect(last().map(({ event_type }) => event_type)).toEqual(["ticket.CommentRedacted"]);
    expect(last()[0]!.input.ticket_event).toMatchObject({
      type: "Comment Redacted",
      comment: { id: commentId },
      ticket: { id: ticketId },
    });
    expect(last()[0]!.input.ticket_event.comment).toEqual({ id: commentId });
    desk.zendesk.switches.bareCommentEvents = false;
    await put(path, { text: "three" });
    expect(last()[0]!.input.ticket_event.comment).toMatchObject({ body: "one ▇▇▇ ▇▇▇▇▇" });
    const audits = await client.tickets.exportAudit(ticketId);
    expect(audits.at(-1)).toMatchObject({
      events: [{ type: "CommentRedactionEvent", comment_id: commentId }],
    });
  });

  it.each([
    ["<p>ID <redact>847564</redact>, <b>kept</b></p>", "ID ▇▇▇▇▇▇, kept", "<b>kept</b>"],
    ["<p>ID <redact>847564, <b>kept</b></redact></p>", "ID ▇▇▇▇▇▇▇▇▇▇▇▇", "<b>▇▇▇▇</b>"],
  ])("redacts what is marked in the HTML: %s", async (html_body, plain, html) => {
    const { ticketId, commentId } = await say({ html_body: "<p>ID 847564, <b>kept</b></p>" });
    const marked = { ticket_id: ticketId, html_body };
    const { status, body } = await put(`/comment_redactions/${commentId}`, marked);
    expect([status, body.comment.plain_body]).toEqual([200, plain]);
    expect(body.comment.html_body).toContain(html);
    expect(await isLeft("847564", ticketId)).toBe(false);
  });

  it("redacts links and pictures, of a closed ticket too", async () => {
    const html = '<p>See <a href="https://x.test/s">here</a> <img src="https://x.test/p"></p>';
    const { ticketId, commentId } = await say({ html_body: html });
    await client.tickets.update(ticketId, { ticket: { status: "closed" } });
    const { status, body } = await put(`/comment_redactions/${commentId}`, {
      ticket_id: ticketId,
      html_body: html
        .replace('/s"', '/s" redact')
        .replace('/p"', '/p" redact')
        .replace("here", "<redact>here</redact>"),
    });
    expect([status, body.comment.html_body]).toEqual([200, "<p>See <a>▇▇▇▇</a> </p>"]);
    expect(await isLeft("x.test", ticketId)).toBe(false);
  });

  it("keeps paragraphs of a plain text apart", async () => {
    const { ticketId, commentId } = await say({ body: "one\ntwo\n\nthree" });
    const [comment] = await client.tickets.getComments(ticketId);
    const { body } = await put(`/comment_redactions/${commentId}`, {
      ticket_id: ticketId,
      html_body: comment.html_body.replace("two", "<redact>two</redact>"),
    });
    expect(body.comment.plain_body).toBe("one\n▇▇▇\n\nthree");
  });

  it("marks any text with four marks when switched so", async () => {
    desk.zendesk.switches.redactionMarks = "four";
    const { ticketId, commentId } = await say({ body: "ID 847564!" });
    const { body } = await put(`/tickets/${ticketId}/comments/${commentId}/redact`, {
      text: "847564",
    });
    expect(body.comment.plain_body).toBe("ID ▇▇▇▇!");
  });

  it("refuses a text that is not there, another HTML, and the older way once closed", async () => {
    const { ticketId, commentId } = await say({ body: "hello" });
    const path = `/tickets/${ticketId}/comments/${commentId}/redact`;
    const html_body = "<p>Rewritten <redact>history</redact></p>";
    const events = desk.updates.length;
    expect((await put(path, { text: "bye" })).status).toBe(422);
    expect((await put(path, { text: "" })).status).toBe(422);
    expect((await put(`/comment_redactions/${commentId}`, { ticket_id: ticketId })).status).toBe(
      422,
    );
    const other = await put(`/comment_redactions/${commentId}`, { ticket_id: ticketId, html_body });
    expect(other.status).toBe(422);
    expect((await put(`/tickets/${ticketId}/comments/1/redact`, { text: "x" })).status).toBe(404);
    expect((await put(`/comment_redactions/${commentId}`, { ticket_id: 1001 })).status).toBe(404);
    expect(desk.updates).toHaveLength(events);
    await client.tickets.update(ticketId, { ticket: { status: "closed" } });
    const closed = await put(path, { text: "hello" });
    expect(closed.status).toBe(422);
    expect(closed.body).toMatchObject({
      details: { status: [{ description: "closed prevents ticket update" }] },
    });
  });

  it("puts an empty redacted.txt in place of a file, by id or by address", async () => {
    const ticket = desk.data.tickets.find(
      ({ status, comments }) =>
        status !== "closed" && comments.some(({ attachments }) => attachments.length > 0),
    )!;
    const comment = ticket.comments.find(({ attachments }) => attachments.length > 0)!;
    const [file] = comment.attachments;
    const base = `/tickets/${ticket.id}/comments/${comment.id}`;
    const { status, body } = await put(`${base}/attachments/${file!.id}/redact`);
    expect(status).toBe(200);
    expect(body.attachment).toMatchObject({ id: file!.id, file_name: "redacted.txt", size: 0 });
    expect(last().map((event) => [event.event_type, event.input.ticket_event.type])).toEqual([
      ["ticket.AttachmentRedactedFromComment", "Attachment Redacted from Comment"],
    ]);
    expect(last()[0]!.input.ticket_event.attachment).toEqual({
      id: file!.id,
      comment_id: comment.id,
    });
    expect(await isLeft(file!.token, ticket.id)).toBe(false);
    expect((await put(`${base}/attachments/1/redact`)).status).toBe(404);
    const comments = await client.tickets.getComments(ticket.id);
    const shown = comments.find(({ id }: { id: number }) => id === comment.id);
    const external_attachment_urls = [shown.attachments[0].content_url];
    const again = await put(`/comment_redactions/${comment.id}`, {
      ticket_id: ticket.id,
      external_attachment_urls,
    });
    expect(again.status).toBe(200);
  });

  it("makes a comment private once", async () => {
    const { ticketId, commentId } = await say({ body: "Oops" });
    const path = `/tickets/${ticketId}/comments/${commentId}/make_private`;
    expect(await put(path)).toMatchObject({ status: 200, body: "" });
    expect(last()[0]!.input.ticket_event).toMatchObject({
      type: "Comment Made Private",
      comment: { id: commentId },
    });
    const [comment] = await client.tickets.getComments(ticketId);
    expect(comment.public).toBe(false);
    const events = desk.updates.length;
    await put(path);
    expect(desk.updates).toHaveLength(events);
  });
});
