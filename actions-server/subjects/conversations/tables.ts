/** The tables of the QA store and their migrations. Ids are text; times are UTC instants. */
import type { ColumnType, JSONColumnType } from "kysely";
import type { Migration } from "#platform/db/migration";
import type { CommentKind } from "#remotes/zendesk/comment-rows";

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

/** What was said on a ticket, publicly or internally: a comment, a call, or a message of a chat. */
interface QaMessageTable {
  account_id: string;
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
}

/** A person seen in a conversation. */
interface QaPersonTable {
  account_id: string;
  user_id: string;
  name: string | null;
  email: string | null;
  role: string | null;
  updated_at: Date;
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

export interface QaTables {
  qa_conversations: QaConversationTable;
  qa_messages: QaMessageTable;
  qa_people: QaPersonTable;
  qa_assignments: QaAssignmentTable;
  qa_merges: QaMergeTable;
}

export const qaMigrations: readonly Migration[] = [
  {
    name: "qa-001-conversations",
    sql: `
      create table qa_conversations (
        account_id          text        not null,
        ticket_id           text        not null,
        subject             text,
        status              text        not null,
        channel             text,
        requester_id        text,
        assignee_id         text,
        group_id            text,
        brand_id            text,
        organization_id     text,
        form_id             text,
        tags                text[]      not null,
        custom_fields       jsonb       not null,
        case_id             text,
        created_at          timestamptz not null,
        source_updated_at   timestamptz not null,
        source_generated_at timestamptz not null,
        last_comment_id     text,
        observed_at         timestamptz not null,
        captured_at         timestamptz not null,
        captures            integer     not null,
        message_count       integer     not null,
        primary key (account_id, ticket_id)
      );
      create table qa_messages (
        account_id  text        not null,
        ticket_id   text        not null,
        comment_id  text        not null,
        author_id   text        not null,
        public      boolean     not null,
        body        text        not null,
        html_body   text,
        channel     text,
        attachments jsonb       not null,
        created_at  timestamptz not null,
        position    integer     not null,
        primary key (account_id, ticket_id, comment_id),
        foreign key (account_id, ticket_id) references qa_conversations on delete cascade
      );
      create table qa_people (
        account_id text        not null,
        user_id    text        not null,
        name       text,
        email      text,
        role       text,
        updated_at timestamptz not null,
        primary key (account_id, user_id)
      );
    `,
  },
  {
    name: "qa-002-assignments",
    sql: `
      create table qa_assignments (
        account_id  text        not null,
        ticket_id   text        not null,
        event_key   text        not null,
        event_order text        collate "C" not null,
        agent_id    text,
        group_id    text,
        occurred_at timestamptz not null,
        recorded_at timestamptz not null,
        primary key (account_id, ticket_id, event_key)
      );
      create index qa_assignments_latest
        on qa_assignments (account_id, ticket_id, occurred_at desc, event_order desc);
    `,
  },
  {
    name: "qa-003-merges",
    sql: `
      alter table qa_conversations add column merged_into text;
      create table qa_merges (
        account_id       text        not null,
        ticket_id        text        not null,
        target_ticket_id text        not null,
        recorded_at      timestamptz not null,
        primary key (account_id, ticket_id)
      );
      create index qa_merges_target on qa_merges (account_id, target_ticket_id);
    `,
  },
  {
    // Tickets that are read one by one have no generated_timestamp: the column held updated_at, or a recorded 0.
    name: "qa-004-one-clock",
    sql: `alter table qa_conversations drop column source_generated_at`,
  },
  {
    name: "qa-005-kinds-of-messages",
    sql: `
      alter table qa_conversations add column skipped_rows integer not null default 0;
      alter table qa_messages
        add column kind text not null default 'comment',
        add column data jsonb,
        alter column author_id drop not null,
        alter column public drop not null,
        alter column created_at drop not null;
    `,
  },
];
