/** Does what was said reach the store whatever the channel, and does nobody hear "captured" of what was not read? */
import { expect, it } from "vitest";
import type { World } from "#scripts/world";
import { linksOf, openTicket, startWorld } from "../support/world.ts";

const BROAD = "read tickets:write";

const lastRun = (world: World, flow = "ticket_status_changed") =>
  world.zis.runs.list({ limit: 1, flow })[0];

const messagesOf = ({ deps }: World, ticketId: string) =>
  deps.db
    .selectFrom("qa_messages")
    .select(["kind", "body", "data", "author_id"])
    .where("ticket_id", "=", ticketId)
    .orderBy("position")
    .execute();

const conversationOf = ({ deps }: World, ticketId: string) =>
  deps.db
    .selectFrom("qa_conversations")
    .select(["channel", "message_count", "skipped_rows"])
    .where("ticket_id", "=", ticketId)
    .executeTakeFirst();

async function metric({ card }: World, name: string): Promise<number> {
  const text = await (await fetch(`${card.server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]);
}

async function startChat(world: World): Promise<string> {
  const customer = world.data.zendesk.endUsers[0]!.id;
  const { id } = world.zendesk.agents.chat(customer, [
    { by: "customer", text: "Is anybody there?" },
    { by: "agent", text: "Yes" },
  ]);
  await world.zis.idle(120_000);
  return String(id);
}

async function solve(world: World, ticketId: string): Promise<void> {
  world.zendesk.agents.setStatus(ticketId, "solved");
  await world.zis.idle(120_000);
}

it("stores what was said by messaging and on the telephone", async () => {
  const world = await startWorld({ zendeskScope: BROAD });
  const ticketId = await startChat(world);
  const call = { recording_url: "https://tideway.zendesk.com/r/1", call_duration: "40" };
  world.zendesk.agents.recordCall(ticketId, call);

  await solve(world, ticketId);

  expect(lastRun(world)).toMatchObject({ status: "SUCCEEDED" });
  expect(
    (await messagesOf(world, ticketId)).filter(({ kind }) => kind === "message"),
  ).toMatchObject([{ body: "Is anybody there?" }, { body: "Yes" }]);
  expect((await messagesOf(world, ticketId)).filter(({ kind }) => kind === "voice")).toMatchObject([
    { body: "", data: call },
  ]);
  expect(await conversationOf(world, ticketId)).toEqual({
    channel: "native_messaging",
    message_count: 3,
    skipped_rows: 0,
  });
});

it("stores nothing of a conversation that it may not read, says so, and stores it once it may", async () => {
  const events: Parameters<World["zis"]["accept"]>[0][] = [];
  const world = await startWorld({ onEvents: (caused) => events.push(...caused) });
  const ticketId = await startChat(world);
  events.length = 0;
  world.zendesk.agents.setStatus(ticketId, "solved");
  const solved = events.filter(({ event_type: type }) => type === "ticket.StatusChanged");

  for (const event of solved) world.zis.accept(event);
  await world.zis.idle(120_000);

  expect(lastRun(world)).toMatchObject({ status: "FAILED" });
  expect(lastRun(world)?.message).toContain("ZENDESK_SCOPE=read tickets:write");
  expect(await conversationOf(world, ticketId)).toBeUndefined();
  expect(await metric(world, "caseqa_conversations_unreadable_total")).toBe(1);

  world.zendesk.switches.conversationLog = "tickets";
  for (const event of solved) world.zis.accept(event);
  await world.zis.idle(120_000);

  expect(lastRun(world)).toMatchObject({ status: "SUCCEEDED" });
  expect(await messagesOf(world, ticketId)).toHaveLength(2);
});

it("keeps the comments beside an odd one, and counts what it could not keep", async () => {
  const world = await startWorld({ zendeskSwitches: { oddRows: true } });
  const ticketId = openTicket(world, "none");

  await solve(world, ticketId);

  expect(lastRun(world)).toMatchObject({ status: "SUCCEEDED" });
  const comments = world.zendesk.tickets.comments(ticketId).length;
  expect(await conversationOf(world, ticketId)).toMatchObject({
    message_count: comments + 1,
    skipped_rows: 2,
  });
  expect(await metric(world, "caseqa_conversation_rows_skipped_total")).toBe(2);
});

it("hands a new ticket that Zendesk does not show yet to the queue", async () => {
  const world = await startWorld({ zendeskSwitches: { hiddenReads: 1 } });
  const ticketId = await startChat(world);
  expect(lastRun(world, "ticket_created")).toMatchObject({
    status: "SUCCEEDED",
    message: `Ticket ${ticketId}: the look-up was handed to the server's queue.`,
  });
  // The first customer has one open case, and the flow that links starts when the queue has found it.
  await expect.poll(() => linksOf(world, ticketId)).toHaveLength(1);
});
