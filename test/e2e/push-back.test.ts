import { describe, expect, it } from "vitest";
import type { World } from "#scripts/world";
import { jobsDone } from "../support/jobs.ts";
import { openTicket, startWorld } from "../support/world.ts";

const conversation = (world: World, ticketId: string) =>
  world.deps.db
    .selectFrom("qa_conversations")
    .select(["captures", "message_count", "status"])
    .where("ticket_id", "=", ticketId)
    .executeTakeFirst();

const lastRun = ({ zis }: World) => zis.runs.list({ limit: 1 })[0];

describe("a solved ticket", () => {
  it("is retried inside the deadline when Zendesk pushes back for a moment", async () => {
    const world = await startWorld();
    const ticketId = openTicket(world, "matched");
    world.faults.zendesk.add({ path: "/api/v2/tickets/*", status: 503, times: 2 });
    world.faults.zendesk.add({
      path: "/api/v2/tickets/*/comments.json",
      status: 429,
      headers: { "retry-after": "1" },
      times: 1,
    });

    world.zendesk.agents.setStatus(ticketId, "solved");
    await world.zis.idle(120_000);

    expect(lastRun(world)).toMatchObject({
      status: "SUCCEEDED",
      message: `Ticket ${ticketId}: case matched, conversation stored.`,
    });
    expect(lastRun(world)?.result?.trace.map(({ state }) => state)).not.toContain(
      "Resolve the case: again?",
    );
    expect(await conversation(world, ticketId)).toMatchObject({ captures: 1, status: "solved" });
  });

  it("is accepted and stored by a job when Zendesk stays busy", async () => {
    let aheadMs = 0;
    const world = await startWorld({ now: () => new Date(Date.now() + aheadMs) });
    const ticketId = openTicket(world, "matched");
    world.faults.zendesk.add({
      path: "/api/v2/tickets/*/comments.json",
      status: 429,
      headers: { "retry-after": "60" },
    });

    world.zendesk.agents.setStatus(ticketId, "solved");
    await world.zis.idle(120_000);

    expect(lastRun(world)).toMatchObject({
      status: "SUCCEEDED",
      message: `Ticket ${ticketId}: case matched, conversation accepted and stored soon.`,
    });
    expect(await conversation(world, ticketId)).toBeUndefined();

    world.faults.zendesk.clear();
    aheadMs = 61_000;
    await jobsDone(world);
    expect(await conversation(world, ticketId)).toMatchObject({
      captures: 1,
      message_count: world.zendesk.tickets.comments(ticketId).length,
    });
  });

  it("is tried again by the flow when Salesforce does not answer in time", async () => {
    const world = await startWorld();
    const ticketId = openTicket(world, "matched");
    world.faults.salesforce.add({ path: "/services/data/*", status: 503, times: 5 });

    world.zendesk.agents.setStatus(ticketId, "solved");
    await world.zis.idle(120_000);

    const states = lastRun(world)?.result?.trace.map(({ state }) => state);
    expect(lastRun(world)).toMatchObject({ status: "SUCCEEDED" });
    expect(states).toContain("Resolve the case: wait 2 s");
    expect(await conversation(world, ticketId)).toMatchObject({ captures: 1 });
  });

  it("ends the flow well when the ticket is gone by then", async () => {
    const world = await startWorld();

    world.zis.accept({
      event_source: "support",
      event_type: "ticket.StatusChanged",
      input: {
        ticket_event: {
          meta: { sequence: { id: "0".repeat(32), position: 1, total: 1 } },
          type: "Status Changed",
          previous: "open",
          current: "solved",
          ticket: { id: 999_999, tags: null },
        },
      },
    });
    await world.zis.idle(120_000);

    expect(lastRun(world)).toMatchObject({
      status: "SUCCEEDED",
      message: "Ticket 999999 is not shown by Zendesk yet; the server looks for it once more.",
    });
  });

  it("is linked once when its event comes three times at once", async () => {
    const deliveries: Parameters<World["zis"]["accept"]>[0][] = [];
    const world = await startWorld({ onEvents: (events) => deliveries.push(...events) });
    const ticketId = openTicket(world, "matched");

    world.zendesk.agents.setStatus(ticketId, "solved");
    for (const event of deliveries) world.zis.accept({ ...event, copies: 3 });
    await world.zis.idle(120_000);

    const runs = world.zis.runs.list({ limit: 10, flow: "ticket_status_changed" });
    expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
    expect(world.zis.stats().actions.replayed).toBe(2);
    expect(await conversation(world, ticketId)).toMatchObject({ captures: 1 });
  });
});
