/** Do reviewers see what a customer answered, and nothing of it once the ticket is erased? */
import { expect, it } from "vitest";
import type { World } from "#scripts/world";
import { openTicket, startWorld } from "../support/world.ts";

async function act({ card }: World, action: string, key: string, body: object): Promise<unknown> {
  const { url, token } = card.server;
  const answer = await fetch(`${url}/v1/actions/${action}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": key,
    },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

async function read({ card }: World, path: string) {
  const { url, token } = card.server;
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/v1/conversations${path}`, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

it("shows the latest state of a response, whichever came last, until the ticket is erased", async () => {
  const world = await startWorld({ onEvents: () => {} });
  const ticketId = openTicket(world, "none");
  const response = { ticket_id: ticketId, response_id: "r1", kind: "survey" };
  const good = { ...response, score: "good", rating: 5, occurred_at: "2026-03-02T09:20:00Z" };
  const bad = { ...response, score: "bad", rating: 1, occurred_at: "2026-03-02T09:15:00Z" };
  // Before the conversation is stored.
  expect(await act(world, "record-satisfaction", "s:2", good)).toMatchObject({ current: true });
  expect(await act(world, "record-satisfaction", "s:1", bad)).toMatchObject({ current: false });
  await act(world, "capture-conversation", "solved:1", { ticket_id: ticketId });

  expect((await read(world, `/${ticketId}`)).body).toMatchObject({
    satisfaction: [{ response_id: "r1", score: "good", rating: 5 }],
  });
  expect((await read(world, "?csat=good")).body).toMatchObject({
    conversations: [{ ticket_id: ticketId }],
  });
  expect((await read(world, "?csat=bad")).body).toMatchObject({ conversations: [] });

  const erased = { ticket_id: ticketId, state: "erased", occurred_at: "2026-03-02T10:00:00Z" };
  await act(world, "record-deletion", "d:1", erased);
  const late = { ...good, response_id: "r2" };
  expect(await act(world, "record-satisfaction", "s:3", late)).toMatchObject({
    outcome: "ticket_erased",
  });
  expect((await read(world, `/${ticketId}`)).status).toBe(404);
  expect(await world.deps.db.selectFrom("qa_satisfaction").selectAll().execute()).toEqual([]);
});
