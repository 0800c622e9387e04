/** A small world for one test, on the tests' own Postgres; stopped when the test ends. */
import { inject, onTestFinished } from "vitest";
import { createWorld, type World, type WorldOptions } from "../../scripts/world.ts";

/** Forty tickets of seed 3 on free ports. */
export async function startWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await createWorld({
    seed: 3,
    tickets: 40,
    ports: { zendesk: 0, salesforce: 0, server: 0 },
    logLevel: "silent",
    databaseUrl: inject("templateUrl"),
    ...options,
  });
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
