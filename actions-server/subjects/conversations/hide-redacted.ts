/** Hides at once what an event says was redacted or made private; reading the conversation again shows the rest. */
import { sql, type Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import { changedRow } from "./changed-row.ts";
import type { TicketEvent } from "./ticket-event.ts";

/** Zendesk's clock and ours may differ by so much: what was read well after the event shows its effect already. */
const CLOCK_DIFFERENCE_MS = 60_000;

/**
 * A redacted comment is emptied, because the event does not say which words were redacted; an attachment is taken away, a
 * comment that was made private is private. An event that does not name the comment hides nothing. The ticket must be
 * locked, and a job that reads the conversation must follow.
 */
export async function hideRedacted(
  trx: Transaction<Database>,
  { account, ticketId, kind, data, occurredAt }: TicketEvent,
): Promise<void> {
  const { comment_id: commentId = null, attachment_id: attachmentId = null } = data;
  const readBefore = new Date(occurredAt.getTime() + CLOCK_DIFFERENCE_MS);
  const where = sql`
    from qa_conversations as conversation
    where conversation.account_id = ${account} and conversation.ticket_id = ${ticketId}
      and conversation.observed_at < ${readBefore}
      and message.account_id = conversation.account_id and message.ticket_id = conversation.ticket_id
      and message.opened_on = conversation.opened_on`;
  if (kind === "comment_redacted" && commentId !== null) {
    await sql`
      update qa_messages as message
      set body = '', html_body = null, attachments = '[]', data = null, search = ''
      ${where} and message.comment_id = ${commentId}`.execute(trx);
  } else if (kind === "comment_made_private" && commentId !== null) {
    await sql`
      update qa_messages as message set public = false
      ${where} and message.comment_id = ${commentId}`.execute(trx);
  } else if (kind === "attachment_redacted" && attachmentId !== null) {
    await sql`
      update qa_messages as message set attachments = coalesce((
        select jsonb_agg(one) from jsonb_array_elements(message.attachments) as one
        where one ->> 'id' is distinct from ${attachmentId}
      ), '[]')
      ${where} and message.attachments @> ${JSON.stringify([{ id: attachmentId }])}::jsonb`.execute(
      trx,
    );
  } else return;
  await trx
    .updateTable("qa_conversations")
    .set(changedRow)
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .execute();
}
