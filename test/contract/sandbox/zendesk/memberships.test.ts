/** Who is in which group, which group is whose default, and what ends with a membership. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("group memberships", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 30 });
    client = openClient(desk);
  });
  afterEach(() => desk.close());

  const heard = () => desk.personEvents.map(({ zis }) => zis?.event_type);

  async function of(userId: number) {
    return (await client.groupmemberships.listByUser(userId)) as unknown as {
      id: number;
      group_id: number;
      default: boolean;
    }[];
  }

  it("list the default group of every agent, by person and by group", async () => {
    const withGroup = desk.data.agents.filter((agent) => agent.default_group_id !== null);
    const all = await client.groupmemberships.list();
    expect(all).toHaveLength(withGroup.length);
    const [group] = desk.data.groups;
    const ofGroup = await client.groupmemberships.listByGroup(group!.id);
    expect(ofGroup).toHaveLength(
      withGroup.filter((agent) => agent.default_group_id === group!.id).length,
    );
    const agent = withGroup[3]!;
    expect(await of(agent.id)).toMatchObject([
      { user_id: agent.id, group_id: agent.default_group_id, default: true },
    ]);
  });

  it("are made, made the default and ended, with their events", async () => {
    const agent = desk.data.agents.find((one) => one.default_group_id !== null)!;
    const group = desk.data.groups.find(({ id }) => id !== agent.default_group_id)!;
    const body = { group_membership: { user_id: agent.id, group_id: group.id } };
    const { result } = await client.groupmemberships.create(body);
    expect(result).toMatchObject({ user_id: agent.id, group_id: group.id, default: false });
    expect((await send(desk, "POST", "/group_memberships", body)).status).toBe(422);
    const { id } = result as unknown as { id: number };
    await client.groupmemberships.makeDefault(agent.id, id);
    expect((await client.users.show(agent.id)).result.default_group_id).toBe(group.id);
    await client.groupmemberships.delete(id);
    expect((await client.users.show(agent.id)).result.default_group_id).toBe(
      agent.default_group_id,
    );
    expect(await of(agent.id)).toMatchObject([{ default: true }]);
    expect(heard()).toEqual([
      "user.UserGroupAdded",
      "user.UserDefaultGroupChanged",
      "user.UserGroupRemoved",
      "user.UserDefaultGroupChanged",
    ]);
    expect(desk.personEvents[0]!.event.group).toEqual({ id: group.id });
    expect((await send(desk, "DELETE", `/group_memberships/${id}`)).status).toBe(404);
  });

  it("take the group's unsolved tickets along when they end", async () => {
    const ticket = desk.data.tickets.find(
      ({ status, assignee_id, group_id }) =>
        status === "open" && assignee_id !== null && group_id !== null,
    )!;
    const [membership] = await of(ticket.assignee_id!);
    await client.groupmemberships.delete(membership!.id);
    const { result } = await client.tickets.show(ticket.id);
    expect(result).toMatchObject({ assignee_id: null, group_id: ticket.group_id });
    expect(desk.updates.flat().map(({ event_type }) => event_type)).toContain(
      "ticket.AgentAssignmentChanged",
    );
  });

  it("are for agents, in groups that exist, and made by administrators", async () => {
    const [group] = desk.data.groups;
    const create = (user_id: number, group_id: number, headers?: Record<string, string>) =>
      desk.call("/group_memberships", {
        method: "POST",
        body: { group_membership: { user_id, group_id } },
        ...(headers && { headers }),
      });
    expect((await create(desk.data.endUsers[0]!.id, group!.id)).status).toBe(422);
    expect((await create(desk.data.agents[0]!.id, 1)).status).toBe(422);
    const headers = desk.bearer(["read", "write"], 5);
    expect((await create(desk.data.agents[0]!.id, group!.id, headers)).status).toBe(403);
  });
});
