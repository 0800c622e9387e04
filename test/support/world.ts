/** A small world for one test or one file, on the tests' own Postgres. */
import { inject, onTestFinished } from "vitest";
import { TICKET_CASE_LINK, ticketLinkName } from "#contract/links";
import { createWorld, type World, type WorldOptions } from "#scripts/world";

/** Forty tickets of seed 3 on free ports. Whoever opens it closes it. */
export function openWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  return createWorld({
    seed: 3,
    tickets: 40,
    ports: { zendesk: 0, salesforce: 0, server: 0 },
    logLevel: "silent",
    databaseUrl: inject("templateUrl"),
    databaseTemplate: inject("worldTemplate"),
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
export async function linksOf(
  { card, zisToken }: World,
  ticketId: string,
): Promise<readonly string[]> {
  const query = new URLSearchParams({
    link_type: TICKET_CASE_LINK,
    left_object_name: ticketLinkName(ticketId),
  });
  const response = await fetch(
    `${card.zendesk.url}/api/services/zis/links/${card.integration}?${query.toString()}`,
    { headers: { authorization: `Bearer ${zisToken}` } },
  );
  const { links } = (await response.json()) as { links: { right_object: { name: string } }[] };
  return links.map((link) => link.right_object.name);
}
