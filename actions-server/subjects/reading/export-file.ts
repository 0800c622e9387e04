/** Conversations as lines of a file: NDJSON with their messages, or CSV. */
import type { Kysely } from "kysely";
import type { ConversationFilter, ConversationSummary } from "#contract/routes/conversations";
import type { TextStream } from "#contract/routes/route";
import type { Database } from "#platform/db/schema";
import { eachConversation } from "./list-conversations.ts";
import { eachPageOfMessages } from "./read-conversation.ts";

export function exportFile(
  db: Kysely<Database>,
  account: string,
  format: "ndjson" | "csv",
  filter: ConversationFilter,
): TextStream {
  const found = eachConversation(db, account, filter);
  return format === "csv"
    ? { type: "text/csv; charset=utf-8; header=present", parts: csvLines(found) }
    : { type: "application/x-ndjson", parts: jsonLines(db, account, found) };
}

const MESSAGES_AT_ONCE = 500;

async function* jsonLines(
  db: Kysely<Database>,
  account: string,
  found: AsyncIterable<ConversationSummary>,
): AsyncGenerator<string> {
  for await (const summary of found) {
    const asked = { account, viewer: undefined, ticketId: summary.ticket_id };
    let isBegun = false;
    for await (const messages of eachPageOfMessages(db, asked, MESSAGES_AT_ONCE)) {
      const list = JSON.stringify(messages).slice(1, -1);
      yield isBegun ? `,${list}` : `${JSON.stringify(summary).slice(0, -1)},"messages":[${list}`;
      isBegun = true;
    }
    // Else it was deleted after it was listed.
    if (isBegun) yield "]}\n";
  }
}

const CSV_COLUMNS = [
  "ticket_id",
  "source",
  "subject",
  "status",
  "channel",
  "requester_id",
  "assignee_id",
  "group_id",
  "brand_id",
  "organization_id",
  "form_id",
  "tags",
  "case_id",
  "merged_into",
  "message_count",
  "created_at",
  "updated_at",
  "captured_at",
] as const satisfies readonly (keyof ConversationSummary)[];

async function* csvLines(found: AsyncIterable<ConversationSummary>): AsyncGenerator<string> {
  yield `${CSV_COLUMNS.join(",")}\r\n`;
  for await (const summary of found) {
    yield `${CSV_COLUMNS.map((column) => toCell(summary[column])).join(",")}\r\n`;
  }
}

/** By RFC 4180. A text that a spreadsheet would calculate begins with an apostrophe (OWASP, "CSV injection"). */
function toCell(value: string | number | readonly string[] | null): string {
  if (value === null) return "";
  const text = Array.isArray(value) ? value.join(" ") : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
