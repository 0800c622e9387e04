/** Keeps the agents of conversations with what is stored of them, in one transaction. */
import type { Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import type { ConversationAgents } from "./conversation-agents.ts";
import { upsertConversation, type Snapshot } from "./conversation-store.ts";

export type StoreConversation = typeof upsertConversation;

/** As `upsertConversation`, with the conversation's agents. */
export function createStoreConversation(agents: ConversationAgents): StoreConversation {
  return async (trx, account, snapshot: Snapshot) => {
    const result = await upsertConversation(trx, account, snapshot);
    if (result.outcome !== "stored") return result;
    const { ticket, users } = snapshot.conversation;
    await agents.noteAgents(trx, account, users);
    await agents.associate(trx, [{ account, ticketId: ticket.id }]);
    return result;
  };
}

/** The same for tickets that `storeHeaders` stored or left as they are. */
export async function followHeaders(
  agents: ConversationAgents,
  trx: Transaction<Database>,
  account: string,
  found: readonly TicketWithUsers[],
): Promise<void> {
  await agents.noteAgents(
    trx,
    account,
    found.flatMap(({ users }) => users),
  );
  await agents.associate(
    trx,
    found.map(({ ticket }) => ({ account, ticketId: ticket.id })),
  );
}
