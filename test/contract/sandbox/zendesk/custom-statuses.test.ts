/** Custom statuses: the five of every account, those added, and what one on a ticket says of its status. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("custom statuses", () => {
  let desk: DeskFixture;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 12 });
  });
  afterEach(() => desk.close());

  const make = (custom_status: object) => send(desk, "POST", "/custom_statuses", { custom_status });
  const put = (id: number, ticket: object) => send(desk, "PUT", `/tickets/${id}`, { ticket });

  it("begin with one default for each category, and are narrowed by query", async () => {
    const { body } = await send(desk, "GET", "/custom_statuses");
    expect(body.custom_statuses).toMatchObject(
      ["new", "open", "pending", "hold", "solved"].map((status_category) => ({
        status_category,
        default: true,
        active: true,
      })),
    );
    await make({ status_category: "open", agent_label: "In progress" });
    const { body: narrowed } = await send(
      desk,
      "GET",
      "/custom_statuses?status_categories=open,hold&default=false&active=true",
    );
    expect(narrowed.custom_statuses).toMatchObject([
      { agent_label: "In progress", raw_agent_label: "In progress", end_user_label: "In progress" },
    ]);
  });

  it("bring their category along as the ticket's status, and leave with it", async () => {
    const { body } = await make({ status_category: "pending", agent_label: "Waiting" });
    const ticket = desk.data.tickets.find(({ status }) => status === "open")!;
    const { id } = body.custom_status;
    expect((await put(ticket.id, { custom_status_id: id })).body).toMatchObject({
      ticket: { status: "pending", custom_status_id: id },
    });
    expect(desk.updates.at(-1)!.map(({ event_type }) => event_type)).toEqual([
      "ticket.StatusChanged",
    ]);
    const { body: statuses } = await send(desk, "GET", "/custom_statuses");
    const solved = statuses.custom_statuses.find(
      (status) => (status as { status_category?: string }).status_category === "solved",
    )!;
    expect((await put(ticket.id, { status: "solved" })).body).toMatchObject({
      ticket: { status: "solved", custom_status_id: solved.id },
    });
  });

  it("change within a category without an event, but move the ticket", async () => {
    const { body } = await make({ status_category: "open", agent_label: "In progress" });
    const ticket = desk.data.tickets.find(({ status }) => status === "open")!;
    await put(ticket.id, { custom_status_id: body.custom_status.id });
    expect(desk.updates).toEqual([]);
    expect((await desk.call(`/tickets/${ticket.id}`)).body.ticket).toMatchObject({
      custom_status_id: body.custom_status.id,
      updated_at: "2026-03-02T10:00:05Z",
    });
  });

  it("are renamed and switched off by administrators", async () => {
    const { body } = await make({ status_category: "open", agent_label: "In progress" });
    const path = `/custom_statuses/${body.custom_status.id}`;
    const changed = await send(desk, "PUT", path, {
      custom_status: { agent_label: "Working", active: false },
    });
    expect(changed.body).toMatchObject({
      custom_status: { agent_label: "Working", active: false },
    });
    expect((await put(1001, { custom_status_id: body.custom_status.id })).status).toBe(422);
    expect((await make({ status_category: "closed", agent_label: "x" })).status).toBe(422);
    expect((await make({ status_category: "open" })).status).toBe(422);
    const headers = desk.bearer(["read", "write"], 5);
    expect((await desk.call(path, { method: "PUT", headers, body: {} })).status).toBe(403);
  });
});
