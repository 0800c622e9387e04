/** Reads the tickets that changed last. */
import { Type } from "typebox";
import { AppError } from "../errors.ts";
import { replyShape } from "../outbound/reply-shape.ts";
import type { RemoteCall } from "../outbound/send.ts";
import type { ZendeskClient } from "./client.ts";
import type { TicketWithUsers } from "./reader.ts";
import { TicketRow, toTicket, toUser, UserRow } from "./rows.ts";

/** Newest change first, at most 100; one request. Each with the people of all of them. Throws ZENDESK_ errors. */
export type RecentTickets = (
  count: number,
  call: RemoteCall,
) => Promise<readonly TicketWithUsers[]>;

const PATH = "/api/v2/tickets.json";
const readPage = replyShape(
  Type.Object({ tickets: Type.Array(TicketRow), users: Type.Optional(Type.Array(UserRow)) }),
);

/** Paging by cursor sorts tickets by updated_at, id and status only (Zendesk API reference, "Tickets"). */
export function createRecentTickets(client: Pick<ZendeskClient, "get">): RecentTickets {
  return async (count, call) => {
    const query = { sort: "-updated_at", include: "users", "page[size]": String(count) };
    const page = readPage(await client.get(PATH, query, call));
    if (!page.ok) {
      const text = `Zendesk answered GET ${PATH} in an unknown form: ${page.problem}`;
      throw new AppError("ZENDESK_REFUSED", text);
    }
    const users = (page.value.users ?? []).map(toUser);
    return page.value.tickets.slice(0, count).map((row) => ({ ticket: toTicket(row), users }));
  };
}
