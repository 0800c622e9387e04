/**
 * Tickets as the search knows them: minutes behind what is read. Sources: Zendesk API reference, "Search" (the delay);
 * airbytehq/airbyte PR 81640 (a change without an event may never reach the index).
 */
import type { TicketRecord, ZendeskData } from "./model.ts";
import { createRecordTable } from "./record-table.ts";

export interface SearchIndex {
  /** Takes note of a ticket's new state; `silent`: the change made no event. */
  note(ticket: TicketRecord, silent: boolean): void;
  /** Tickets from the first to the last of these ids (default: all), by id, as they are found now. */
  tickets(first?: number, last?: number): Iterable<TicketRecord>;
  /** Those that are not as they were at the start. */
  changed(): Iterable<TicketRecord>;
}

interface SearchIndexOptions {
  readonly data: Pick<ZendeskData, "tickets" | "history">;
  readonly now: () => Date;
  /** Asked at every look, so that they may change. */
  readonly delaySeconds: () => number;
  readonly missesSilentChanges: () => boolean;
}

export function createSearchIndex(options: SearchIndexOptions): SearchIndex {
  const { data, now, delaySeconds } = options;
  const indexed = createRecordTable<TicketRecord>({
    records: data.tickets,
    history: data.history?.tickets,
    changedOf: () => 0,
  });
  const known = new Set<number>();
  let waiting: { readonly since: number; readonly ticket: TicketRecord }[] = [];

  function settle(): void {
    const before = now().getTime() - delaySeconds() * 1_000;
    const ready = waiting.findIndex(({ since }) => since > before);
    const due = ready === -1 ? waiting : waiting.slice(0, ready);
    for (const { ticket } of due) {
      known.add(ticket.id);
      indexed.set(ticket);
    }
    if (due.length > 0) waiting = waiting.slice(due.length);
  }

  return {
    note(ticket, silent) {
      if (silent && options.missesSilentChanges()) return;
      waiting.push({ since: now().getTime(), ticket });
    },
    *tickets(first = 1, last = Number.POSITIVE_INFINITY) {
      settle();
      for (const ticket of indexed.byId(first - 1)) {
        if (ticket.id > last) return;
        if (!ticket.deletion) yield ticket;
      }
    },
    *changed() {
      settle();
      for (const id of known) {
        const ticket = indexed.get(id);
        if (ticket) yield ticket;
      }
    },
  };
}
