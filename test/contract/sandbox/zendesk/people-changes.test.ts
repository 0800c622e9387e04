/** How people are made, renamed, promoted, suspended and merged, and who hears of it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("changing people", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 30 });
    client = openClient(desk);
    desk.clock.advance(60_000);
  });
  afterEach(() => desk.close());

  const customer = () => desk.data.endUsers.find(({ email }) => email !== null)!;
  const heard = () =>
    desk.personEvents.map(({ zis, webhook, event }) => [zis?.event_type, webhook, event.type]);

  it("renames a person in the documented shape of an event", async () => {
    const { id, name, email } = customer();
    const { result } = await client.users.update(id, { user: { name: "Ada New" } });
    expect(result).toMatchObject({ id, name: "Ada New", updated_at: "2026-03-02T10:01:05Z" });
    expect(desk.personEvents).toHaveLength(1);
    expect(desk.personEvents[0]!.webhook).toBe("zen:event-type:user.name_changed");
    expect(desk.personEvents[0]!.zis).toEqual({
      event_source: "support",
      event_type: "user.UserNameChanged",
      input: {
        user_event: {
          meta: {
            version: "1.0",
            occurred_at: "2026-03-02T10:01:05Z",
            ref: expect.stringMatching(/^\d+-\d+$/) as string,
            sequence: {
              id: expect.stringMatching(/^[0-9A-F]{32}$/) as string,
              position: 1,
              total: 1,
            },
          },
          type: "Name Changed",
          previous: name,
          current: "Ada New",
          user: {
            id,
            external_id: null,
            role: "end-user",
            email,
            created_at: customer().created_at,
            updated_at: "2026-03-02T10:01:05Z",
            organization_id: customer().organization_id,
            default_group_id: null,
          },
        },
      },
    });
    const { body } = await send(desk, "GET", "/incremental/users/cursor?start_time=1772445600");
    expect(body.users).toMatchObject([{ id, name: "Ada New" }]);
  });

  it("emits one event for each member that is different, and none for the same again", async () => {
    const { id } = customer();
    const user = {
      alias: "ada",
      notes: "n",
      details: "d",
      external_id: "crm-1",
      time_zone: "Tokyo",
      tags: ["vip"],
      user_fields: { plan: "gold" },
      organization_id: null,
    };
    await client.users.update(id, { user });
    expect(heard().map(([tag]) => tag)).toEqual([
      "user.UserAliasChanged",
      "user.UserDetailsChanged",
      "user.UserNotesChanged",
      "user.ExternalIdChanged",
      "user.TimeZoneChanged",
      ...(customer().organization_id === null ? [] : ["user.UserOrganizationRemoved"]),
      "user.TagsChanged",
    ]);
    const { result } = await client.users.show(id);
    expect(result).toMatchObject(user);
    const before = desk.personEvents.length;
    desk.clock.advance(60_000);
    await client.users.update(id, { user });
    expect(desk.personEvents).toHaveLength(before);
    expect((await client.users.show(id)).result.updated_at).toBe("2026-03-02T10:01:05Z");
  });

  it("suspends without an event for ZIS, and lets a suspended agent do nothing", async () => {
    const agent = desk.data.agents[5]!;
    await client.users.suspend(agent.id);
    expect(heard()).toEqual([
      [undefined, "zen:event-type:user.suspended_changed", "Suspended Changed"],
    ]);
    const headers = desk.bearer(["read"], 5);
    expect((await desk.call("/tickets/count", { headers })).status).toBe(401);
    desk.clock.advance(1_000);
    await client.users.unsuspend(agent.id);
    expect((await desk.call("/tickets/count", { headers })).status).toBe(200);
  });

  it("takes groups and tickets from an agent who becomes an end user", async () => {
    const ticket = desk.data.tickets.find(({ status }) => status === "open")!;
    const { result } = await client.users.update(ticket.assignee_id!, {
      user: { role: "end-user" },
    });
    expect(result).toMatchObject({ role: "end-user", default_group_id: null });
    expect(heard().map(([tag]) => tag)).toEqual([
      "user.UserGroupRemoved",
      "user.UserDefaultGroupChanged",
      "user.UserRoleChanged",
    ]);
    expect((await client.tickets.show(ticket.id)).result.assignee_id).toBeNull();
  });

  it("makes a person once, and finds them by address or external id", async () => {
    const made = await client.users.create({
      user: { name: "New One", email: "new.one@example.com", external_id: "x-1" },
    });
    expect(made.result).toMatchObject({ role: "end-user", active: true, external_id: "x-1" });
    expect(heard()).toEqual([["user.UserCreated", "zen:event-type:user.created", "User Created"]]);
    const again = { user: { name: "Twice", email: "NEW.ONE@example.com" } };
    expect((await send(desk, "POST", "/users", again)).status).toBe(422);
    const path = "/users/create_or_update";
    const byAddress = await send(desk, "POST", path, again);
    expect([byAddress.status, byAddress.body.user.id]).toEqual([200, made.result.id]);
    desk.clock.advance(1_000);
    const byId = await send(desk, "POST", path, { user: { external_id: "X-1", notes: "seen" } });
    expect([byId.status, byId.body.user.id]).toEqual([200, made.result.id]);
    const other = { user: { name: "Other", email: "other@example.com" } };
    expect((await send(desk, "POST", path, other)).status).toBe(201);
  });

  it("merges one end user into another: tickets, comments and addresses move", async () => {
    const ticket = desk.data.tickets.find(({ comments }) => comments.length > 2)!;
    const loser = desk.data.endUsers.find(({ id }) => id === ticket.requester_id)!;
    const winner = desk.data.endUsers.find(({ id }) => id !== loser.id)!;
    const { result } = await client.users.merge(loser.id, winner.id);
    expect(result).toMatchObject({ id: winner.id });
    const { result: moved } = await client.tickets.show(ticket.id);
    expect(moved).toMatchObject({ requester_id: winner.id, updated_at: ticket.updated_at });
    const comments = await client.tickets.getComments(ticket.id);
    const authors = comments.map(({ author_id }: { author_id: number }) => author_id);
    expect(authors).toContain(winner.id);
    expect(authors).not.toContain(loser.id);
    expect((await client.users.show(loser.id)).result).toMatchObject({
      active: false,
      email: null,
    });
    expect(heard().map(([tag]) => tag)).toEqual(["user.UserIsActiveChanged", "user.UserMerged"]);
    if (loser.email !== null) {
      const found: unknown = await client.users.search({ query: loser.email });
      expect(found).toMatchObject([{ id: winner.id }]);
      const identities = await client.useridentities.list(winner.id);
      expect(identities).toContainEqual(
        expect.objectContaining({ value: loser.email, primary: false }),
      );
    }
    desk.clock.advance(90_000);
    const { body } = await send(desk, "GET", "/incremental/tickets/cursor?start_time=1772445600");
    expect(body.tickets.map(({ id }) => id)).toContain(ticket.id);
    const agent = desk.data.agents[3]!.id;
    const refused = await send(desk, "PUT", `/users/${agent}/merge`, { user: { id: winner.id } });
    expect(refused.status).toBe(422);
  });

  it("limits writes to one a second, and five a minute on one person", async () => {
    const { id } = customer();
    const rename = (n: number) => send(desk, "PUT", `/users/${id}`, { user: { name: `N${n}` } });
    expect((await rename(0)).status).toBe(200);
    const second = await rename(0);
    expect([second.status, second.headers.get("retry-after")]).toEqual([429, "1"]);
    for (let n = 1; n < 5; n += 1) {
      desk.clock.advance(1_000);
      expect((await rename(n)).status).toBe(200);
    }
    desk.clock.advance(1_000);
    expect((await rename(5)).status).toBe(429);
  });

  it.each([
    [{ name: "" }, 422],
    [{ role: "king" }, 422],
    [{ email: "nowhere" }, 422],
    [{ notes: 5 }, 400],
  ])("refuses %j with %i", async (user, status) => {
    expect((await send(desk, "PUT", `/users/${customer().id}`, { user })).status).toBe(status);
  });

  it("keeps team members for administrators", async () => {
    const headers = desk.bearer(["read", "write"], 5);
    const path = `/users/${desk.data.agents[6]!.id}`;
    const body = { user: { name: "Mine" } };
    expect((await desk.call(path, { method: "PUT", headers, body })).status).toBe(403);
  });
});
