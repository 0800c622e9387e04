/** The tables of the QA store. Ids are text; times are UTC instants. */
import type { ColumnType, Generated, JSONColumnType } from "kysely";
import type { CommentKind } from "#remotes/zendesk/comment-rows";

declare module "#platform/db/schema" {
  interface Database {
    qa_conversations: QaConversationTable;
    qa_messages: QaMessageTable;
    qa_people: QaPersonTable;
    qa_assignments: QaAssignmentTable;
    qa_merges: QaMergeTable;
    qa_events: QaEventTable;
    qa_deletions: QaDeletionTable;
    qa_satisfaction: QaSatisfactionTable;
  }
}

/** A ticket's state as last captured, one row a ticket. */
interface QaConversationTable {
  account_id: string;
  ticket_id: string;
  subject: string | null;
  status: string;
  channel: string | null;
  requester_id: string | null;
  assignee_id: string | null;
  group_id: string | null;
  brand_id: string | null;
  organization_id: string | null;
  form_id: string | null;
  tags: string[];
  custom_fields: JSONColumnType<StoredCustomField[]>;
  /** The Salesforce case that the ticket was matched with. */
  case_id: string | null;
  created_at: Date;
  /** Zendesk's `updated_at`, the comments read and when: the order of states (newest.ts). */
  source_updated_at: Date;
  last_comment_id: string | null;
  observed_at: Date;
  /** When this state was stored. */
  captured_at: Date;
  /** Recorded captures that reached this conversation, newest or not: a duplicate that did something shows here. */
  captures: number;
  message_count: number;
  /** Rows, and members of them, that Zendesk sent in a form that could not be kept. */
  skipped_rows: ColumnType<number, number | undefined, number>;
  /** The ticket that survived when this one was merged, and then perhaps that one: the last. */
  merged_into: string | null;
  /** Where the conversation was held. */
  source: Generated<string>;
  /** The first of the month of `created_at`, UTC: the partition of its messages. */
  opened_on: ColumnType<Date, never, never>;
  /** Since when the ticket is deleted in Zendesk, where it can be restored; null: it is not. */
  deleted_at: Date | null;
  /**
   * Whether the stored messages are those of this state. Null: they are. 1 and 2: they are still to be read, those of 1
   * first; 3: Zendesk refuses them, so that only a newer state is read.
   */
  messages_wanted: number | null;
  /** By the database's clock, for people. */
  row_updated_at: Generated<Date>;
  /** The transaction that last changed the row, as text in JavaScript: the order of the incremental export. */
  row_xid: Generated<string>;
}

/** What was said on a ticket, publicly or internally: a comment, a call, or a message of a chat. */
interface QaMessageTable {
  account_id: string;
  /** As of its conversation; the table is divided by it. */
  opened_on: Date;
  ticket_id: string;
  /** Zendesk's id of a comment or call; of a message a text that begins with `chat:` or `log:`. */
  comment_id: string;
  kind: CommentKind;
  /** Null, as `public` and `created_at`: Zendesk did not say. */
  author_id: string | null;
  public: boolean | null;
  body: string;
  html_body: string | null;
  channel: string | null;
  attachments: JSONColumnType<StoredAttachment[]>;
  /** Of a call its recording, duration and parties, as Zendesk sends them; of a message its chat and author. */
  data: JSONColumnType<Record<string, unknown> | null>;
  created_at: Date | null;
  /** From 0, oldest first. */
  position: number;
  /** Of `platform/db/search-text.ts`. */
  search: string;
}

/** A person seen in a conversation. */
interface QaPersonTable {
  account_id: string;
  user_id: string;
  name: string | null;
  email: string | null;
  role: string | null;
  /** The user that is left, where Zendesk merged this one into another. */
  merged_into: Generated<string | null>;
  /** False: deleted in Zendesk. Null: not known. */
  active: Generated<boolean | null>;
  suspended: Generated<boolean | null>;
  updated_at: Date;
}

/** Who worked on a ticket from when on, one row an event. */
interface QaAssignmentTable {
  account_id: string;
  ticket_id: string;
  /** The Idempotency-Key that the event came under. */
  event_key: string;
  /** Orders events of one instant (assignment-order.ts). */
  event_order: string;
  agent_id: string | null;
  group_id: string | null;
  occurred_at: Date;
  recorded_at: Date;
}

/** Which ticket a ticket was merged into, as its event said; the conversations of both may be stored or not. */
interface QaMergeTable {
  account_id: string;
  ticket_id: string;
  target_ticket_id: string;
  recorded_at: Date;
}

/** What happened on a ticket, one row an event. The table is divided by the month of `occurred_at`. */
interface QaEventTable {
  account_id: string;
  ticket_id: string;
  occurred_at: Date;
  /** The Idempotency-Key that the event came under. */
  event_key: string;
  kind: string;
  actor_id: string | null;
  data: JSONColumnType<Record<string, unknown>>;
  recorded_at: Date;
}

/** Whether a ticket is deleted, by its latest event; `erased` is final. The conversation may be stored or not. */
interface QaDeletionTable {
  account_id: string;
  ticket_id: string;
  state: "present" | "deleted" | "erased";
  event_key: string;
  /** Orders events of one instant (assignment-order.ts). */
  event_order: string;
  occurred_at: Date;
  recorded_at: Date;
  /** As of a conversation: the order of the incremental export. */
  row_xid: Generated<string>;
}

/** What a customer answered about a ticket, one row a response. The conversation may be stored or not. */
interface QaSatisfactionTable {
  account_id: string;
  ticket_id: string;
  response_id: string;
  kind: "survey" | "rating";
  /** Zendesk's word, such as good or bad. */
  score: string | null;
  /** On the survey's scale. */
  rating: number | null;
  comment: string | null;
  reason: string | null;
  requester_id: string | null;
  /** Orders states of one instant (assignment-order.ts). */
  event_order: string;
  occurred_at: Date;
  recorded_at: Date;
}

interface StoredCustomField {
  readonly id: string;
  readonly value: unknown;
}

export interface StoredAttachment {
  readonly id: string | null;
  readonly file_name: string | null;
  readonly content_type: string | null;
  readonly content_url: string | null;
  readonly size: number | null;
}
