/** A customer's Zendesk keeps running the bundle that was uploaded last: the server of today must serve it. */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import type { ApiCall } from "#install/zendesk-api";
import type { World } from "#scripts/world";
import type { WorldOptions } from "#scripts/world/options";
import { openTicket, startWorld } from "../support/world.ts";

/** The first bundle of contract version 1, with this world's names in it. */
async function firstBundle({ card }: World): Promise<string> {
  const file = new URL("../fixtures/bundles/contract-v1-first.json", import.meta.url);
  const text = await readFile(file, "utf8");
  return text
    .replaceAll("https://caseqa.example.com", card.server.url)
    .replaceAll("zis:caseqa:", `zis:${card.integration}:`);
}

/** A world in which the first bundle runs with the settings of its time. */
async function startFirstBundle(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await startWorld(options);
  const { card, installer } = world;
  const services = "/api/services/zis";
  const call = async (request: ApiCall) => {
    const { status, body } = await installer.callZendesk(request);
    expect(status, JSON.stringify(body)).toBeLessThan(300);
  };
  const jobSpec = `zis:${card.integration}:job_spec:on_ticket_status_changed`;
  const settings = {
    version: 1,
    enabled: true,
    ignore_tags: ["bulk_import"],
    case_number_field_id: null,
    case_external_id_field: "Zendesk_Ticket_Id__c",
  };
  await call({
    method: "POST",
    path: `${services}/registry/${card.integration}/bundles`,
    body: JSON.parse(await firstBundle(world)),
  });
  await call({
    method: "POST",
    path: `${services}/registry/job_specs/install?job_spec_name=${jobSpec}`,
    as: "integration",
  });
  await call({
    method: "PUT",
    path: `${services}/integrations/${card.integration}/configs/caseqa`,
    as: "integration",
    body: { config: settings },
  });
  return world;
}

const lastRun = (world: World) =>
  world.zis.runs.list({ limit: 1, flow: "ticket_status_changed" })[0];

it("serves the first bundle of this contract version with the settings of that time", async () => {
  const world = await startFirstBundle();
  const ticketId = openTicket(world, "none");
  world.zendesk.agents.setStatus(ticketId, "solved");
  await world.zis.idle(120_000);

  expect(lastRun(world)).toMatchObject({
    status: "SUCCEEDED",
    message: `Ticket ${ticketId}: case none, conversation stored.`,
  });
});

it("stores for it what was said by messaging, and never lets it report as stored what was not read", async () => {
  const world = await startFirstBundle();
  const { agents, switches } = world.zendesk;
  const solveChat = async () => {
    const said = [{ by: "customer", text: "Hello?" }] as const;
    const ticketId = String(agents.chat(world.data.zendesk.endUsers[0]!.id, said).id);
    agents.setStatus(ticketId, "solved");
    await world.zis.idle(120_000);
    return ticketId;
  };

  const unread = await solveChat();
  expect(lastRun(world)).toMatchObject({
    status: "FAILED",
    message: `Ticket ${unread}: the actions server answered an outcome that this bundle does not know.`,
  });

  switches.conversationLog = "tickets";
  const read = await solveChat();
  expect(lastRun(world)).toMatchObject({
    status: "SUCCEEDED",
    message: `Ticket ${read}: case matched, conversation stored.`,
  });
});
