/** What the demo has the server's sync do: load the time before the installation, and find what events did not bring. */
import { setTimeout as sleep } from "node:timers/promises";
import { ROUTES } from "#contract/routes";
import type { SweepReport } from "#contract/routes/sweep";
import type { SyncStatus } from "#contract/routes/sync";
import type { World } from "../world.ts";

const BETWEEN_LOOKS_MS = 100;
const LONGEST_MS = 120_000;

/** Resolves when every ticket that was solved before the installation is stored with its messages. */
export async function loadHistory(world: World): Promise<void> {
  const { tickets } = world.data.zendesk;
  const [oldest] = tickets.map(({ updated_at }) => updated_at).toSorted();
  await ask(world, "POST", ROUTES["start-sync"].path, { since: oldest });
  await untilEnded(
    () => ask<SyncStatus>(world, "GET", ROUTES.sync.path),
    ({ state }) => state !== "running" && state !== "reading",
  );
}

/** The sweep of the hour: compares all that has changed since then with the stores, and repairs them. */
export async function sweep(world: World, since: Date): Promise<void> {
  const wanted = { since: since.toISOString(), reason: "hourly" };
  const { id } = await ask<SweepReport>(world, "POST", ROUTES.sweeps.path, wanted);
  await untilEnded(
    () => ask<SweepReport>(world, "GET", ROUTES.sweep.path.replace(":id", id)),
    ({ state }) => state !== "running",
  );
}

async function untilEnded<Report extends { readonly state: string; readonly message: unknown }>(
  look: () => Promise<Report>,
  hasEnded: (report: Report) => boolean,
): Promise<void> {
  const endMs = performance.now() + LONGEST_MS;
  for (;;) {
    const report = await look();
    if (report.state === "finished") return;
    if (hasEnded(report) || performance.now() > endMs) {
      throw new Error(`the sync is ${report.state}: ${String(report.message)}`);
    }
    await sleep(BETWEEN_LOOKS_MS);
  }
}

async function ask<Reply>(
  { card }: World,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<Reply> {
  const { url, token } = card.server;
  const reply = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}`);
  return (await reply.json()) as Reply;
}
