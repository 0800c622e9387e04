/** Keeps what other subjects derive from conversations with what is stored of them, in one transaction. */
import type { Transaction } from "kysely";
import { prepare } from "#platform/db/prepared";
import type { Database } from "#platform/db/schema";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import type { ConversationAgents } from "./conversation-agents.ts";
import { upsertConversation, type Snapshot } from "./conversation-store.ts";
import type { TicketRef } from "./ticket-lock.ts";

export type StoreConversation = typeof upsertConversation;

export interface Derived {
  readonly agents: ConversationAgents;
  /** Computes the attributes of tickets and people as they stand in the store now. */
  readonly storeAttributes: (
    trx: Transaction<Database>,
    account: string,
    subjects: { readonly tickets: readonly string[]; readonly users: readonly string[] },
  ) => Promise<void>;
}

/** As `upsertConversation`, with the conversation's agents and attributes. */
export function createStoreConversation(derived: Derived): StoreConversation {
  return async (trx, account, snapshot: Snapshot) => {
    const result = await upsertConversation(trx, account, snapshot);
    if (result.outcome === "stored") await derive(derived, trx, account, [snapshot.conversation]);
    return result;
  };
}

/** For tickets that were stored or left as they are; the tickets are locked. */
export async function derive(
  { agents, storeAttributes }: Derived,
  trx: Transaction<Database>,
  account: string,
  found: readonly TicketWithUsers[],
): Promise<void> {
  const tickets = found.map(({ ticket }) => ticket.id);
  const users = found.flatMap((one) => one.users);
  await agents.noteAgents(trx, account, users);
  await agents.associate(
    trx,
    tickets.map((ticketId) => ({ account, ticketId })),
  );
  // The last change of the transaction: whoever changes a definition is waited for here.
  await storeAttributes(trx, account, { tickets, users: [...new Set(users.map(({ id }) => id))] });
}

/**
 * After an event changed what is stored of these tickets: their agents, and the attributes of those that are stored. A
 * batch may be about several accounts, which are taken in one order.
 */
export async function deriveAgain(
  { agents, storeAttributes }: Derived,
  trx: Transaction<Database>,
  changed: readonly TicketRef[],
): Promise<void> {
  await agents.associate(trx, changed);
  const stored = await whichAreStored(trx, [
    changed.map(({ account }) => account),
    changed.map(({ ticketId }) => ticketId),
  ]);
  const byAccount = Map.groupBy(stored, (row) => row.account_id);
  for (const [account, rows] of [...byAccount].toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  )) {
    await storeAttributes(trx, account, { tickets: rows.map((row) => row.ticket_id), users: [] });
  }
}

const whichAreStored = prepare<{ account_id: string; ticket_id: string }>(
  "conversations_stored",
  `select distinct account_id, ticket_id from unnest($1::text[], $2::text[]) as changed (account_id, ticket_id)
  join qa_conversations using (account_id, ticket_id)`,
);
