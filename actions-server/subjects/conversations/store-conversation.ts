/** Keeps what other subjects derive from conversations with what is stored of them, in one transaction. */
import type { Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import type { ConversationAgents } from "./conversation-agents.ts";
import { upsertConversation, type Snapshot } from "./conversation-store.ts";
import type { TicketRef } from "./ticket-lock.ts";
import { whichStored } from "./which-tickets.ts";

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
 * After an event changed what is stored of these tickets: their agents and attributes. Those without a conversation have
 * neither. A batch may be about several accounts, which are taken in one order.
 */
export async function deriveAgain(
  { agents, storeAttributes }: Derived,
  trx: Transaction<Database>,
  changed: readonly TicketRef[],
): Promise<void> {
  const stored = [...(await whichStored(trx, changed))];
  if (stored.length === 0) return;
  await agents.associate(trx, stored);
  const byAccount = Map.groupBy(stored, ({ account }) => account);
  const inOrder = [...byAccount].toSorted(([left], [right]) => (left < right ? -1 : 1));
  for (const [account, tickets] of inOrder) {
    const ids = [...new Set(tickets.map(({ ticketId }) => ticketId))];
    await storeAttributes(trx, account, { tickets: ids, users: [] });
  }
}
