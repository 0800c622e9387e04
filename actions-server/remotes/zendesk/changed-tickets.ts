/** Reads what changed in Zendesk, in the order of change: the incremental export by cursor. */
import { Type } from "typebox";
import { AppError } from "#platform/errors";
import { replyShape } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import type { TooMuch, ZendeskClient } from "./client.ts";
import type { TicketWithUsers } from "./reader.ts";
import { TicketRow, toTicket, toUser, UserRow, type ZendeskUser } from "./rows.ts";
import { isLaterState } from "./ticket-clocks.ts";
import { Id } from "./wire.ts";

export interface ChangedPage {
  readonly kind: "page";
  /** Each ticket once, in its newest state. */
  readonly tickets: readonly TicketWithUsers[];
  /** Rows in an unknown form: the ticket's id, if at least that can be read. */
  readonly unreadable: readonly (string | undefined)[];
  /** Where the next page begins. The last one for now may have none (connectors take `after_cursor` for nullable). */
  readonly cursor: string | undefined;
  readonly endOfStream: boolean;
}

/** `since` for the first page, then the last page's cursor. Throws ZENDESK_ errors. */
export type ReadChanged = (
  from: { readonly since: Date } | { readonly cursor: string },
  pageSize: number,
  call: RemoteCall,
) => Promise<ChangedPage | TooMuch>;

const PATH = "/api/v2/incremental/tickets/cursor";

const readPage = replyShape(
  Type.Object({
    tickets: Type.Array(Type.Unknown()),
    users: Type.Optional(Type.Array(Type.Unknown())),
    after_cursor: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    end_of_stream: Type.Boolean(),
  }),
);
const readTicket = replyShape(TicketRow);
const readUser = replyShape(UserRow);
const readNamed = replyShape(Type.Object({ id: Id }));

export function createReadChanged(client: Pick<ZendeskClient, "page">): ReadChanged {
  return async (from, pageSize, call) => {
    const start: Record<string, string> =
      "cursor" in from
        ? { cursor: from.cursor }
        : { start_time: String(Math.floor(from.since.getTime() / 1_000)) };
    const query = { ...start, per_page: String(pageSize), include: "users" };
    const answer = await client.page(PATH, query, call);
    if (answer.kind === "too_much") return answer;
    const page = readPage(answer.body);
    if (!page.ok) {
      const text = `Zendesk answered GET ${PATH} in an unknown form: ${page.problem}`;
      throw new AppError("ZENDESK_REFUSED", text);
    }
    const { tickets, users = [], after_cursor: after, end_of_stream: endOfStream } = page.value;
    const last = "cursor" in from ? from.cursor : undefined;
    const cursor = after || undefined;
    // A cursor that does not advance would loop forever; at the end none is needed.
    if (!endOfStream && (cursor === undefined || cursor === last)) {
      const text = `GET ${PATH} promises more pages but gives no new cursor`;
      throw new AppError("ZENDESK_REFUSED", text);
    }
    const read = tickets.map((row) => ({ row, shaped: readTicket(row) }));
    const rows = read.flatMap(({ shaped }) => (shaped.ok ? [toTicket(shaped.value)] : []));
    const people = users.map(readUser).flatMap((row) => (row.ok ? [toUser(row.value)] : []));
    return {
      kind: "page",
      tickets: withUsers(rows, people),
      unreadable: read.flatMap(({ row, shaped }) => (shaped.ok ? [] : [idOf(row)])),
      cursor,
      endOfStream,
    };
  };
}

function idOf(row: unknown): string | undefined {
  const named = readNamed(row);
  return named.ok ? String(named.value.id) : undefined;
}

/** A ticket that changed while the page was made may appear twice: the newest state counts, and of equal ones the last. */
function withUsers(
  rows: readonly TicketWithUsers["ticket"][],
  people: readonly ZendeskUser[],
): TicketWithUsers[] {
  const byId = new Map(people.map((user) => [user.id, user]));
  const newest = new Map<string, TicketWithUsers>();
  for (const ticket of rows) {
    const other = newest.get(ticket.id)?.ticket;
    if (other && isLaterState(other, ticket)) continue;
    const requester = byId.get(ticket.requesterId ?? "");
    newest.set(ticket.id, { ticket, users: requester ? [requester] : [] });
  }
  return [...newest.values()];
}
