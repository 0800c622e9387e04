/** Does a stored conversation follow comments and redactions within seconds, with one reading for a burst? */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, it, onTestFinished } from "vitest";
import { basicOf } from "#scripts/world/zendesk";
import type { World } from "#scripts/world";
import { jobsDone } from "../support/jobs.ts";
import { openTicket, startWorld } from "../support/world.ts";

const messages = ({ deps }: World, ticketId: string) =>
  deps.db
    .selectFrom("qa_messages")
    .select(["comment_id", "body", "html_body", "public", "attachments"])
    .where("ticket_id", "=", ticketId)
    .orderBy("position")
    .execute();

const bodies = async (world: World, ticketId: string) =>
  (await messages(world, ticketId)).map(({ body }) => body);

async function solvedTicket(world: World): Promise<string> {
  const ticketId = openTicket(world, "none");
  world.zendesk.agents.setStatus(ticketId, "solved");
  await world.zis.idle(120_000);
  return ticketId;
}

async function put({ card }: World, path: string, body: unknown): Promise<void> {
  const { url, adminEmail: email, apiToken } = card.zendesk;
  const answer = await fetch(`${url}/api/v2${path}`, {
    method: "PUT",
    headers: { authorization: basicOf({ email, apiToken }), "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
}

/** How often the comments of a ticket were asked for, by whoever uses undici, as the server does. */
function countReadings(ticketId: string): () => number {
  let count = 0;
  const note = (message: unknown) => {
    const { path } = (message as { request: { path: string } }).request;
    if (path.includes(`/tickets/${ticketId}/comments`)) count += 1;
  };
  subscribe("undici:request:create", note);
  onTestFinished(() => void unsubscribe("undici:request:create", note));
  return () => count;
}

it("reads fifty comments of one second together, and misses none", async () => {
  const world = await startWorld({ onEvents: () => {} });
  const ticketId = openTicket(world, "none");
  const call = async (action: string, key: string, body: object) => {
    const { url, token } = world.card.server;
    const answer = await fetch(`${url}/v1/actions/${action}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "idempotency-key": key,
      },
      body: JSON.stringify({ ticket_id: ticketId, ...body }),
    });
    expect(answer.status).toBe(200);
  };
  await call("capture-conversation", "solved:1", {});
  const readings = countReadings(ticketId);
  const occurred_at = new Date().toISOString();
  const began = performance.now();

  await Promise.all(
    Array.from({ length: 50 }, async (_, at) => {
      world.zendesk.agents.reply(ticketId, `comment ${at}`, { public: at % 2 === 0 });
      await call("record-ticket-event", `burst:${at}`, { kind: "comment_added", occurred_at });
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  await expect
    .poll(() => messages(world, ticketId))
    .toHaveLength(world.zendesk.tickets.comments(ticketId).length);
  await jobsDone(world);

  // One, unless this machine was too busy to take them all before it was read.
  expect(readings()).toBeLessThanOrEqual(Math.max(1, Math.ceil(seconds)));
  const { captures } = await world.deps.db
    .selectFrom("qa_conversations")
    .select("captures")
    .where("ticket_id", "=", ticketId)
    .executeTakeFirstOrThrow();
  expect(captures).toBe(1);
  const metrics = await (await fetch(`${world.card.server.url}/metrics`)).text();
  expect(metrics).toMatch(
    /caseqa_event_lag_seconds_count\{operation="record-ticket-event"\} 5[1-9]/,
  );
});

it("equals its source after a redaction, and shows nothing of it while Zendesk is away", async () => {
  const world = await startWorld();
  const ticketId = await solvedTicket(world);
  world.zendesk.agents.reply(ticketId, "my card is 4111 1111", { public: true });
  await expect.poll(() => bodies(world, ticketId)).toContain("my card is 4111 1111");
  const comment = world.zendesk.tickets.comments(ticketId).at(-1)!;

  // Zendesk redacts, then does not answer us.
  await put(world, `/tickets/${ticketId}/comments/${comment.id}/redact`, { text: "4111 1111" });
  world.faults.zendesk.add({ path: "/api/v2/tickets/*", status: 503 });
  await world.zis.idle(120_000);
  expect((await messages(world, ticketId)).at(-1)).toMatchObject({ body: "", html_body: null });

  world.faults.zendesk.clear();
  await jobsDone(world);
  expect((await bodies(world, ticketId)).at(-1)).toBe("my card is ▇▇▇▇▇▇▇▇▇");

  await put(world, `/tickets/${ticketId}/comments/${comment.id}/make_private`, {});
  await world.zis.idle(120_000);
  await jobsDone(world);
  expect((await messages(world, ticketId)).at(-1)).toMatchObject({ public: false });
});

it("lets stored tags follow, without a reading", async () => {
  const world = await startWorld();
  const ticketId = await solvedTicket(world);
  const readings = countReadings(ticketId);
  world.zendesk.agents.addTags(ticketId, ["refund", "angry"]);
  await world.zis.idle(120_000);
  const { tags } = await world.deps.db
    .selectFrom("qa_conversations")
    .select("tags")
    .where("ticket_id", "=", ticketId)
    .executeTakeFirstOrThrow();
  expect(tags).toEqual(world.zendesk.tickets.get(ticketId)?.tags);
  expect(readings()).toBe(0);
});
