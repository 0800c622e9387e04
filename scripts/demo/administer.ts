/** What the demo's administrator does to stored conversations: redacts a text of one, and deletes the ticket of another. */
import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../world.ts";
import { capturedTicket, type Administered } from "./expectations.ts";
import type { Delivered } from "./play.ts";

const BETWEEN_LOOKS_MS = 50;
const LONGEST_MS = 30_000;
const REDACTED_LENGTH = 12;

/** Takes the first two tickets that were captured, once they are stored. */
export async function administer(
  world: World,
  delivered: readonly Delivered[],
): Promise<Administered> {
  const heard = delivered.filter(({ copies }) => copies > 0);
  const captured = new Set(heard.flatMap(({ event }) => capturedTicket(event) ?? []));
  const [first, second] = captured;
  await untilStored(
    world,
    [first, second].filter((id) => id !== undefined),
  );
  const { administrators, tickets } = world.zendesk;
  const redacted = first === undefined ? undefined : redactFirst(world, first);
  const commentIds = tickets.comments(second ?? "").map(({ id }) => String(id));
  if (second !== undefined) administrators.deleteTicket(second);
  return { redacted, deleted: second === undefined ? undefined : { ticketId: second, commentIds } };
}

/** The beginning of the ticket's first comment. */
function redactFirst({ zendesk }: World, ticketId: string): Administered["redacted"] {
  const [comment] = zendesk.tickets.comments(ticketId);
  if (!comment) return undefined;
  const [text = ""] = comment.body.slice(0, REDACTED_LENGTH).split("\n");
  zendesk.administrators.redact(ticketId, String(comment.id), text);
  return { ticketId, commentId: String(comment.id) };
}

/** A server that stores nothing is noticed by the invariants. */
async function untilStored({ deps }: World, ticketIds: readonly string[]): Promise<void> {
  const endMs = performance.now() + LONGEST_MS;
  while (ticketIds.length > 0 && performance.now() < endMs) {
    const stored = await deps.db
      .selectFrom("qa_conversations")
      .select("ticket_id")
      .where("ticket_id", "in", ticketIds)
      .execute();
    if (stored.length === ticketIds.length) return;
    await sleep(BETWEEN_LOOKS_MS);
  }
}
