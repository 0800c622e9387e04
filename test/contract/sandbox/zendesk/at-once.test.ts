/** The same change twice at once, and changes that cross: one is done, the other finds it done, and events come once. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("changes at once", () => {
  let desk: DeskFixture;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 30 });
  });
  afterEach(() => desk.close());

  const tags = () => desk.updates.flat().map(({ event_type }) => event_type);

  async function statuses(...calls: [method: string, path: string, body?: unknown][]) {
    const answers = await Promise.all(calls.map((call) => send(desk, ...call)));
    return answers.map(({ status }) => status).toSorted((a, b) => a - b);
  }

  it("deletes, restores and erases a ticket once", async () => {
    const twice = (method: string, path: string) => statuses([method, path], [method, path]);
    expect(await twice("DELETE", "/tickets/1001")).toEqual([204, 404]);
    expect(await twice("PUT", "/deleted_tickets/1001/restore")).toEqual([200, 404]);
    expect(await twice("DELETE", "/tickets/1001")).toEqual([204, 404]);
    expect(await twice("DELETE", "/deleted_tickets/1001")).toEqual([200, 404]);
    expect(tags()).toEqual([
      "ticket.TicketSoftDeleted",
      "ticket.TicketUndeleted",
      "ticket.TicketSoftDeleted",
      "ticket.TicketPermanentlyDeleted",
    ]);
  });

  it("erases nothing that was restored while the job waited", async () => {
    desk.zendesk.switches.jobSeconds = 10;
    await send(desk, "DELETE", "/tickets/1001");
    const { body } = await send(desk, "DELETE", "/deleted_tickets/1001");
    await send(desk, "PUT", "/deleted_tickets/1001/restore");
    desk.clock.advance(10_000);
    const { body: job } = await send(desk, "GET", `/job_statuses/${body.job_status.id}`);
    expect(job.job_status.results).toEqual({ success: false });
    expect((await send(desk, "GET", "/tickets/1001")).status).toBe(200);
    expect(tags()).not.toContain("ticket.TicketPermanentlyDeleted");
  });

  it("merges a ticket into one of two targets", async () => {
    const [source, one, two] = desk.data.tickets.filter(({ status }) => status === "open");
    const into = (target: { id: number } | undefined) =>
      ["POST", `/tickets/${target!.id}/merge`, { ids: [source!.id] }] as [string, string, object];
    expect(await statuses(into(one), into(two))).toEqual([200, 200]);
    expect(tags().filter((tag) => tag === "ticket.TicketMerged")).toHaveLength(1);
  });

  it("redacts a text once, beside an update of the same ticket", async () => {
    const ticket = desk.data.tickets.find(({ status }) => status === "open")!;
    const [first] = ticket.comments;
    const path = `/tickets/${ticket.id}/comments/${first!.id}/redact`;
    const text = first!.body;
    const reply = { ticket: { comment: { body: "Still here", public: true } } };
    expect(
      await statuses(
        ["PUT", path, { text }],
        ["PUT", `/tickets/${ticket.id}`, reply],
        ["PUT", path, { text }],
      ),
    ).toEqual([200, 200, 422]);
    const comments = desk.zendesk.tickets.comments(String(ticket.id));
    expect(comments[0]!.body).toMatch(/^▇+$/u);
    expect(comments.at(-1)!.body).toBe("Still here");
    expect(tags().toSorted()).toEqual(["ticket.CommentAdded", "ticket.CommentRedacted"]);
  });

  it("deletes and merges a person once", async () => {
    desk.zendesk.switches.openTicketsKeepUsers = false;
    const [one, two, three] = desk.data.endUsers.map(({ id }) => id);
    expect(await statuses(["DELETE", `/users/${one}`], ["DELETE", `/users/${one}`])).toEqual([
      200, 404,
    ]);
    const merge = (loser: number | undefined) =>
      ["PUT", `/users/${loser}/merge`, { user: { id: three } }] as [string, string, object];
    expect(await statuses(merge(two), merge(two), merge(one))).toEqual([200, 422, 422]);
    const { personEvents } = desk;
    expect(personEvents.filter(({ webhook }) => webhook.endsWith("user.merged"))).toHaveLength(1);
  });
});
