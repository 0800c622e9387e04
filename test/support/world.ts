/** A small world for one test or one file, on the tests' own Postgres. */
import { expect, inject, onTestFinished } from "vitest";
import { ROUTES } from "#contract/routes";
import type { Webhooks } from "#contract/routes/zis-webhooks";
import { findLinks } from "#install/links";
import { renewWebhooks } from "#install/steps/webhooks";
import { createWorld, type World } from "#scripts/world";
import type { WorldOptions } from "#scripts/world/options";

/** Forty tickets of seed 3 on free ports. Whoever opens it closes it. */
export function openWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  return createWorld({
    seed: 3,
    tickets: 40,
    ports: { zendesk: 0, salesforce: 0, server: 0 },
    logLevel: "silent",
    databaseUrl: inject("templateUrl"),
    databaseTemplate: inject("worldTemplate"),
    // The waits of flows end at once, and nobody waits for the export's next minute.
    waits: "virtual",
    limits: { incrementalExportsPerMinute: 1_000 },
    ...options,
  });
}

/** The same, stopped when the test ends. */
export async function startWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await openWorld(options);
  onTestFinished(() => world.close());
  return world;
}

/** An open ticket that the settings do not ignore and whose look-up ends as wanted. */
export function openTicket(world: World, outcome: "matched" | "ambiguous" | "none"): string {
  const ticket = world.data.zendesk.tickets.find(
    ({ id, status, tags }) =>
      status === "open" &&
      !tags.includes("bulk_import") &&
      world.data.truth.get(String(id))?.outcome === outcome,
  );
  if (!ticket) throw new Error(`seed 3 has no open ticket with the outcome ${outcome}`);
  return String(ticket.id);
}

/** The names of the cases that a ticket is linked to, as ZIS Links tells them. */
export async function linksOf({ installer }: World, ticketId: string): Promise<readonly string[]> {
  return (await findLinks(installer, { ticketId })).map(({ rightName }) => rightName);
}

/** The inbound webhooks, made anew: those that the server has are sealed. */
export async function renewedWebhooks({ installer }: World): Promise<Webhooks> {
  const given: Webhooks[] = [];
  await renewWebhooks({
    ...installer,
    callServer: (call) => {
      if (call.path === ROUTES["store-webhooks"].path) given.push(call.body as Webhooks);
      return installer.callServer(call);
    },
  });
  return given[0] ?? expect.fail("the server was given no webhooks");
}
