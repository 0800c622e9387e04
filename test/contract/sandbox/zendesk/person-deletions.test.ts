/** What is left of people who are deleted, softly and for good, and how that is followed. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("deleting people", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 30 });
    client = openClient(desk);
  });
  afterEach(() => desk.close());

  const requesters = () => new Set(desk.data.tickets.map(({ requester_id }) => requester_id));
  const idle = () =>
    desk.data.endUsers.find(({ id, email }) => email !== null && !requesters().has(id))!;

  it("shows a deleted person as inactive, out of lists, with their address free again", async () => {
    const { id, email, name } = idle();
    await client.users.delete(id);
    expect((await client.users.show(id)).result).toMatchObject({ active: false, name });
    const { body } = await send(desk, "GET", "/users?role=end-user&page[size]=100");
    expect(body.users.map((user) => user.id)).not.toContain(id);
    expect(await client.users.search({ query: email! })).toEqual([]);
    expect(desk.personEvents.map(({ zis, webhook }) => [zis?.event_type, webhook])).toEqual([
      ["user.UserIsActiveChanged", "zen:event-type:user.active_changed"],
      [undefined, "zen:event-type:user.deleted"],
    ]);
    expect(desk.personEvents[0]!.event).toMatchObject({ previous: true, current: false });
    const { body: shown } = await send(desk, "GET", `/deleted_users/${id}`);
    expect(shown).toMatchObject({ deleted_user: { id, name, email, active: false } });
    expect((await send(desk, "DELETE", `/users/${id}`)).status).toBe(404);
    const again = await client.users.create({ user: { name: "Next", email: email! } });
    expect(again.result.id).not.toBe(id);
  });

  it("erases who they were, and says how far each product is", async () => {
    const { id, name, email } = idle();
    expect((await send(desk, "DELETE", `/deleted_users/${id}`)).status).toBe(404);
    await client.users.delete(id);
    const before = desk.personEvents.length;
    const { body } = await send(desk, "DELETE", `/deleted_users/${id}`);
    expect(body).toMatchObject({
      deleted_user: { id, name: "Permanently Deleted User", email: null, phone: null },
    });
    expect(desk.personEvents).toHaveLength(before);
    const { body: list } = await send(desk, "GET", "/deleted_users");
    expect(list.deleted_users).toMatchObject([{ id, name: "Permanently Deleted User" }]);
    expect((await desk.call("/deleted_users/count")).body.count).toMatchObject({ value: 1 });
    expect((await send(desk, "GET", `/deleted_users/${id}`)).status).toBe(404);
    const { body: exported } = await send(desk, "GET", "/incremental/users?start_time=0");
    expect(JSON.stringify(exported)).not.toContain(name);
    expect(JSON.stringify(exported)).not.toContain(email);
    const path = `/users/${id}/compliance_deletion_statuses`;
    const statuses = async (query = "") =>
      (await send(desk, "GET", path + query)).body.compliance_deletion_statuses;
    expect(await statuses()).toEqual([
      {
        action: "request_deletion",
        application: "all",
        account_subdomain: "tideway",
        executer_id: desk.data.agents[0]!.id,
        user_id: id,
        created_at: "2026-03-02T10:00:05Z",
      },
    ]);
    desk.clock.advance(60_000);
    expect(await statuses("?application=support")).toMatchObject([
      { action: "started", executer_id: null },
      { action: "complete", executer_id: null },
    ]);
    desk.clock.advance(540_000);
    expect(await statuses()).toHaveLength(5);
    expect((await send(desk, "GET", "/users/1/compliance_deletion_statuses")).status).toBe(404);
  });

  it.each([
    [true, 200],
    [false, 404],
  ])("shows what is left of the erased by id: %s", async (showErasedUsers, status) => {
    desk.zendesk.switches.showErasedUsers = showErasedUsers;
    const { id } = idle();
    await client.users.delete(id);
    await send(desk, "DELETE", `/deleted_users/${id}`);
    expect((await send(desk, "GET", `/users/${id}`)).status).toBe(status);
  });

  it("refuses to delete the requester of a ticket that is not closed, unless switched so", async () => {
    const ticket = desk.data.tickets.find(({ status }) => status === "open")!;
    const path = `/users/${ticket.requester_id}`;
    expect((await send(desk, "DELETE", path)).status).toBe(422);
    desk.zendesk.switches.openTicketsKeepUsers = false;
    expect((await send(desk, "DELETE", path)).status).toBe(200);
    expect((await client.tickets.show(ticket.id)).result.requester_id).toBe(ticket.requester_id);
  });

  it("deletes many by a job", async () => {
    const { body } = await send(desk, "DELETE", `/users/destroy_many?ids=${idle().id},1`);
    const { body: job } = await send(desk, "GET", `/job_statuses/${body.job_status.id}`);
    expect(job.job_status.results.map(({ success }) => success)).toEqual([true, false]);
  });

  it("suspends whose ticket was spam", async () => {
    const ticket = desk.data.tickets[3]!;
    await send(desk, "PUT", `/tickets/${ticket.id}/mark_as_spam`);
    expect((await client.users.show(ticket.requester_id)).result.suspended).toBe(true);
    expect(desk.personEvents.at(-1)!.webhook).toBe("zen:event-type:user.suspended_changed");
  });
});
