/** Keeps the stored conversation's tags and requester at the latest event. */
import { sql, type Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import { eventOrder } from "./assignment-order.ts";
import { changedRow } from "./changed-row.ts";
import type { EventData } from "./ticket-event.ts";

/**
 * Unless the state that the conversation was captured in is newer. In the same second the event wins, as for assignments.
 * The ticket must be locked and its conversation stored.
 */
export async function followEvents(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<void> {
  const { source_updated_at: since } = await trx
    .selectFrom("qa_conversations")
    .select("source_updated_at")
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .executeTakeFirstOrThrow();
  const events = await trx
    .selectFrom("qa_events")
    .select(["event_key", "kind", "occurred_at", "data"])
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .where("occurred_at", ">=", since)
    .where("kind", "in", ["tags_changed", "requester_changed"])
    .execute();
  const latest = (kind: string): EventData | undefined =>
    events
      .filter((event) => event.kind === kind)
      .toSorted(asTheyHappened)
      .at(-1)?.data;
  const tags = latest("tags_changed")?.tags;
  const requester = latest("requester_changed")?.requester_id;
  if (tags === undefined && requester === undefined) return;
  await trx
    .updateTable("qa_conversations")
    .set({
      ...changedRow,
      ...(tags !== undefined && { tags: [...tags] }),
      ...(requester !== undefined && { requester_id: requester }),
    })
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .where((eb) =>
      eb.or([
        ...(tags === undefined ? [] : [sql<boolean>`tags is distinct from ${[...tags]}::text[]`]),
        ...(requester === undefined ? [] : [eb("requester_id", "is distinct from", requester)]),
      ]),
    )
    .execute();
}

interface Placed {
  readonly occurred_at: Date;
  readonly event_key: string;
}

function asTheyHappened(left: Placed, right: Placed): number {
  const [first, second] = [eventOrder(left.event_key), eventOrder(right.event_key)];
  return (
    left.occurred_at.getTime() - right.occurred_at.getTime() ||
    (first < second ? -1 : first > second ? 1 : 0)
  );
}
