/** Does the soak's comparison see every difference between the store and the source? */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import pg from "pg";
import type { World } from "#scripts/world";
import { asAdministrator, type AskZendesk } from "#test/soak/changes";
import { compareWithSource } from "#test/soak/compare";
import { openTicket, openWorld } from "#test/support/world";

let world: World;
let pool: pg.Pool;
let ask: AskZendesk;
let ticketId: string;

const compare = () => compareWithSource(pool, ask, [ticketId]);

beforeAll(async () => {
  world = await openWorld({ tickets: 20 });
  const { url, adminEmail, apiToken } = world.card.zendesk;
  const basic = Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64");
  ask = asAdministrator(url, `Basic ${basic}`);
  pool = new pg.Pool({ connectionString: world.environment["DATABASE_URL"], max: 2 });
  ticketId = openTicket(world, "none");
  world.zendesk.agents.setStatus(ticketId, "solved");
  await world.zis.idle();
});
afterAll(async () => {
  await pool.end();
  await world.close();
});

/** What the store holds is changed for the time of one comparison. */
async function compareAfter(change: string) {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(change, [ticketId]);
    // The comparison must see the change, which only this connection does.
    return await compareWithSource(client, ask, [ticketId]);
  } finally {
    await client.query("rollback");
    client.release();
  }
}

describe("the comparison", () => {
  it("finds a store that followed every event equal", async () => {
    expect(await compare()).toMatchObject({ equal: true, compared: 1, differences: [] });
  });

  it.each([
    ["stale", "update qa_conversations set status = 'open' where ticket_id = $1"],
    ["stale", "update qa_conversations set tags = '{}' || array['x'] where ticket_id = $1"],
    ["stale", "update qa_conversations set assignee_id = '1' where ticket_id = $1"],
    ["stale", "update qa_conversations set custom_fields = '[]' where ticket_id = $1"],
    ["stale", "update qa_conversations set deleted_at = now() where ticket_id = $1"],
    ["stale", "update qa_messages set body = body || '.' where ticket_id = $1 and position = 0"],
    ["stale", "update qa_messages set public = not public where ticket_id = $1 and position = 0"],
    ["stale", "delete from qa_messages where ticket_id = $1 and position = 0"],
    ["missed", "delete from qa_conversations where ticket_id = $1"],
  ])("counts as %s: %s", async (kind, change) => {
    const found = await compareAfter(change);
    expect(found).toMatchObject({ equal: false, [kind]: 1 });
    expect(found.differences).toHaveLength(1);
  });

  it("counts what is shown of a deleted ticket, and anything of an erased one, as extra", async () => {
    await ask("DELETE", `/api/v2/tickets/${ticketId}`);
    await world.zis.idle();
    expect(await compare()).toMatchObject({ equal: true });
    const shown = "update qa_conversations set deleted_at = null where ticket_id = $1";
    expect(await compareAfter(shown)).toMatchObject({ equal: false, extra: 1 });

    await ask("DELETE", `/api/v2/deleted_tickets/${ticketId}`);
    const isErased = async () => (await compare()).equal;
    await expect.poll(isErased, { timeout: 15_000, interval: 2_000 }).toBe(true);
    const left = `insert into qa_events (account_id, ticket_id, occurred_at, event_key, kind, data, recorded_at)
      values ('1', $1, '2001-01-01', 'k', 'status', '{}', now())`;
    expect(await compareAfter(left)).toMatchObject({ equal: false, extra: 1 });
  });
});
