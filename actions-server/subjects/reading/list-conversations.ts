/** Lists conversations page by page, by the key of the last one: no page costs more than the first. */
import { sql, type Kysely } from "kysely";
import type {
  ConversationFilter,
  ConversationQuery,
  ConversationSummary,
} from "#contract/routes/conversations";
import type { Database } from "#platform/db/schema";
import { filterConversations, visibleConversations, type Viewer } from "./filters.ts";
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
  const { after, limit, ...filter } = query;
  const found = filterConversations(visibleConversations(db, account, viewer), filter);
  const rows = await (after === undefined ? found : found.where(isAfter(after)))
    .select(SUMMARY_COLUMNS)
    .orderBy("c.source_updated_at", "desc")
    .orderBy("c.ticket_id", "desc")
    .limit(limit + 1)
    .execute();
  const conversations = rows.slice(0, limit).map(toSummary);
  const last = conversations.at(-1);
  const next = rows.length > limit && last ? writeCursor([last.updated_at, last.ticket_id]) : null;
  return { conversations, next };
}

function isAfter(cursor: string) {
  const [at, ticketId] = readCursor(cursor, PLACE);
  return sql<boolean>`(c.source_updated_at, c.ticket_id) < (${at}::timestamptz, ${ticketId})`;
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
