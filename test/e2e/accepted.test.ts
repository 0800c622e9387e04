/** Is what was accepted done in the end, when the server that accepted it is killed before it could answer? */
import { describe, expect, it, onTestFinished } from "vitest";
import { caseLinkName } from "#contract/links";
import type { World } from "#scripts/world";
import { startFleet, type Fleet } from "../fault/histories/fleet.ts";
import { linksOf, openTicket, startWorld } from "../support/world.ts";

const TOKEN = "token-of-the-other-servers";
const AWAY = { path: "/*", status: 503 } as const;

/** A server of the world's database in a process of its own, started again when it dies. */
async function startOther({ environment, zis }: World): Promise<Fleet> {
  const fleet = startFleet(1, {
    ...environment,
    SERVER_TOKENS: `${ACCOUNT}:${TOKEN}`,
  });
  onTestFinished(async () => {
    await fleet.stop();
    await zis.idle(120_000);
  });
  await fleet.ready();
  return fleet;
}

/** The account of every world (scripts/world.ts). */
const ACCOUNT = "12514403";

async function call(url: string, token: string, action: string, ticketId: string) {
  const reply = await fetch(`${url}/v1/actions/${action}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": `accepted-${ticketId}`,
    },
    body: JSON.stringify({ ticket_id: ticketId }),
  });
  return { replayed: reply.headers.get("idempotency-replayed"), body: await reply.json() };
}

/** The call is accepted by the other server, which dies before it can say so; the world's own server then says it. */
async function acceptAndDie(world: World, action: string, ticketId: string): Promise<void> {
  const other = await startOther(world);
  other.arm(0, "after-record", 0);
  const dying = other.find(0);
  await expect(call(dying!, TOKEN, action, ticketId)).rejects.toThrow("fetch failed");
  await expect.poll(() => other.find(0)).not.toBe(dying);
  await other.ready();
  expect(other.disarm()).toEqual(["after-record"]);
  const { url, token } = world.card.server;
  expect(await call(url, token, action, ticketId)).toEqual({
    replayed: "true",
    body: { outcome: "accepted", ticket_id: ticketId },
  });
}

describe("an accepted call of a server that is killed", () => {
  it("capture-conversation: the conversation is stored by another process", async () => {
    const world = await startWorld();
    const ticketId = openTicket(world, "matched");
    world.faults.zendesk.add({ ...AWAY, path: "/api/v2/tickets/*" });
    await acceptAndDie(world, "capture-conversation", ticketId);
    const stored = () =>
      world.deps.db
        .selectFrom("qa_conversations")
        .select("message_count")
        .where("ticket_id", "=", ticketId)
        .executeTakeFirst();
    expect(await stored()).toBeUndefined();

    world.faults.zendesk.clear();
    await expect.poll(stored, { interval: 200 }).toEqual({
      message_count: world.zendesk.tickets.comments(ticketId).length,
    });
  });

  it("request-link: the ticket is linked by the flow that another process starts", async () => {
    const world = await startWorld();
    const ticketId = openTicket(world, "matched");
    const truth = world.data.truth.get(ticketId);
    world.faults.salesforce.add(AWAY);
    await acceptAndDie(world, "request-link", ticketId);
    expect(await linksOf(world, ticketId)).toEqual([]);

    world.faults.salesforce.clear();
    await expect
      .poll(() => linksOf(world, ticketId), { interval: 200 })
      .toEqual([caseLinkName(truth?.outcome === "matched" ? truth.caseId : "")]);
  });
});
