/**
 * What the Zendesk stand-in keeps. Names and values are those of the wire, so that a record can be read
 * beside the API reference; members that follow from others (url, fields, html of a plain text) are added
 * when a record is written out. Times are ISO 8601 with second precision, as Zendesk writes them.
 */

import type { RecordHistory } from "./record-table.ts";

export type TicketStatus = "new" | "open" | "pending" | "hold" | "solved" | "closed";
export type TicketPriority = "low" | "normal" | "high" | "urgent";
export type TicketType = "problem" | "incident" | "question" | "task";
export type FieldValue = string | number | boolean | readonly string[] | null;

export interface AttachmentRecord {
  readonly id: number;
  readonly file_name: string;
  readonly content_type: string;
  /** Bytes. */
  readonly size: number;
  readonly inline: boolean;
  /** The secret part of the file's address. */
  readonly token: string;
}

export interface CommentRecord {
  readonly id: number;
  readonly audit_id: number;
  readonly author_id: number;
  /** Plain text. */
  readonly body: string;
  /** Absent: made from the plain text. */
  readonly html_body?: string;
  readonly public: boolean;
  readonly attachments: readonly AttachmentRecord[];
  readonly channel: string;
  readonly created_at: string;
  /** Of a comment that a merge added: the tickets on the other side. */
  readonly merged_with?: readonly number[];
  /** Of a voice comment: its recording, duration and parties. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One message or file of a chat. */
export interface ChatLine {
  readonly message_id: string;
  /** -1 is a bot. */
  readonly actor_id: number;
  readonly actor_name: string;
  readonly actor_type: "end-user" | "agent" | "bot";
  readonly text: string;
  readonly file?: {
    readonly file_name: string;
    readonly content_type: string;
    readonly size: number;
    readonly url: string;
  };
  readonly created_at: string;
}

export interface ChatRecord {
  readonly audit_id: number;
  readonly chat_id: string;
  readonly visitor_id: string;
  readonly created_at: string;
  readonly lines: readonly ChatLine[];
}

export interface CustomFieldValue {
  readonly id: number;
  readonly value: FieldValue;
}

export interface TicketRecord {
  readonly id: number;
  readonly subject: string;
  readonly external_id: string | null;
  readonly type: TicketType | null;
  readonly priority: TicketPriority | null;
  readonly status: TicketStatus;
  readonly requester_id: number;
  readonly submitter_id: number;
  readonly assignee_id: number | null;
  readonly organization_id: number | null;
  readonly group_id: number | null;
  readonly brand_id: number;
  readonly ticket_form_id: number;
  readonly tags: readonly string[];
  readonly custom_fields: readonly CustomFieldValue[];
  readonly channel: string;
  readonly created_at: string;
  /** Moves when a change makes an event. */
  readonly updated_at: string;
  /** Unix seconds; moves on every change. The column that incremental exports go by. */
  readonly generated_timestamp: number;
  /** Oldest first; the first is the description. None on tickets of messaging. */
  readonly comments: readonly CommentRecord[];
  /** Who handled the ticket; absent: people. Exports leave tickets that only AI agents handled out by default. */
  readonly support_type?: "agent" | "ai_agent";
  /** Messages of chat or messaging, which are not comments. */
  readonly chats?: readonly ChatRecord[];
  /** Absent or null: the default one of its category. */
  readonly custom_status_id?: number | null;
  /** What its requester thinks, where ratings are of the older kind. */
  readonly satisfaction?: {
    readonly id: number;
    readonly score: string;
    readonly comment: string | null;
  };
  /** Of a deleted ticket, which only exports and lists of the deleted show; its `status` is the one it had. */
  readonly deletion?: Deletion;
}

interface Deletion {
  readonly at: string;
  readonly actor_id: number;
  /** Deleted for good: of its content nothing is left. */
  readonly erased: boolean;
}

/** Who changed what in one update. */
export interface AuditRecord {
  readonly id: number;
  readonly ticket_id: number;
  readonly created_at: string;
  readonly author_id: number;
  readonly channel: string;
  readonly changes: readonly AuditChange[];
  /** The comment that came with it, if one did. */
  readonly comment?: CommentRecord;
  /** Events of other types, as they are written out. */
  readonly others?: readonly AuditEvent[];
}

/** What happened to something that was there already, such as a redaction. */
export interface AuditEvent {
  readonly id: number;
  readonly type: string;
  readonly comment_id?: number;
  readonly attachment_id?: number;
  readonly public?: boolean;
}

interface AuditChange {
  readonly id: number;
  readonly type: "Create" | "Change";
  /** A member of the ticket, or the id of a custom field. */
  readonly field_name: string;
  readonly value: unknown;
  /** Absent in events of type Create. */
  readonly previous_value?: unknown;
}

type UserRole = "end-user" | "agent" | "admin";

export interface UserRecord {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly role: UserRole;
  readonly phone: string | null;
  readonly locale: string;
  readonly time_zone: string;
  readonly organization_id: number | null;
  readonly default_group_id: number | null;
  readonly active: boolean;
  readonly suspended: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  readonly external_id?: string | null;
  readonly alias?: string | null;
  readonly details?: string | null;
  readonly notes?: string | null;
  readonly custom_role_id?: number | null;
  readonly tags?: readonly string[];
  readonly user_fields?: Readonly<Record<string, unknown>>;
  /** Who has the tickets of one who was merged away. */
  readonly merged_into?: number;
  /** Deleted for good: when, and by whom. */
  readonly erased?: { readonly at: string; readonly executer_id: number };
}

/** An address or number of a person. */
export interface IdentityRecord {
  readonly id: number;
  readonly user_id: number;
  readonly type: string;
  readonly value: string;
  /** The first of its type. */
  readonly primary: boolean;
  readonly verified: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface MembershipRecord {
  readonly id: number;
  readonly user_id: number;
  readonly group_id: number;
  readonly default: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface GroupRecord {
  readonly id: number;
  readonly name: string;
  readonly created_at: string;
}

export interface OrganizationRecord {
  readonly id: number;
  readonly name: string;
  readonly external_id: string | null;
  readonly created_at: string;
}

export interface BrandRecord {
  readonly id: number;
  readonly name: string;
  readonly subdomain: string;
  readonly default: boolean;
  readonly created_at: string;
}

export interface TicketFormRecord {
  readonly id: number;
  readonly name: string;
  readonly created_at: string;
}

export interface TicketFieldRecord {
  readonly id: number;
  /** `text`, `regexp`, `tagger`, `checkbox`, `multiselect`, or the name of a system field. */
  readonly type: string;
  readonly title: string;
  readonly regexp_for_validation?: string;
  /** Of tagger and multiselect fields: the tag that stands for an option, and its label. */
  readonly options?: readonly (readonly [tag: string, label: string])[];
  readonly removable: boolean;
  readonly created_at: string;
}

/** Everything that a new stand-in starts with. */
export interface ZendeskData {
  readonly groups: readonly GroupRecord[];
  /** Agents and administrators; the first is an administrator. */
  readonly agents: readonly UserRecord[];
  readonly endUsers: readonly UserRecord[];
  readonly organizations: readonly OrganizationRecord[];
  readonly brands: readonly BrandRecord[];
  readonly ticketFields: readonly TicketFieldRecord[];
  readonly ticketForms: readonly TicketFormRecord[];
  readonly tickets: readonly TicketRecord[];
  /** What lies before all that: too much to hold, so calculated when it is read. */
  readonly history?: {
    readonly tickets: RecordHistory<TicketRecord>;
    readonly users: RecordHistory<UserRecord>;
    readonly audits: RecordHistory<AuditRecord>;
    /** The ticket with the file of this token; undefined when the token is of no calculated file. */
    ticketOfToken(token: string): number | undefined;
    /** The ticket that a comment, audit or file with this id would be of. */
    ticketOfPart(id: number): number;
    readonly lastTicketId: number;
    userByEmail(email: string): UserRecord | undefined;
  };
}
