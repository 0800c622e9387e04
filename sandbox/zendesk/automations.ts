/** What Zendesk does by itself, as automations and its own maintenance do: changes that make no event. */
import { changedBySystem, type TicketChange } from "./change.ts";
import type { TicketRecord } from "./model.ts";
import type { ZendeskStore } from "./store-contract.ts";

/** Every move throws when the ticket is unknown. Ids are decimal strings. */
export interface Automations {
  /**
   * Moves `generated_timestamp` and leaves `updated_at` alone (airbyte #81640; Zendesk API reference, "Incremental
   * exports"). A change of nothing is a backfill: the ticket is exported anew as it was.
   */
  change(ticketId: string, change: Omit<TicketChange, "comment">): TicketRecord;
  /** Has a ticket be one that only AI agents handled. */
  handleByAi(ticketId: string): TicketRecord;
}

export function createAutomations(store: ZendeskStore, now: () => Date): Automations {
  function find(ticketId: string): TicketRecord {
    const ticket = store.ticket(Number(ticketId));
    if (!ticket) throw new Error(`there is no ticket ${ticketId}`);
    return ticket;
  }

  return {
    change: (ticketId, change) => store.replace(changedBySystem(find(ticketId), change, now())),
    handleByAi: (ticketId) =>
      store.replace({ ...changedBySystem(find(ticketId), {}, now()), support_type: "ai_agent" }),
  };
}
