/** Lists conversations page by page, by the key of the last one: no page costs more than the first. */
import { sql, type Kysely } from "kysely";
import type {
  ConversationFilter,
  ConversationQuery,
  ConversationSummary,
} from "#contract/routes/conversations";
import type { Database } from "#platform/db/schema";
import {
  filterConversations,
  visibleConversations,
  type ListPlace,
  type Viewer,
} from "./filters.ts";
import { readCursor, writeCursor } from "./page-cursor.ts";
import { SUMMARY_COLUMNS, toSummary } from "./present.ts";

export interface ConversationPage {
  readonly conversations: ConversationSummary[];
  readonly next: string | null;
}

const PLACE = [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, /^[1-9]\d{0,18}$/];

export async function listConversations(
  db: Kysely<Database>,
  account: string,
  viewer: Viewer,
  query: ConversationQuery,
): Promise<ConversationPage> {
  const { after, limit, agent, ...filter } = query;
  const { conversations: visible, order } = await visibleConversations(db, account, viewer, {
    agent: agent === undefined ? undefined : String(agent),
    after: after === undefined ? undefined : placeOf(after),
  });
  const rows = await filterConversations(visible, filter)
    .select(SUMMARY_COLUMNS)
    .orderBy(sql.ref(order[0]), "desc")
    .orderBy(sql.ref(order[1]), "desc")
    .limit(limit + 1)
    .execute();
  const conversations = rows.slice(0, limit).map(toSummary);
  const last = conversations.at(-1);
  const next = rows.length > limit && last ? writeCursor([last.updated_at, last.ticket_id]) : null;
  return { conversations, next };
}

function placeOf(cursor: string): ListPlace {
  const [updatedAt = "", ticketId = ""] = readCursor(cursor, PLACE);
  return { updatedAt, ticketId };
}

const FILE_PAGE = 200;

/** All that the filter leaves, a page at a time. One that changes meanwhile may be left out: it is among the changes then. */
export async function* eachConversation(
  db: Kysely<Database>,
  account: string,
  filter: ConversationFilter,
): AsyncGenerator<ConversationSummary> {
  let after: string | undefined;
  do {
    const query = { ...filter, limit: FILE_PAGE, ...(after !== undefined && { after }) };
    const page = await listConversations(db, account, undefined, query);
    yield* page.conversations;
    after = page.next ?? undefined;
  } while (after !== undefined);
}
