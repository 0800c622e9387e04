/** Reads one conversation: messages page by page, people, and what happened. */
import type { Kysely } from "kysely";
import type { ConversationReply, MessagePage, MessageReply } from "#contract/routes/conversations";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import { visibleConversations, type Viewer } from "./filters.ts";
import { readCursor, writeCursor } from "./page-cursor.ts";
import {
  MESSAGE_COLUMNS,
  SUMMARY_COLUMNS,
  toAssignmentEvent,
  toEvent,
  toMessage,
  toPerson,
  toSatisfaction,
  toSummary,
} from "./present.ts";

interface Asked {
  readonly account: string;
  readonly viewer: Viewer;
  readonly ticketId: string;
}

interface Place {
  readonly after?: string;
  readonly limit: number;
}

const FIRST_MESSAGES = 100;
const MOST_EVENTS = 1_000;
const MOST_RESPONSES = 100;

type NamedAttribute = ConversationReply["attributes"][number];

/** The attributes in force of some tickets, by their ids. */
export type AttributesOf = (
  account: string,
  ticketIds: readonly string[],
) => Promise<ReadonlyMap<string, readonly NamedAttribute[]>>;

/** @throws AppError NOT_FOUND also for one that the viewer may not see */
export async function readConversation(
  db: Kysely<Database>,
  attributesOf: AttributesOf,
  asked: Asked,
): Promise<ConversationReply> {
  const row = await findConversation(db, asked);
  const page = await pageOfMessages(db, asked, row.opened_on, { limit: FIRST_MESSAGES });
  const events = await readEvents(db, asked, row.created_at);
  const authors = page.messages.map((message) => message.author_id);
  const ids = [row.requester_id, row.assignee_id, ...authors].filter((id) => id !== null);
  const satisfaction = await readSatisfaction(db, asked);
  const people = await db
    .selectFrom("qa_people")
    .selectAll()
    .where("account_id", "=", asked.account)
    .where("user_id", "in", ids.length > 0 ? [...new Set(ids)] : ["none"])
    .orderBy("user_id")
    .execute();
  const { opened_on: _, ...summary } = row;
  const named = (await attributesOf(asked.account, [asked.ticketId])).get(asked.ticketId) ?? [];
  const attributes = named.map(({ name, label, value }) => ({ name, label, value }));
  return {
    ...toSummary(summary),
    ...page,
    attributes,
    people: people.map(toPerson),
    events,
    satisfaction,
  };
}

async function readSatisfaction(db: Kysely<Database>, { account, ticketId }: Asked) {
  const rows = await db
    .selectFrom("qa_satisfaction")
    .selectAll()
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .orderBy("occurred_at", "desc")
    .orderBy("event_order", "desc")
    .orderBy("response_id", "desc")
    .limit(MOST_RESPONSES)
    .execute();
  return rows.map(toSatisfaction);
}

/** @throws AppError NOT_FOUND also for one that the viewer may not see */
export async function readMessages(
  db: Kysely<Database>,
  asked: Asked,
  place: Place,
): Promise<MessagePage> {
  const { opened_on: openedOn } = await findConversation(db, asked);
  return pageOfMessages(db, asked, openedOn, place);
}

/** All messages, the oldest first. Not even an empty page: there is no such conversation. */
export async function* eachPageOfMessages(
  db: Kysely<Database>,
  asked: Asked,
  limit: number,
): AsyncGenerator<readonly MessageReply[]> {
  const row = await lookForConversation(db, asked);
  if (!row) return;
  let { messages, next } = await pageOfMessages(db, asked, row.opened_on, { limit });
  yield messages;
  while (next !== null) {
    ({ messages, next } = await pageOfMessages(db, asked, row.opened_on, { after: next, limit }));
    // It may have been erased meanwhile.
    if (messages.length > 0) yield messages;
  }
}

async function findConversation(db: Kysely<Database>, asked: Asked) {
  const row = await lookForConversation(db, asked);
  if (row) return row;
  throw new AppError("NOT_FOUND", `no conversation of ticket ${asked.ticketId} is stored`);
}

async function lookForConversation(db: Kysely<Database>, { account, viewer, ticketId }: Asked) {
  const { conversations } = await visibleConversations(db, account, viewer);
  return conversations
    .where("c.ticket_id", "=", ticketId)
    .select([...SUMMARY_COLUMNS, "c.opened_on"])
    .executeTakeFirst();
}

async function pageOfMessages(
  db: Kysely<Database>,
  { account, ticketId }: Asked,
  openedOn: Date,
  { after, limit }: Place,
): Promise<MessagePage> {
  const [position] = after === undefined ? [] : readCursor(after, [/^\d{1,9}$/]);
  const rows = await db
    .selectFrom("qa_messages")
    .select(MESSAGE_COLUMNS)
    .where("account_id", "=", account)
    .where("opened_on", "=", openedOn)
    .where("ticket_id", "=", ticketId)
    .$if(position !== undefined, (query) => query.where("position", ">", Number(position)))
    .orderBy("position")
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    messages: shown.map(toMessage),
    next: rows.length > limit && last ? writeCursor([last.position]) : null,
  };
}

async function readEvents(db: Kysely<Database>, { account, ticketId }: Asked, createdAt: Date) {
  const events = await db
    .selectFrom("qa_events")
    .selectAll()
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    // Nothing happened before the ticket was there: earlier months need not be looked into.
    .where("occurred_at", ">=", createdAt)
    .orderBy("occurred_at")
    .limit(MOST_EVENTS)
    .execute();
  const assignments = await db
    .selectFrom("qa_assignments")
    .selectAll()
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .orderBy("occurred_at")
    .orderBy("event_order")
    .limit(MOST_EVENTS)
    .execute();
  return [...events.map(toEvent), ...assignments.map(toAssignmentEvent)].toSorted((left, right) =>
    left.at < right.at ? -1 : Number(left.at > right.at),
  );
}
