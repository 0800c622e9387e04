/** Counts an account's tickets and people, by one request each. */
import { Type } from "typebox";
import { AppError } from "#platform/errors";
import { replyShape } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "./client.ts";
import { Id } from "./wire.ts";

export interface ZendeskCounts {
  /**
   * Tickets made from an instant on and before another, as the search index has them. Throws ZENDESK_ errors: the search
   * wants the broad scope `read`.
   */
  readonly ticketsMade: (from: Date, before: Date, call: RemoteCall) => Promise<number>;
  /**
   * The highest number that a ticket has; 0: there is none. Zendesk numbers tickets one after the other, so no more were
   * ever made. Throws ZENDESK_ errors.
   */
  readonly highestTicket: (call: RemoteCall) => Promise<number>;
  /** Customers and agents; Zendesk may answer up to a day late above 100,000. Throws ZENDESK_ errors. */
  readonly people: (call: RemoteCall) => Promise<number>;
}

const SEARCH = "/api/v2/search/count";
const USERS = "/api/v2/users/count";
const Count = Type.Integer({ minimum: 0 });
const readSearchCount = replyShape(Type.Object({ count: Count }));
const TICKETS = "/api/v2/tickets.json";
const readTickets = replyShape(Type.Object({ tickets: Type.Array(Type.Object({ id: Id })) }));
const readUserCount = replyShape(Type.Object({ count: Type.Object({ value: Count }) }));

export function createZendeskCounts(client: Pick<ZendeskClient, "get">): ZendeskCounts {
  return {
    async ticketsMade(from, before, call) {
      const query = `type:ticket created>=${inSeconds(from)} created<${inSeconds(before)}`;
      const found = readSearchCount(await client.get(SEARCH, { query }, call));
      if (found.ok) return found.value.count;
      throw unknownForm(SEARCH, found.problem);
    },
    async highestTicket(call) {
      const query = { sort: "-id", "page[size]": "1" };
      const found = readTickets(await client.get(TICKETS, query, call));
      if (found.ok) return Number(found.value.tickets[0]?.id ?? 0);
      throw unknownForm(TICKETS, found.problem);
    },
    async people(call) {
      const found = readUserCount(await client.get(USERS, {}, call));
      if (found.ok) return found.value.count.value;
      throw unknownForm(USERS, found.problem);
    },
  };
}

const inSeconds = (at: Date) => `${at.toISOString().slice(0, 19)}Z`;

function unknownForm(path: string, problem: string): AppError {
  return new AppError(
    "ZENDESK_REFUSED",
    `Zendesk answered GET ${path} in an unknown form: ${problem}`,
  );
}
