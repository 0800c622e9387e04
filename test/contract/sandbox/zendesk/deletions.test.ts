/** What becomes of a deleted ticket: where it is still shown, how it comes back, and that nothing is left in the end. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

const DAY_MS = 86_400_000;

describe("deleting tickets", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 12 });
    client = openClient(desk);
  });
  afterEach(() => desk.close());

  const remove = (path: string) => desk.call(path, { method: "DELETE" });
  const put = (path: string) => desk.call(path, { method: "PUT" });
  const lastTypes = () =>
    desk.updates.at(-1)!.map((event) => [event.event_type, event.input.ticket_event.type]);

  /** The row of a ticket in the export of everything, a minute later. */
  async function exported(id: number): Promise<Record<string, unknown> | undefined> {
    desk.clock.advance(90_000);
    const { body } = await send(desk, "GET", "/incremental/tickets/cursor?start_time=0");
    return body.tickets.find((row) => row["id"] === id);
  }

  it("hides a deleted ticket everywhere but in exports and in the list of the deleted", async () => {
    const seeded = desk.data.tickets[2]!;
    await client.tickets.delete(1003);
    for (const path of ["", "/comments", "/audits", "/tags"]) {
      expect((await desk.call(`/tickets/1003${path}`)).status).toBe(404);
    }
    const { body: list } = await desk.call("/tickets");
    expect(list.tickets.map(({ id }) => id)).not.toContain(1003);
    const { body: many } = await desk.call("/tickets/show_many?ids=1002,1003");
    expect(many.tickets.map(({ id }) => id)).toEqual([1002]);
    expect((await desk.call("/tickets/count")).body.count).toMatchObject({ value: 11 });
    expect((await desk.call("/deleted_tickets")).body).toEqual({
      deleted_tickets: [
        {
          id: 1003,
          subject: seeded.subject,
          actor: { id: desk.data.agents[0]!.id, name: desk.data.agents[0]!.name },
          deleted_at: "2026-03-02T10:00:05Z",
          previous_state: seeded.status,
        },
      ],
      count: 1,
      next_page: null,
      previous_page: null,
    });
    expect(await exported(1003)).toMatchObject({
      status: "deleted",
      subject: seeded.subject,
      updated_at: "2026-03-02T10:00:05Z",
    });
  });

  it("emits one event for each step, with the ticket as deleted", async () => {
    expect((await remove("/tickets/1003")).status).toBe(204);
    expect(lastTypes()).toEqual([["ticket.TicketSoftDeleted", "Ticket Soft Deleted"]]);
    expect(desk.updates.at(-1)![0]!.input.ticket_event.ticket.status).toBe("deleted");
    const restored = await put("/deleted_tickets/1003/restore");
    expect([restored.status, restored.body]).toEqual([200, ""]);
    expect(lastTypes()).toEqual([["ticket.TicketUndeleted", "Ticket Undeleted"]]);
    await remove("/tickets/1003");
    await remove("/deleted_tickets/1003");
    expect(lastTypes()).toEqual([
      ["ticket.TicketPermanentlyDeleted", "Ticket Permanently Deleted"],
    ]);
  });

  it("restores a ticket as it was, with its comments and audits", async () => {
    const before = await desk.call("/tickets/1003/audits");
    await remove("/tickets/1003");
    desk.clock.advance(60_000);
    await put("/deleted_tickets/1003/restore");
    const { body } = await desk.call("/tickets/1003");
    expect(body.ticket).toMatchObject({
      status: desk.data.tickets[2]!.status,
      updated_at: "2026-03-02T10:01:05Z",
    });
    expect((await desk.call("/tickets/1003/audits")).body.audits).toEqual(before.body.audits);
    expect((await put("/deleted_tickets/1003/restore")).status).toBe(404);
  });

  it.each(["SCRUBBED", "XXXX"])("leaves a row of %s when erased, and no text", async (word) => {
    desk.zendesk.switches.scrubbedText = word;
    const said = desk.data.tickets[2]!.comments[0]!.body;
    await remove("/tickets/1003");
    const { body } = await remove("/deleted_tickets/1003");
    expect(body).toMatchObject({
      job_status: { status: "queued", progress: null, total: null, results: null, message: null },
    });
    const row = await exported(1003);
    expect(row).toMatchObject({
      status: "deleted",
      subject: word,
      raw_subject: word,
      description: word,
      tags: [],
      external_id: null,
    });
    expect(JSON.stringify(row)).not.toContain(said.slice(0, 20));
    expect(JSON.stringify(desk.zendesk.tickets.list())).not.toContain(said.slice(0, 20));
    expect((await put("/deleted_tickets/1003/restore")).status).toBe(404);
    expect((await remove("/deleted_tickets/1003")).status).toBe(404);
    const { body: list } = await desk.call("/deleted_tickets");
    expect(list).toMatchObject({ deleted_tickets: [], count: 0 });
  });

  it("erases what nobody restored in thirty days", async () => {
    await remove("/tickets/1003");
    desk.clock.advance(30 * DAY_MS - 1_000);
    await desk.call("/tickets/count");
    expect(lastTypes()[0]![0]).toBe("ticket.TicketSoftDeleted");
    desk.clock.advance(1_000);
    await desk.call("/tickets/count");
    expect(lastTypes()[0]![0]).toBe("ticket.TicketPermanentlyDeleted");
    expect(await exported(1003)).toMatchObject({ subject: "SCRUBBED" });
  });

  it("deletes and erases many, and goes on after one that is not there", async () => {
    await client.tickets.deleteMany([1001, 1002]);
    const { body } = await send(desk, "DELETE", "/tickets/destroy_many?ids=1003,4711");
    const { result: job } = await client.jobstatuses.show(body.job_status.id);
    expect(job).toMatchObject({
      job_status: {
        status: "completed",
        progress: 2,
        total: 2,
        results: [
          { action: "delete", id: 1003, status: "Deleted", success: true },
          { action: "delete", id: 4711, success: false, error: "RecordNotFound" },
        ],
      },
    });
    await put("/deleted_tickets/restore_many?ids=1002,4711");
    expect((await desk.call("/tickets/1002")).status).toBe(200);
    const path = "/deleted_tickets/destroy_many?ids=1001,1002,1003";
    const erased = await send(desk, "DELETE", path);
    const { body: shown } = await desk.call(`/job_statuses/${erased.body.job_status.id}.json`);
    expect(shown).toMatchObject({
      job_status: { status: "completed", results: { success: false } },
    });
    expect(await exported(1001)).toMatchObject({ subject: "SCRUBBED" });
    expect((await desk.call("/tickets/1002")).status).toBe(200);
  });

  it.each([
    [false, ["ticket.MarkedAsSpam"]],
    [true, ["ticket.MarkedAsSpam", "ticket.TicketSoftDeleted"]],
  ])("deletes spam (with the event of a deletion: %s)", async (spamIsDeletion, tags) => {
    desk.zendesk.switches.spamIsDeletion = spamIsDeletion;
    expect((await put("/tickets/1004/mark_as_spam")).status).toBe(200);
    expect(desk.updates.at(-1)!.map((event) => event.event_type)).toEqual(tags);
    expect((await desk.call("/tickets/1004")).status).toBe(404);
    expect(await exported(1004)).toMatchObject({ status: "deleted" });
  });

  it("limits the list of the deleted to ten in a minute", async () => {
    for (let n = 0; n < 10; n += 1) await desk.call("/deleted_tickets");
    const { status, headers, body } = await desk.call("/deleted_tickets");
    expect([status, body.error]).toEqual([429, "APIRateLimitExceeded"]);
    expect(headers.get("retry-after")).toBe("55");
    expect(headers.get("zendesk-ratelimit-deleted-tickets-index")).toBe(
      "total=10; remaining=0; resets=55",
    );
  });
});
