/** Do people see how many tickets the sweeps still owe? Of a running server. */
import { expect, it } from "vitest";
import { ROUTES } from "#contract/routes";
import type { Health } from "#contract/routes/health";
import { createMetrics } from "#platform/metrics/metrics";
import { startWorld } from "#test/support/world";

it("counts what is owed for the page Health, and of all accounts as a metric", async () => {
  const world = await startWorld();
  const { url, token } = world.card.server;
  const read = async <T>(path: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await (await fetch(url + path, { headers })).json()) as T;
  };
  const health = () => read<Health>(ROUTES.health.path);
  const { account } = await read<{ account: string }>(ROUTES.me.path);
  expect((await health()).owed_tickets).toBe(0);

  const { db } = world.deps;
  const row = { owed_since: new Date("2026-11-25T08:00:00Z"), tried_by: "s" };
  await db
    .insertInto("owed_tickets")
    .values([
      { account_id: account, ticket_id: "1", ...row },
      { account_id: account, ticket_id: "2", ...row },
      { account_id: "another", ticket_id: "1", ...row },
    ])
    .execute();
  expect((await health()).owed_tickets).toBe(2);
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^caseqa_sweep_owed_tickets 3$/m);
});

it("shows no number that could not be read", async () => {
  const metrics = createMetrics();
  let isAway = false;
  metrics.watchOwedTickets(async () => {
    if (isAway) throw new Error("away");
    return 4;
  });
  expect(await metrics.registry.metrics()).toMatch(/^caseqa_sweep_owed_tickets 4$/m);
  isAway = true;
  expect(await metrics.registry.metrics()).not.toMatch(/^caseqa_sweep_owed_tickets \d/m);
});
