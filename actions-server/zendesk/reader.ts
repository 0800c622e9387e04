/** Reads a ticket, or its whole conversation, in as few requests as Zendesk allows. */
import { Type } from "typebox";
import { AppError } from "../errors.ts";
import { replyShape, type Shaped } from "../outbound/reply-shape.ts";
import type { RemoteCall } from "../outbound/send.ts";
import type { ZendeskClient } from "./client.ts";
import {
  CommentRow,
  TicketRow,
  toComment,
  toTicket,
  toUser,
  UserRow,
  type ZendeskComment,
  type ZendeskTicket,
  type ZendeskUser,
} from "./rows.ts";

export interface TicketWithUsers {
  readonly ticket: ZendeskTicket;
  readonly users: readonly ZendeskUser[];
}

export interface Conversation extends TicketWithUsers {
  /** All of them, oldest first. */
  readonly comments: readonly ZendeskComment[];
}

export interface ZendeskReader {
  /** One request. Undefined: there is no such ticket, or none that we may see. */
  ticket(ticketId: string, call: RemoteCall): Promise<TicketWithUsers | undefined>;
  /** One request for the ticket and one per hundred comments. */
  conversation(ticketId: string, call: RemoteCall): Promise<Conversation | undefined>;
}

const Users = Type.Optional(Type.Array(UserRow));
const readTicketPage = replyShape(Type.Object({ ticket: TicketRow, users: Users }));
const readCommentsPage = replyShape(
  Type.Object({
    comments: Type.Array(CommentRow),
    users: Users,
    meta: Type.Object({
      has_more: Type.Boolean(),
      after_cursor: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  }),
);

/** The largest page (Zendesk API reference, "Pagination"). */
const PAGE_SIZE = "100";
/** Twice what a ticket can hold: 5,000 comments (Zendesk API reference, "Ticket comments"). */
const MAX_PAGES = 100;

export function createZendeskReader(client: ZendeskClient): ZendeskReader {
  async function ticket(ticketId: string, call: RemoteCall) {
    const path = `/api/v2/tickets/${ticketId}.json`;
    const body = await client.get(path, { include: "users" }, call);
    if (body === undefined) return undefined;
    const page = checked(readTicketPage(body), path);
    return { ticket: toTicket(page.ticket), users: distinctById((page.users ?? []).map(toUser)) };
  }

  async function comments(ticketId: string, call: RemoteCall) {
    const path = `/api/v2/tickets/${ticketId}/comments.json`;
    const found: ZendeskComment[] = [];
    const authors: ZendeskUser[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const after: Record<string, string> = cursor === undefined ? {} : { "page[after]": cursor };
      const query = { include: "users", "page[size]": PAGE_SIZE, ...after };
      const body = await client.get(path, query, call);
      if (body === undefined) return undefined;
      const page = checked(readCommentsPage(body), path);
      found.push(...page.comments.map(toComment));
      authors.push(...(page.users ?? []).map(toUser));
      if (!page.meta.has_more) return { comments: distinctById(found), authors };
      cursor = nextCursor(page.meta.after_cursor, cursor, path);
    }
    throw new AppError("ZENDESK_REFUSED", `GET ${path} has more than ${MAX_PAGES} pages`);
  }

  return {
    ticket,
    async conversation(ticketId, call) {
      // The ticket first: then the comments are never older than the state that they are stored under.
      const page = await ticket(ticketId, call);
      const listed = page && (await comments(ticketId, call));
      if (!listed) return undefined;
      return {
        ticket: page.ticket,
        users: distinctById([...page.users, ...listed.authors]),
        comments: listed.comments,
      };
    },
  };
}

function checked<T>(shaped: Shaped<T>, path: string): T {
  if (shaped.ok) return shaped.value;
  throw new AppError(
    "ZENDESK_REFUSED",
    `Zendesk answered GET ${path} in an unknown form: ${shaped.problem}`,
  );
}

/** A cursor that stands still would be read for ever. */
function nextCursor(next: string | null | undefined, last: string | undefined, path: string) {
  if (next !== null && next !== undefined && next !== last) return next;
  throw new AppError("ZENDESK_REFUSED", `GET ${path} promises more pages but gives no new cursor`);
}

/** Rows may come on two pages, or beside the ticket and beside its comments; the later one counts. */
function distinctById<T extends { readonly id: string }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
