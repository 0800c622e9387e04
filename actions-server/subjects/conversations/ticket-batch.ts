/** Effects on tickets that are done for many requests at once, whatever their kind: the tickets are locked once for all. */
import type { Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import { batchEffect, type BatchEffect } from "#platform/idempotency/work";
import { lockTickets, type TicketRef } from "./ticket-lock.ts";

type All<I, A> = (trx: Transaction<Database>, items: readonly I[]) => Promise<readonly A[]>;

interface Part {
  readonly all: All<never, unknown>;
  readonly item: TicketRef;
}

/** Two kinds that locked their tickets one after the other could wait for each other. */
const ticketEffect = batchEffect("ticket", async (trx, parts: readonly Part[]) => {
  await lockTickets(
    trx,
    parts.map(({ item }) => item),
  );
  const answers = new Map<Part, unknown>();
  for (const [all, same] of Map.groupBy(parts, (part) => part.all)) {
    const items = same.map(({ item }) => item) as never[];
    const given = await all(trx, items);
    for (const [at, part] of same.entries()) answers.set(part, given[at]);
  }
  return parts.map((part) => answers.get(part));
});

/** As `batchEffect`; the tickets of the items are locked when `all` is called. */
export function ticketBatch<I extends TicketRef, A>(all: All<I, A>): (item: I) => BatchEffect {
  return (item) => ticketEffect({ all, item });
}
