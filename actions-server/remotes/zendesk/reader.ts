/** Reads a ticket, or its whole conversation, in as few requests as Zendesk allows. */
import { Type } from "typebox";
import { AppError } from "#platform/errors";
import { replyShape } from "#platform/outbound/reply-shape";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient } from "./client.ts";
import { readComments, type ZendeskComment } from "./comment-rows.ts";
import { readList } from "./cursor-list.ts";
import { mayHaveMessages, readMessages } from "./messages.ts";
import {
  countOddFields,
  readUsers,
  TicketRow,
  toTicket,
  type ZendeskTicket,
  type ZendeskUser,
} from "./rows.ts";

export interface TicketWithUsers {
  readonly ticket: ZendeskTicket;
  readonly users: readonly ZendeskUser[];
}

export interface Conversation extends TicketWithUsers {
  /** Everything that was said, oldest first: comments, calls and chat messages. */
  readonly comments: readonly ZendeskComment[];
  /** How many rows and members were left out because of their form; the ticket itself does not count. */
  readonly skipped: number;
  /** Why messages are missing, and the remedy; undefined: everything was read. */
  readonly unreadable: string | undefined;
}

export interface ZendeskReader {
  /** One request. Undefined: the ticket does not exist, or we may not see it. */
  ticket(ticketId: string, call: RemoteCall): Promise<TicketWithUsers | undefined>;
  /**
   * One request for the ticket and one per hundred comments; if the ticket keeps its messages elsewhere, also
   * its audits or its Conversation Log.
   */
  conversation(ticketId: string, call: RemoteCall): Promise<Conversation | undefined>;
}

const readTicketPage = replyShape(
  Type.Object({
    ticket: TicketRow,
    users: Type.Optional(Type.Union([Type.Array(Type.Unknown()), Type.Null()])),
  }),
);

/** Twice what a ticket can hold: 5,000 comments (Zendesk API reference, "Ticket comments"). */
const MOST_PAGES = 100;

export function createZendeskReader(client: ZendeskClient): ZendeskReader {
  async function ticketPage(ticketId: string, call: RemoteCall) {
    const path = `/api/v2/tickets/${ticketId}.json`;
    const body = await client.get(path, { include: "users" }, call);
    if (body === undefined) return undefined;
    const page = readTicketPage(body);
    if (!page.ok) {
      throw new AppError(
        "ZENDESK_REFUSED",
        `Zendesk answered GET ${path} in an unknown form: ${page.problem}`,
      );
    }
    const { users, skipped } = readUsers(page.value.users ?? []);
    return {
      ticket: toTicket(page.value.ticket),
      users: distinctById(users),
      skipped: skipped + countOddFields(page.value.ticket),
    };
  }

  async function comments(ticketId: string, call: RemoteCall) {
    const path = `/api/v2/tickets/${ticketId}/comments.json`;
    const query = { include: "users" };
    const list = await readList(
      client,
      { path, member: "comments", query, mostPages: MOST_PAGES },
      call,
    );
    if (!list) return undefined;
    if (!list.isWhole) {
      throw new AppError("ZENDESK_REFUSED", `GET ${path} has more than ${MOST_PAGES} pages`);
    }
    const said = readComments(list.rows);
    const people = readUsers(list.users);
    return {
      comments: distinctById(said.comments),
      users: people.users,
      skipped: said.skipped + people.skipped,
    };
  }

  return {
    async ticket(ticketId, call) {
      const page = await ticketPage(ticketId, call);
      return page && { ticket: page.ticket, users: page.users };
    },
    async conversation(ticketId, call) {
      // The ticket first, so that the comments are never older than the state that they are stored with.
      const page = await ticketPage(ticketId, call);
      const listed = page && (await comments(ticketId, call));
      if (!listed) return undefined;
      const elsewhere = mayHaveMessages(page.ticket, listed.comments)
        ? await readMessages(client, page.ticket, listed.comments, call)
        : NO_MESSAGES;
      if (!elsewhere) return undefined;
      return {
        ticket: page.ticket,
        users: distinctById([...page.users, ...listed.users]),
        comments: inOrder(listed.comments, distinctById(elsewhere.messages)),
        skipped: page.skipped + listed.skipped + elsewhere.skipped,
        unreadable: elsewhere.unreadable,
      };
    },
  };
}

const NO_MESSAGES = { messages: [], skipped: 0, unreadable: undefined };

/** Comments are in chronological order; messages are sorted in among them. */
function inOrder(
  comments: readonly ZendeskComment[],
  messages: readonly ZendeskComment[],
): readonly ZendeskComment[] {
  if (messages.length === 0) return comments;
  return [...withTimes(comments), ...withTimes(messages)]
    .toSorted((left, right) => left.atMs - right.atMs)
    .map(({ comment }) => comment);
}

/** An item without a time stays right after the one before it. */
function withTimes(comments: readonly ZendeskComment[]) {
  let lastMs = 0;
  return comments.map((comment) => {
    lastMs = comment.createdAt?.getTime() ?? lastMs;
    return { comment, atMs: lastMs };
  });
}

/** The same row may come on two pages, or with both the ticket and its comments; the later one counts. */
function distinctById<T extends { readonly id: string }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
