/** Rows of the store as the contract has them. Pure. */
import type { Selectable } from "kysely";
import type {
  ConversationSummary,
  EventReply,
  MessageReply,
  PersonReply,
  SatisfactionReply,
} from "#contract/routes/conversations";
import type { Database } from "#platform/db/schema";

/** What a summary is made of. */
export const SUMMARY_COLUMNS = [
  "c.ticket_id",
  "c.source",
  "c.subject",
  "c.status",
  "c.channel",
  "c.requester_id",
  "c.assignee_id",
  "c.group_id",
  "c.brand_id",
  "c.organization_id",
  "c.form_id",
  "c.tags",
  "c.custom_fields",
  "c.case_id",
  "c.merged_into",
  "c.message_count",
  "c.created_at",
  "c.source_updated_at",
  "c.captured_at",
  "c.row_updated_at",
] as const;

type Column = (typeof SUMMARY_COLUMNS)[number] extends `c.${infer Name}` ? Name : never;
export type SummaryRow = Pick<Selectable<Database["qa_conversations"]>, Column>;

export function toSummary({
  source_updated_at: updatedAt,
  ...row
}: SummaryRow): ConversationSummary {
  return {
    ...row,
    custom_fields: [...row.custom_fields],
    created_at: row.created_at.toISOString(),
    updated_at: updatedAt.toISOString(),
    captured_at: row.captured_at.toISOString(),
    row_updated_at: row.row_updated_at.toISOString(),
  };
}

export const MESSAGE_COLUMNS = [
  "comment_id",
  "kind",
  "author_id",
  "public",
  "body",
  "html_body",
  "channel",
  "attachments",
  "created_at",
  "position",
] as const;

type MessageRow = Pick<Selectable<Database["qa_messages"]>, (typeof MESSAGE_COLUMNS)[number]>;

/** Without the addresses of attachments: they are Zendesk's, and open to whoever has them. */
export function toMessage(row: MessageRow): MessageReply {
  const { comment_id: id, attachments, created_at: createdAt, position: _, ...others } = row;
  return {
    id,
    ...others,
    attachments: attachments.map(({ content_url: _url, ...file }) => file),
    created_at: createdAt?.toISOString() ?? null,
  };
}

export function toPerson(row: Selectable<Database["qa_people"]>): PersonReply {
  const { user_id: id, name, email, role } = row;
  return { id, name, email, role };
}

export function toSatisfaction(row: Selectable<Database["qa_satisfaction"]>): SatisfactionReply {
  const { response_id, kind, score, rating, comment, reason, requester_id, occurred_at: at } = row;
  return { response_id, kind, score, rating, comment, reason, requester_id, at: at.toISOString() };
}

export function toEvent(row: Selectable<Database["qa_events"]>): EventReply {
  const { kind, occurred_at: at, actor_id, data } = row;
  return { kind, at: at.toISOString(), actor_id, data };
}

export function toAssignmentEvent(row: Selectable<Database["qa_assignments"]>): EventReply {
  const { occurred_at: at, agent_id, group_id } = row;
  return { kind: "assigned", at: at.toISOString(), actor_id: null, data: { agent_id, group_id } };
}
