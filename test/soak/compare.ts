/** Compares what Postgres holds of each ticket with what the account's API answers, member by member. */
import { isDeepStrictEqual } from "node:util";
import type { ClientBase, Pool } from "pg";
import type { AskZendesk } from "./changes.ts";

export interface Comparison {
  readonly equal: boolean;
  /** Solved or closed in the source, and not in the store. */
  readonly missed: number;
  /** In the store in another state. */
  readonly stale: number;
  /** In the store, although it is deleted; or anything at all of what was erased. */
  readonly extra: number;
  readonly compared: number;
  /** Stored, and open again since: they are stored anew when they are solved. */
  readonly reopened: number;
  /** What differs, for people: at most twenty. */
  readonly differences: readonly string[];
}

interface Wire {
  readonly [member: string]: unknown;
}

const MOST_SHOWN = 20;
/** Tables that hold anything of a ticket, but for the note that it is gone. */
const OF_TICKETS = ["qa_conversations", "qa_messages", "qa_assignments", "qa_events"];

export async function compareWithSource(
  db: Pool | ClientBase,
  ask: AskZendesk,
  ticketIds: readonly string[],
): Promise<Comparison> {
  const counts = { missed: 0, stale: 0, extra: 0, compared: 0, reopened: 0 };
  const differences: string[] = [];
  const note = (kind: "missed" | "stale" | "extra", ticketId: string, what: string) => {
    counts[kind] += 1;
    if (differences.length < MOST_SHOWN) differences.push(`${kind}: ticket ${ticketId}: ${what}`);
  };
  // Asked for only when something is deleted: the list answers ten times in a minute.
  let restorable: ReadonlySet<string> | undefined;

  for (const ticketId of ticketIds) {
    counts.compared += 1;
    const source = await readSource(ask, ticketId);
    const stored = await readStored(db, ticketId);
    if (!source) {
      if (stored && !stored.isHidden) note("extra", ticketId, "it is deleted, and still shown");
      restorable ??= await readDeleted(ask);
      if (!restorable.has(ticketId) && (await hasAnything(db, ticketId))) {
        note("extra", ticketId, "it was erased, and something of it is still there");
      }
      continue;
    }
    const isFinished = source.status === "solved" || source.status === "closed";
    if (!isFinished || source.tags.includes("bulk_import")) {
      if (stored) counts.reopened += 1;
      continue;
    }
    if (!stored) note("missed", ticketId, "it is not stored");
    else if (stored.isHidden) note("stale", ticketId, "it is restored, and still hidden");
    else if (!isDeepStrictEqual(stored.state, source.state)) {
      note("stale", ticketId, firstDifference(stored.state, source.state));
    }
  }
  const { missed, stale, extra } = counts;
  return { equal: missed + stale + extra === 0, ...counts, differences };
}

async function readDeleted(ask: AskZendesk): Promise<ReadonlySet<string>> {
  const rows = await readAll(ask, "/api/v2/deleted_tickets.json", "deleted_tickets");
  return new Set(rows.map(({ id }) => String(id)));
}

/** The rows of all pages of a list. */
async function readAll(ask: AskZendesk, list: string, member: string): Promise<readonly Wire[]> {
  const rows: Wire[] = [];
  let path: string | null = `${list}?page[size]=100`;
  while (path !== null) {
    const page = (await ask("GET", path)).body as Wire;
    rows.push(...(page[member] as Wire[]));
    const { has_more: hasMore } = page["meta"] as { has_more: boolean };
    const { next } = page["links"] as { next: string | null };
    path = hasMore && next !== null ? new URL(next).pathname + new URL(next).search : null;
  }
  return rows;
}

/** An id or a word. */
const text = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? String(value) : null;
const instant = (value: unknown) =>
  typeof value === "string" ? new Date(value).toISOString() : null;

async function readSource(ask: AskZendesk, ticketId: string) {
  const { status, body } = await ask("GET", `/api/v2/tickets/${ticketId}.json`);
  if (status === 404) return undefined;
  const { ticket } = body as { ticket: Wire };
  const comments = await readAll(ask, `/api/v2/tickets/${ticketId}/comments.json`, "comments");
  return {
    status: text(ticket["status"]),
    tags: ticket["tags"] as string[],
    state: {
      subject: ticket["subject"],
      status: ticket["status"],
      channel: (ticket["via"] as Wire)["channel"],
      requester_id: text(ticket["requester_id"]),
      assignee_id: text(ticket["assignee_id"]),
      group_id: text(ticket["group_id"]),
      brand_id: text(ticket["brand_id"]),
      organization_id: text(ticket["organization_id"]),
      form_id: text(ticket["ticket_form_id"]),
      tags: ticket["tags"],
      custom_fields: (ticket["custom_fields"] as Wire[]).map(({ id, value }) => ({
        id: String(id),
        value,
      })),
      created_at: instant(ticket["created_at"]),
      updated_at: instant(ticket["updated_at"]),
      messages: comments.map((comment) => ({
        id: String(comment["id"]),
        author_id: text(comment["author_id"]),
        public: comment["public"],
        body: comment["body"],
        html_body: comment["html_body"],
        channel: (comment["via"] as Wire)["channel"],
        created_at: instant(comment["created_at"]),
        attachments: (comment["attachments"] as Wire[]).map((file) => ({
          id: String(file["id"]),
          file_name: file["file_name"],
          content_type: file["content_type"],
          size: file["size"],
        })),
      })),
    },
  };
}

async function readStored(db: Pool | ClientBase, ticketId: string) {
  const [row] = (
    await db.query<Wire>("select * from qa_conversations where ticket_id = $1", [ticketId])
  ).rows;
  if (!row) return undefined;
  const messages = await db.query<Wire>(
    "select * from qa_messages where ticket_id = $1 order by position",
    [ticketId],
  );
  const at = (value: unknown) => (value instanceof Date ? value.toISOString() : null);
  const members = [
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
    "custom_fields",
  ];
  return {
    isHidden: row["deleted_at"] !== null,
    state: {
      ...Object.fromEntries(members.map((member) => [member, row[member]])),
      created_at: at(row["created_at"]),
      updated_at: at(row["source_updated_at"]),
      messages: messages.rows.map((message) => ({
        id: message["comment_id"],
        author_id: message["author_id"],
        public: message["public"],
        body: message["body"],
        html_body: message["html_body"],
        channel: message["channel"],
        created_at: at(message["created_at"]),
        attachments: (message["attachments"] as Wire[]).map(
          ({ content_url: _url, ...file }) => file,
        ),
      })),
    },
  };
}

async function hasAnything(db: Pool | ClientBase, ticketId: string): Promise<boolean> {
  for (const table of OF_TICKETS) {
    const { rowCount } = await db.query(`select from ${table} where ticket_id = $1 limit 1`, [
      ticketId,
    ]);
    if ((rowCount ?? 0) > 0) return true;
  }
  return false;
}

function firstDifference(stored: Wire, source: Wire): string {
  const member =
    Object.keys(source).find((one) => !isDeepStrictEqual(stored[one], source[one])) ?? "?";
  const show = (value: unknown) => (JSON.stringify(value) ?? "nothing").slice(0, 200);
  return `${member} is ${show(stored[member])}, in the source ${show(source[member])}`;
}
