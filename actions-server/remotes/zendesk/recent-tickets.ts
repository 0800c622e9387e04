/** Reads the tickets that changed last. */
import { Type } from "typebox";
import { AppError } from "#platform/errors";
import { replyShape, rowReader } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "./client.ts";
import type { TicketWithUsers } from "./reader.ts";
import { readUsers, TicketRow, toTicket } from "./rows.ts";

/** Newest change first, at most 100; one request. Each with the people of all of them. Throws ZENDESK_ errors. */
export type RecentTickets = (
  count: number,
  call: RemoteCall,
) => Promise<readonly TicketWithUsers[]>;

const PATH = "/api/v2/tickets.json";
const readPage = replyShape(
  Type.Object({
    tickets: Type.Array(Type.Unknown()),
    users: Type.Optional(Type.Array(Type.Unknown())),
  }),
);
const readTickets = rowReader(TicketRow);

/** Paging by cursor sorts tickets by updated_at, id and status only (Zendesk API reference, "Tickets"). */
export function createRecentTickets(client: Pick<ZendeskClient, "get">): RecentTickets {
  return async (count, call) => {
    const query = { sort: "-updated_at", include: "users", "page[size]": String(count) };
    const page = readPage(await client.get(PATH, query, call));
    if (!page.ok) {
      const text = `Zendesk answered GET ${PATH} in an unknown form: ${page.problem}`;
      throw new AppError("ZENDESK_REFUSED", text);
    }
    const { users } = readUsers(page.value.users ?? []);
    const { rows } = readTickets(page.value.tickets.slice(0, count));
    return rows.map((row) => ({ ticket: toTicket(row), users }));
  };
}
