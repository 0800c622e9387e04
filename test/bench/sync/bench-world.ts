/** A whole world for a part of the sync benchmark, and what its agents can do there. */
import { sql } from "kysely";
import { createWorld, type World } from "../../../scripts/world.ts";
import type { WorldOptions } from "../../../scripts/world/options.ts";
import { withPostgres } from "./bench-postgres.ts";

export function withWorld<T>(
  options: Pick<WorldOptions, "tickets" | "limits" | "now">,
  use: (world: World) => Promise<T>,
): Promise<T> {
  return withPostgres(async (databaseUrl) => {
    const world = await createWorld({
      seed: 5,
      ports: { zendesk: 0, salesforce: 0, server: 0 },
      logLevel: "silent",
      databaseUrl,
      ...options,
    });
    try {
      return await use(world);
    } finally {
      await world.close();
    }
  });
}

/** Tickets that the settings let through and that agents can still solve. */
export function solvable({ data }: World): readonly string[] {
  return data.zendesk.tickets
    .filter(({ status, tags }) => status === "open" && !tags.includes("bulk_import"))
    .map(({ id }) => String(id));
}

/** When each of these conversations was stored, in milliseconds; waits until all are, or until a minute went by without one. */
export async function storedAt(
  { deps }: World,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  let known = 0;
  let sinceMs = performance.now();
  for (;;) {
    const { rows } = await sql<{ ticket_id: string; captured_at: Date }>`
      select ticket_id, captured_at from qa_conversations where ticket_id = any(${ticketIds}::text[])`.execute(
      deps.db,
    );
    if (rows.length > known) sinceMs = performance.now();
    known = rows.length;
    const isOver = known === ticketIds.length || performance.now() - sinceMs > 60_000;
    if (isOver) return new Map(rows.map((row) => [row.ticket_id, row.captured_at.getTime()]));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
