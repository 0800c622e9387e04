/** What a merge does to both sides: comments, files, states, tags, and the events of both. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("merging tickets", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 60 });
    client = openClient(desk);
  });
  afterEach(() => desk.close());

  const open = () => desk.data.tickets.filter(({ status }) => status === "open");
  const withFile = () =>
    open().find(({ comments }) => comments.some(({ attachments }) => attachments.length > 0))!;

  it("closes the source and comments on both, privately, with the source's files", async () => {
    const source = withFile();
    const target = open().find(({ id }) => id !== source.id)!;
    const { result } = await client.tickets.merge(target.id, {
      ids: [source.id],
      source_comment: `Merged into ${target.id}`,
      target_comment: `Took in ${source.id}`,
    });
    expect(result).toMatchObject({ job_status: { status: "queued" } });
    const { id } = (result as unknown as { job_status: { id: string } }).job_status;
    expect((await client.jobstatuses.show(id)).result).toMatchObject({
      job_status: {
        status: "completed",
        results: [{ id: source.id, action: "update", status: "Updated", success: true }],
      },
    });
    const { result: closed } = await client.tickets.show(source.id);
    expect(closed).toMatchObject({
      status: "closed",
      tags: [...source.tags, "closed_by_merge"].toSorted(),
    });
    const said = await client.tickets.getComments(target.id);
    const files = source.comments.flatMap(({ attachments }) => attachments);
    expect(said.at(-1)).toMatchObject({
      body: `Took in ${source.id}`,
      public: false,
      via: { source: { rel: "merge", from: { ticket_id: source.id, ticket_ids: [source.id] } } },
    });
    const copies = said.at(-1).attachments as { id: number; file_name: string }[];
    expect(copies.map(({ file_name }) => file_name)).toEqual(
      files.map(({ file_name }) => file_name),
    );
    expect(copies[0]!.id).not.toBe(files[0]!.id);
    const left = await client.tickets.getComments(source.id);
    expect(left.at(-1)).toMatchObject({ body: `Merged into ${target.id}`, public: false });
  });

  it("emits Ticket Merged first on the source, and a comment on the target", async () => {
    const [target, source] = open();
    await client.tickets.merge(target!.id, {
      ids: [source!.id],
      source_comment: "out",
      target_comment: "in",
    });
    const [ofSource, ofTarget] = desk.updates.slice(-2);
    expect(ofSource!.map(({ event_type }) => event_type)).toEqual([
      "ticket.TicketMerged",
      "ticket.CommentAdded",
      "ticket.TagsChanged",
      "ticket.StatusChanged",
    ]);
    expect(ofSource![0]!.input.ticket_event).toMatchObject({
      type: "Ticket Merged",
      target_ticket_id: target!.id,
      meta: { sequence: { position: 1, total: 4 } },
      ticket: { id: source!.id, status: "closed" },
    });
    expect(ofTarget!.map(({ event_type }) => event_type)).toEqual(["ticket.CommentAdded"]);
  });

  it("merges without a word when no comments are given, and publicly when asked", async () => {
    const [target, silent, loud] = open();
    await client.tickets.merge(target!.id, { ids: [silent!.id] });
    expect(desk.zendesk.tickets.comments(String(target!.id))).toHaveLength(target!.comments.length);
    await client.tickets.merge(target!.id, {
      ids: [loud!.id],
      target_comment: "in",
      target_comment_is_public: true,
    });
    expect(desk.zendesk.tickets.comments(String(target!.id)).at(-1)).toMatchObject({
      public: true,
    });
  });

  it("says of each source why it was not merged, and refuses what it cannot read", async () => {
    const [target, source] = open();
    const closed = desk.data.tickets.find(({ status }) => status === "closed")!;
    const path = `/tickets/${target!.id}/merge`;
    const ids = [closed.id, 4711, target!.id, source!.id];
    const { body } = await send(desk, "POST", path, { ids });
    const { body: job } = await send(desk, "GET", `/job_statuses/${body.job_status.id}`);
    expect(job.job_status.results.map(({ success }) => success)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect((await send(desk, "POST", path, { ids: [] })).status).toBe(400);
    expect((await send(desk, "POST", "/tickets/4711/merge", { ids: [1] })).status).toBe(404);
    const into = await send(desk, "POST", `/tickets/${closed.id}/merge`, { ids: [target!.id] });
    const { body: failed } = await send(desk, "GET", `/job_statuses/${into.body.job_status.id}`);
    expect(failed.job_status.results).toMatchObject([{ id: target!.id, success: false }]);
    expect(desk.zendesk.tickets.get(String(target!.id))?.status).toBe("open");
  });
});
