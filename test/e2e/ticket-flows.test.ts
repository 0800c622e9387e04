import { describe, expect, it } from "vitest";
import { caseLinkName } from "#contract/links";
import { CASE_NUMBER_FIELD_ID } from "#sandbox/data/ticket-fields";
import { askForSync } from "#install/settings-edit";
import type { World } from "#scripts/world";
import { jobsDone } from "../support/jobs.ts";
import { linksOf, openTicket, startWorld } from "../support/world.ts";

async function changeSettings(world: World, changed: Record<string, unknown>): Promise<void> {
  const { status } = await world.installer.callZendesk({
    method: "PATCH",
    path: `/api/services/zis/integrations/${world.card.integration}/configs/caseqa`,
    as: "integration",
    body: { config: changed },
  });
  expect(status).toBe(200);
}

const lastRun = ({ zis }: World, flow: string) => zis.runs.list({ limit: 1, flow })[0];

const privateNotes = (world: World, ticketId: string) =>
  world.zendesk.tickets.comments(ticketId).filter((comment) => !comment.public);

describe("an agent's case number", () => {
  it("links the ticket, links it anew to another case, and unlinks it when cleared", async () => {
    const world = await startWorld();
    const ticketId = openTicket(world, "none");
    const [first, second] = world.data.salesforce.Case;

    world.zendesk.agents.setCustomField(
      ticketId,
      CASE_NUMBER_FIELD_ID,
      String(first!["CaseNumber"]),
    );
    await world.zis.idle(120_000);
    expect(await linksOf(world, ticketId)).toEqual([caseLinkName(first!.Id)]);

    world.zendesk.agents.setCustomField(
      ticketId,
      CASE_NUMBER_FIELD_ID,
      String(second!["CaseNumber"]),
    );
    await world.zis.idle(120_000);
    expect(await linksOf(world, ticketId)).toEqual([caseLinkName(second!.Id)]);

    world.zendesk.agents.setCustomField(ticketId, CASE_NUMBER_FIELD_ID, "");
    await world.zis.idle(120_000);
    expect(await linksOf(world, ticketId)).toEqual([]);
  });

  it("that leads nowhere is said on the ticket in one private note, however often it is delivered", async () => {
    const events: Parameters<World["zis"]["accept"]>[0][] = [];
    const world = await startWorld({ onEvents: (caused) => events.push(...caused) });
    const ticketId = openTicket(world, "none");
    const before = privateNotes(world, ticketId).length;

    world.zendesk.agents.setCustomField(ticketId, CASE_NUMBER_FIELD_ID, "99999999");
    for (const event of events.splice(0)) world.zis.accept({ ...event, copies: 3 });
    await world.zis.idle(120_000);

    expect(privateNotes(world, ticketId)).toHaveLength(before + 1);
    expect(lastRun(world, "ticket_custom_field_changed")).toMatchObject({ status: "SUCCEEDED" });
  });
});

describe("settings", () => {
  it("reach the server at install and after a save", async () => {
    const world = await startWorld();
    expect(lastRun(world, "settings_sync")?.message).toBe("Settings: revision 1 is in force.");

    await changeSettings(world, { revision: 2, match_order: ["external_id"] });
    await askForSync(world.installer);
    await world.zis.idle(120_000);

    expect(lastRun(world, "settings_sync")?.message).toBe("Settings: revision 2 is in force.");
  });

  it("that are wrong stop every flow at once, naming the field and what was expected", async () => {
    const world = await startWorld();
    const ticketId = openTicket(world, "matched");
    await changeSettings(world, { on_ambiguous: "shout" });

    world.zendesk.agents.setStatus(ticketId, "solved");
    await world.zis.idle(120_000);

    expect(lastRun(world, "ticket_status_changed")?.message).toContain(
      `Ticket ${ticketId}: the settings are wrong: on_ambiguous: expected "nothing" or "tag" or "note"`,
    );
  });
});

describe("work that a flow cannot finish in time", () => {
  it("is handed to the server's queue, and the link is made when Salesforce is back", async () => {
    const world = await startWorld({ waits: "virtual" });
    const ticketId = openTicket(world, "matched");
    const truth = world.data.truth.get(ticketId)!;
    world.faults.salesforce.add({ path: "/services/data/*", status: 503 });

    world.zis.accept({
      event_source: "support",
      event_type: "ticket.TicketCreated",
      input: {
        ticket_event: {
          meta: { sequence: { id: "A".repeat(32), position: 1, total: 1 } },
          type: "Ticket Created",
          ticket: { id: Number(ticketId), tags: [], form_id: 1, brand_id: 1, group_id: null },
        },
      },
    });
    await world.zis.idle(120_000);
    expect(lastRun(world, "ticket_created")?.message).toBe(
      `Ticket ${ticketId}: the look-up was handed to the server's queue.`,
    );

    world.faults.salesforce.clear();
    await jobsDone(world);
    await world.zis.idle(120_000);
    expect(await linksOf(world, ticketId)).toEqual([
      caseLinkName((truth as { caseId: string }).caseId),
    ]);
  });
});
