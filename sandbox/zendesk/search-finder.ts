/** Finds what a search asks for. In an account of millions only the time that the search names is looked through. */
import type { TicketRecord, UserRecord } from "./model.ts";
import type { ZendeskStore } from "./store-contract.ts";
import type { SearchQuery } from "./search-query.ts";

export type Hit =
  | { readonly type: "ticket"; readonly record: TicketRecord }
  | { readonly type: "user"; readonly record: UserRecord };

export interface Finder {
  /** Every hit once, tickets first, by id. */
  find(search: SearchQuery, isShown: (ticketId: number) => boolean): Iterable<Hit>;
  /** How many there are; of a search for a time alone without looking at each. */
  count(search: SearchQuery, isShown: (ticketId: number) => boolean): number;
}

export function createFinder(store: ZendeskStore): Finder {
  const { history } = store;
  const contextOf = { userOf: (id: number | null) => store.user(id ?? 0) };
  const wants = (search: SearchQuery, type: string) => search.types?.has(type) ?? true;

  /** The first calculated ticket that was made at this time or later: they are made in the order of their ids. */
  function firstMadeAt(time: string): number {
    if (!history) return 1;
    let from = 1;
    let to = history.lastTicketId + 1;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const made = history.tickets.get(middle)?.created_at;
      if (made !== undefined && made >= time) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  function* findTickets(search: SearchQuery): Iterable<TicketRecord> {
    const { madeFrom, madeBefore } = search;
    const first = madeFrom === undefined ? 1 : firstMadeAt(madeFrom);
    const calculatedLast = history?.lastTicketId ?? 0;
    const last = madeBefore === undefined ? calculatedLast : firstMadeAt(madeBefore) - 1;
    if (history) yield* store.searchable(first, Math.min(last, calculatedLast));
    yield* store.searchable(calculatedLast + 1);
  }

  function* find(search: SearchQuery, isShown: (ticketId: number) => boolean): Iterable<Hit> {
    if (wants(search, "ticket")) {
      for (const record of findTickets(search)) {
        if (isShown(record.id) && search.matchesTicket(record, contextOf)) {
          yield { type: "ticket", record };
        }
      }
    }
    if (!wants(search, "user") || search.words.length === 0) return;
    for (const record of store.users()) {
      const about = `${record.name} ${record.email ?? ""}`.toLowerCase();
      if (search.words.every((word) => about.includes(word))) yield { type: "user", record };
    }
  }

  return {
    find,
    count(search, isShown) {
      let count = 0;
      if (history && search.onlyMadeWhen && wants(search, "ticket")) {
        const { madeFrom, madeBefore } = search;
        const first = madeFrom === undefined ? 1 : firstMadeAt(madeFrom);
        const last = madeBefore === undefined ? history.lastTicketId : firstMadeAt(madeBefore) - 1;
        const oldest = firstMadeAt("");
        count = Math.max(0, last - Math.max(first, oldest) + 1);
        for (const { id, deletion } of store.searchChanged()) {
          if (deletion && id >= first && id <= last) count -= 1;
        }
        for (const record of store.searchable(history.lastTicketId + 1)) {
          if (isShown(record.id) && search.matchesTicket(record, contextOf)) count += 1;
        }
        return count;
      }
      for (const _hit of find(search, isShown)) count += 1;
      return count;
    },
  };
}
