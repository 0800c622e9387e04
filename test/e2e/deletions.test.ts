/** Does a stored conversation follow its ticket when that is deleted, restored and erased? */
import { expect, it } from "vitest";
import type { World } from "#scripts/world";
import { openTicket, startWorld } from "../support/world.ts";

let offset = 0;

/** As Zendesk sends it, `seconds` after now. */
function happen({ zis }: World, type: string, ticketId: string, seconds = 0): void {
  offset += 1;
  zis.accept({
    event_source: "support",
    event_type: `ticket.${type}`,
    input: {
      ticket_event: {
        meta: {
          version: "1.0",
          occurred_at: new Date(Date.now() + seconds * 1_000).toISOString(),
          ref: `77-${offset}`,
        },
        type,
        ticket: { id: Number(ticketId), tags: [] },
      },
    },
  });
}

const stored = ({ deps }: World, ticketId: string) =>
  deps.db
    .selectFrom("qa_conversations")
    .select(["deleted_at", "captures"])
    .where("ticket_id", "=", ticketId)
    .executeTakeFirst();

const messages = async ({ deps }: World, ticketId: string) =>
  (
    await deps.db
      .selectFrom("qa_messages")
      .select("comment_id")
      .where("ticket_id", "=", ticketId)
      .execute()
  ).length;

it("hides what is deleted, reads what is restored, erases what is gone, and keeps it away", async () => {
  const world = await startWorld();
  const ticketId = openTicket(world, "none");
  world.zendesk.agents.setStatus(ticketId, "solved");
  await world.zis.idle(120_000);
  expect(await stored(world, ticketId)).toEqual({ deleted_at: null, captures: 1 });

  happen(world, "TicketSoftDeleted", ticketId);
  await world.zis.idle(120_000);
  expect(await stored(world, ticketId)).toMatchObject({ deleted_at: expect.any(Date) });

  happen(world, "TicketUndeleted", ticketId, 10);
  await world.zis.idle(120_000);
  await expect.poll(() => stored(world, ticketId)).toEqual({ deleted_at: null, captures: 2 });

  happen(world, "TicketPermanentlyDeleted", ticketId, 20);
  await world.zis.idle(120_000);
  expect(await stored(world, ticketId)).toBeUndefined();
  expect(await messages(world, ticketId)).toBe(0);

  // Late events, whose ticket Zendesk still shows for a moment.
  world.zendesk.agents.setStatus(ticketId, "open");
  world.zendesk.agents.setStatus(ticketId, "solved");
  happen(world, "TicketUndeleted", ticketId, 30);
  await world.zis.idle(120_000);
  expect(await stored(world, ticketId)).toBeUndefined();
  expect(await messages(world, ticketId)).toBe(0);
  expect(world.zis.runs.list({ limit: 20 }).map(({ status }) => status)).not.toContain("FAILED");
});
