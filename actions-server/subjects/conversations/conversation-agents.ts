/** Keeps a conversation's agents with what is stored of it: the subject of agents knows how. */
import type { Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import type { TicketRef } from "./ticket-lock.ts";

export interface ConversationAgents {
  /** Once people are stored: those with an agent's role are agents from now on. */
  readonly noteAgents: (
    trx: Transaction<Database>,
    account: string,
    people: readonly { readonly id: string; readonly role?: string | undefined }[],
  ) => Promise<void>;
  /** Computes the agents of these tickets' conversations anew; the tickets are locked. */
  readonly associate: (trx: Transaction<Database>, tickets: readonly TicketRef[]) => Promise<void>;
}
