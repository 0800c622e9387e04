/** Stores a conversation as it was observed: the newest state wins, whatever the order of arrival. */
import { sql, type Insertable, type Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import type { Conversation } from "#remotes/zendesk/reader";
import type { ZendeskComment } from "#remotes/zendesk/comment-rows";
import type { ZendeskUser } from "#remotes/zendesk/rows";
import { followAssignments } from "./assignments.ts";
import { changedRow } from "./changed-row.ts";
import { readDeletion, type Deletion } from "./deletions.ts";
import { followEvents } from "./follow-events.ts";
import { followMerges } from "./merge.ts";
import { supersedes, type ObservedState } from "./newest.ts";
import { ticketColumns } from "./ticket-columns.ts";
import { lockTicket } from "./ticket-lock.ts";
import { ensureMonth } from "#platform/db/months";
import { storableJson, storableText } from "#platform/db/storable";
import { searchText } from "#platform/db/search-text";
import type { StoredAttachment } from "./tables.ts";

export interface Snapshot {
  readonly conversation: Conversation;
  /** The matched case; null: there is none; undefined: not known, what is stored stays. */
  readonly caseId: string | null | undefined;
  /** When Zendesk was asked. */
  readonly observedAt: Date;
  readonly capturedAt: Date;
  /** Read again, for no event of its own: not counted as a capture. */
  readonly isRefresh?: true;
}

/** Messages of one statement: a body may hold 64 kB, and its HTML more. */
const MESSAGES_PER_STATEMENT = 200;

/**
 * Counts the capture, then stores the snapshot unless the store holds a newer state: `newest` is false then, and
 * nothing but the count changes. The ticket stays locked until the transaction ends, so captures of one ticket go one
 * after the other. A stored conversation equals its snapshot: a comment that was redacted is overwritten, one that is
 * gone is deleted. What was recorded of the ticket's assignments, tags, merges and deletion meanwhile is kept in it. Of a
 * ticket that was erased nothing is stored again.
 */
export async function upsertConversation(
  trx: Transaction<Database>,
  account: string,
  snapshot: Snapshot,
): Promise<{ outcome: "stored" | "older" | "erased" }> {
  const { ticket, users } = snapshot.conversation;
  await ensureMonth(trx, "qa_messages", ticket.createdAt);
  await lockTicket(trx, account, ticket.id);
  const deletion = await readDeletion(trx, account, ticket.id);
  if (deletion?.state === "erased") return { outcome: "erased" };
  const stored = await countCapture(trx, account, snapshot, deletion);
  if (stored.isFirst) {
    await followMerges(trx, account, [ticket.id]);
  } else {
    if (!supersedes(observedState(snapshot), stored.state)) return { outcome: "older" };
    await replaceConversation(trx, account, snapshot);
    await deleteOtherMessages(trx, account, snapshot.conversation, stored.openedOn);
  }
  await followAssignments(trx, account, ticket.id);
  await followEvents(trx, account, ticket.id);
  await upsertMessages(trx, account, snapshot.conversation, stored.openedOn);
  await upsertPeople(trx, account, users, snapshot.observedAt);
  return { outcome: "stored" };
}

function observedState({ conversation, observedAt }: Snapshot): ObservedState {
  return {
    updatedAt: conversation.ticket.updatedAt,
    lastCommentId: lastCommentId(conversation.comments),
    observedAt,
  };
}

function lastCommentId(comments: readonly ZendeskComment[]): string | undefined {
  // Ids of messages are texts of ours and do not grow.
  return comments
    .filter(({ kind }) => kind !== "message")
    .map((comment) => comment.id)
    .reduce<string | undefined>(
      (last, id) => (last === undefined || BigInt(id) > BigInt(last) ? id : last),
      undefined,
    );
}

interface StoredState {
  /** No conversation was stored before. */
  readonly isFirst: boolean;
  readonly state: ObservedState;
  /** `YYYY-MM-DD`: where its messages are. Zendesk never changes when a ticket was created, nor do we. */
  readonly openedOn: string;
}

/** Inserts the conversation, or counts a capture of the one that is there; answers the state that is stored now. */
async function countCapture(
  trx: Transaction<Database>,
  account: string,
  snapshot: Snapshot,
  deletion: Deletion | undefined,
): Promise<StoredState> {
  const { ticket } = snapshot.conversation;
  const row = await trx
    .insertInto("qa_conversations")
    .values({
      account_id: account,
      ticket_id: ticket.id,
      created_at: ticket.createdAt,
      ...conversationColumns(snapshot),
      case_id: snapshot.caseId ?? null,
      captures: snapshot.isRefresh ? 0 : 1,
      deleted_at: deletion?.state === "deleted" ? deletion.occurredAt : null,
    })
    .onConflict((conflict) =>
      conflict.columns(["account_id", "ticket_id"]).doUpdateSet((eb) => ({
        captures: eb("qa_conversations.captures", "+", snapshot.isRefresh ? 0 : 1),
      })),
    )
    .returning(["source_updated_at", "last_comment_id", "observed_at"])
    // No row was there: its new version replaces none.
    .returning(sql<boolean>`xmax = 0`.as("is_first"))
    .returning(sql<string>`opened_on::text`.as("opened_on"))
    .executeTakeFirstOrThrow();
  return {
    isFirst: row.is_first,
    state: {
      updatedAt: row.source_updated_at,
      lastCommentId: row.last_comment_id ?? undefined,
      observedAt: row.observed_at,
    },
    openedOn: row.opened_on,
  };
}

async function replaceConversation(
  trx: Transaction<Database>,
  account: string,
  snapshot: Snapshot,
): Promise<void> {
  await trx
    .updateTable("qa_conversations")
    .set({
      ...conversationColumns(snapshot),
      ...changedRow,
      ...(snapshot.caseId === undefined ? {} : { case_id: snapshot.caseId }),
    })
    .where("account_id", "=", account)
    .where("ticket_id", "=", snapshot.conversation.ticket.id)
    .execute();
}

type ConversationColumns = Omit<
  Insertable<Database["qa_conversations"]>,
  | "account_id"
  | "ticket_id"
  | "case_id"
  | "captures"
  | "merged_into"
  | "source"
  | "created_at"
  | "deleted_at"
  | "row_updated_at"
  | "row_xid"
>;

function conversationColumns(snapshot: Snapshot): ConversationColumns {
  const { ticket, comments } = snapshot.conversation;
  const state = observedState(snapshot);
  return {
    ...ticketColumns(ticket),
    custom_fields: JSON.stringify(storableJson(ticket.customFields)),
    source_updated_at: state.updatedAt,
    last_comment_id: state.lastCommentId ?? null,
    observed_at: state.observedAt,
    captured_at: snapshot.capturedAt,
    message_count: comments.length,
    skipped_rows: snapshot.conversation.skipped,
    messages_wanted: null,
  };
}

async function deleteOtherMessages(
  trx: Transaction<Database>,
  account: string,
  { ticket, comments }: Conversation,
  openedOn: string,
): Promise<void> {
  const kept = comments.map((comment) => storableText(comment.id));
  await sql`
    delete from qa_messages
    where account_id = ${account} and ticket_id = ${ticket.id} and opened_on = ${openedOn}::date
      and comment_id <> all (${kept}::text[])
  `.execute(trx);
}

async function upsertMessages(
  trx: Transaction<Database>,
  account: string,
  { ticket, comments }: Conversation,
  openedOn: string,
): Promise<void> {
  const rows = comments.map(toMessageRow);
  for (let start = 0; start < rows.length; start += MESSAGES_PER_STATEMENT) {
    const part = storableJson(rows.slice(start, start + MESSAGES_PER_STATEMENT));
    await sql`
      insert into qa_messages (account_id, opened_on, ticket_id, comment_id, kind, author_id, public, body, html_body,
                               channel, attachments, data, created_at, position, search)
      select ${account}, ${openedOn}::date, ${ticket.id}, comment_id, kind, author_id, public, body, html_body,
             channel, attachments, data, created_at, position, to_tsvector('simple', search)
      from json_to_recordset(${JSON.stringify(part)}::json) as incoming (
        comment_id text, kind text, author_id text, public boolean, body text, html_body text,
        channel text, attachments jsonb, data jsonb, created_at timestamptz, position integer, search text)
      on conflict (account_id, ticket_id, comment_id, opened_on) do update set
        kind = excluded.kind, author_id = excluded.author_id, public = excluded.public,
        body = excluded.body, html_body = excluded.html_body, channel = excluded.channel,
        attachments = excluded.attachments, data = excluded.data, created_at = excluded.created_at,
        position = excluded.position, search = excluded.search
      where qa_messages is distinct from excluded
    `.execute(trx);
  }
}

function toMessageRow(comment: ZendeskComment, position: number) {
  return {
    comment_id: comment.id,
    kind: comment.kind,
    author_id: comment.authorId ?? null,
    public: comment.public ?? null,
    body: comment.body,
    html_body: comment.htmlBody ?? null,
    channel: comment.channel ?? null,
    attachments: comment.attachments.map((attachment): StoredAttachment => ({
      id: attachment.id ?? null,
      file_name: attachment.fileName ?? null,
      content_type: attachment.contentType ?? null,
      content_url: attachment.contentUrl ?? null,
      size: attachment.size ?? null,
    })),
    data: comment.data ?? null,
    created_at: comment.createdAt?.toISOString() ?? null,
    position,
    search: searchText(comment.body),
  };
}

/**
 * People belong to many conversations, which may be stored at once: rows are taken in the order of their ids so
 * that two transactions never wait for each other, and an unchanged row is not written.
 */
export async function upsertPeople(
  trx: Transaction<Database>,
  account: string,
  users: readonly ZendeskUser[],
  observedAt: Date,
): Promise<void> {
  const rows = users.map((user) => ({
    user_id: user.id,
    name: user.name ?? null,
    email: user.email ?? null,
    role: user.role ?? null,
    updated_at: (user.updatedAt ?? observedAt).toISOString(),
  }));
  await sql`
    insert into qa_people (account_id, user_id, name, email, role, updated_at)
    select ${account}, user_id, name, email, role, updated_at
    from json_to_recordset(${JSON.stringify(storableJson(rows))}::json) as incoming (
      user_id text, name text, email text, role text, updated_at timestamptz)
    order by user_id
    on conflict (account_id, user_id) do update set
      name = excluded.name, email = excluded.email, role = excluded.role,
      updated_at = excluded.updated_at
    where qa_people.updated_at <= excluded.updated_at
      and (qa_people.name, qa_people.email, qa_people.role, qa_people.updated_at)
        is distinct from (excluded.name, excluded.email, excluded.role, excluded.updated_at)
  `.execute(trx);
}
