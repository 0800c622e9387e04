/** Waits for the jobs of a world's server, without the pauses that lie before and between their attempts. */
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { World } from "#scripts/world";

const BETWEEN_LOOKS_MS = 100;

/** Resolves when no job is open: it was done, or has failed for good. */
export async function jobsDone({ deps }: Pick<World, "deps">): Promise<void> {
  while ((await deps.jobs.openCount()) > 0) {
    await startNow({ deps });
    await sleep(BETWEEN_LOOKS_MS);
  }
}

/** Lets every job start that waits for its time. */
export async function startNow({ deps }: Pick<World, "deps">): Promise<void> {
  await sql`
    update pgboss.job set start_after = now()
    where state in ('created', 'retry') and start_after > now()`.execute(deps.db);
}
