/** Which trigger events a ticket's members make when they change, in one update and each with its old and new value. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("changes of a ticket's members", () => {
  let desk: DeskFixture;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 12 });
  });
  afterEach(() => desk.close());

  const put = (ticket: object) => send(desk, "PUT", "/tickets/1003", { ticket });

  it("emits requester, organization, tags and the rest under one sequence", async () => {
    const before = desk.data.tickets[2]!;
    const requester = desk.data.endUsers.find(({ id }) => id !== before.requester_id)!;
    const organization = desk.data.organizations.find(({ id }) => id !== before.organization_id)!;
    const { status } = await put({
      requester_id: requester.id,
      organization_id: organization.id,
      tags: ["vip"],
    });
    expect(status).toBe(200);
    const [update] = desk.updates;
    const events = update!.map(
      ({ event_type, input }) => [event_type, input.ticket_event] as const,
    );
    expect(events.map(([tag]) => tag)).toEqual([
      "ticket.RequesterChanged",
      "ticket.OrganizationChanged",
      "ticket.TagsChanged",
    ]);
    expect(events[0]![1]).toMatchObject({ previous: before.requester_id, current: requester.id });
    expect(events[1]![1]).toMatchObject({
      type: "Organization Changed",
      previous: before.organization_id,
      current: organization.id,
    });
    expect(events[2]![1]).toMatchObject({ tags_added: ["vip"], tags_removed: before.tags });
    expect(new Set(events.map(([, event]) => event.meta.sequence.id)).size).toBe(1);
  });

  it("is silent about the brand and form that a ticket has already, and refuses others", async () => {
    const { brand_id, ticket_form_id } = desk.data.tickets[2]!;
    expect((await put({ brand_id, ticket_form_id })).status).toBe(200);
    expect(desk.updates).toEqual([]);
    expect((await put({ brand_id: 1 })).status).toBe(422);
    expect((await put({ ticket_form_id: 1 })).status).toBe(422);
    expect((await put({ organization_id: 1 })).status).toBe(422);
  });
});
