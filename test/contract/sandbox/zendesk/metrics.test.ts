/** The metrics of a ticket as it is answered, reassigned, solved, reopened and deleted. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

const MINUTE_MS = 60_000;

describe("ticket metrics", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 12 });
    client = openClient(desk);
  });
  afterEach(() => desk.close());

  it("follow a ticket from its first reply to its second solution", async () => {
    const { result: ticket } = await client.tickets.create({
      ticket: {
        subject: "Late",
        requester_id: desk.data.endUsers[0]!.id,
        comment: { body: "Where is it?", author_id: desk.data.endUsers[0]!.id },
      },
    });
    const update = async (minutes: number, change: object) => {
      desk.clock.advance(minutes * MINUTE_MS);
      await client.tickets.update(ticket.id, { ticket: change });
    };
    await update(5, { assignee_id: desk.data.agents[2]!.id });
    await update(10, { comment: { body: "On its way", public: true }, status: "pending" });
    await update(20, { status: "solved" });
    await update(30, { status: "open", assignee_id: desk.data.agents[3]!.id });
    await update(5, { status: "solved" });
    const { result: metrics } = await client.ticketmetrics.list(ticket.id);
    expect(metrics).toMatchObject({
      ticket_id: ticket.id,
      replies: 1,
      reopens: 1,
      assignee_stations: 2,
      group_stations: 1,
      reply_time_in_minutes: { calendar: 15, business: 15 },
      first_resolution_time_in_minutes: { calendar: 35, business: 35 },
      full_resolution_time_in_minutes: { calendar: 70, business: 70 },
      agent_wait_time_in_minutes: { calendar: 20, business: 20 },
      on_hold_time_in_minutes: { calendar: 0, business: 0 },
      initially_assigned_at: "2026-03-02T10:05:05Z",
      assigned_at: "2026-03-02T11:05:05Z",
      solved_at: "2026-03-02T11:10:05Z",
      latest_comment_added_at: "2026-03-02T10:15:05Z",
    });
  });

  it("are null where nothing happened", async () => {
    const { result: ticket } = await client.tickets.create({
      ticket: { subject: "New", comment: { body: "Hello" } },
    });
    const { result: metrics } = await client.ticketmetrics.list(ticket.id);
    expect(metrics).toMatchObject({
      solved_at: null,
      assigned_at: null,
      initially_assigned_at: null,
      assignee_updated_at: null,
      reply_time_in_minutes: { calendar: null, business: null },
      full_resolution_time_in_minutes: { calendar: null, business: null },
    });
  });

  it("are listed newest first, shown by their own id, and gone with the ticket", async () => {
    const all = (await client.ticketmetrics.listAll()) as { id: number; ticket_id: number }[];
    expect(all.map(({ ticket_id }) => ticket_id)).toEqual(
      desk.data.tickets.map(({ id }) => id).toReversed(),
    );
    const { result: shown } = await client.ticketmetrics.show(all[0]!.id);
    expect(shown).toMatchObject({ ticket_id: all[0]!.ticket_id });
    await client.tickets.delete(all[0]!.ticket_id);
    expect((await send(desk, "GET", `/tickets/${all[0]!.ticket_id}/metrics`)).status).toBe(404);
    expect((await send(desk, "GET", `/ticket_metrics/${all[0]!.id}`)).status).toBe(404);
  });
});
