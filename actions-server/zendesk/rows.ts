/** The rows of Zendesk that we read: what is expected on the wire, and what they are inside the server. */
import { Type, type Static } from "typebox";
import { toGeneratedAt, type TicketClocks } from "./ticket-clocks.ts";

/** An id on the wire. Beyond 2^53 it arrives as text (lossless-json.ts); -1 is Zendesk itself. */
const Id = Type.Union([
  Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  Type.String({ pattern: "^-?[0-9]+$" }),
]);
const Instant = Type.String({ format: "date-time" });

const optional = <T extends Parameters<typeof Type.Optional>[0]>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

const Via = optional(
  Type.Object({ channel: optional(Type.Union([Type.String(), Type.Integer()])) }),
);

export const TicketRow = Type.Object({
  id: Id,
  subject: optional(Type.String()),
  status: Type.String(),
  via: Via,
  requester_id: optional(Id),
  assignee_id: optional(Id),
  group_id: optional(Id),
  brand_id: optional(Id),
  organization_id: optional(Id),
  ticket_form_id: optional(Id),
  tags: optional(Type.Array(Type.String())),
  custom_fields: optional(Type.Array(Type.Object({ id: Id, value: Type.Unknown() }))),
  created_at: Instant,
  updated_at: Instant,
  /** Unix seconds, in exports only: whatever else stands here is unknown, not a fault (ticket-clocks.ts). */
  generated_timestamp: Type.Optional(Type.Unknown()),
});

export const UserRow = Type.Object({
  id: Id,
  name: optional(Type.String()),
  email: optional(Type.String()),
  role: optional(Type.String()),
  updated_at: optional(Instant),
});

export const CommentRow = Type.Object({
  id: Id,
  author_id: Id,
  public: Type.Boolean(),
  body: optional(Type.String()),
  html_body: optional(Type.String()),
  via: Via,
  attachments: optional(
    Type.Array(
      Type.Object({
        id: Id,
        file_name: optional(Type.String()),
        content_type: optional(Type.String()),
        content_url: optional(Type.String()),
        size: optional(Type.Integer()),
      }),
    ),
  ),
  created_at: Instant,
});

/** The value of a ticket field: text, number, checkbox or a list of options, by the field's type. */
interface ZendeskCustomField {
  readonly id: string;
  readonly value: unknown;
}

export interface ZendeskTicket extends TicketClocks {
  readonly id: string;
  readonly subject: string | undefined;
  /** In small letters: Zendesk's webhooks write `SOLVED` where its API writes `solved`. */
  readonly status: string;
  readonly channel: string | undefined;
  readonly requesterId: string | undefined;
  readonly assigneeId: string | undefined;
  readonly groupId: string | undefined;
  readonly brandId: string | undefined;
  readonly organizationId: string | undefined;
  readonly formId: string | undefined;
  readonly tags: readonly string[];
  readonly customFields: readonly ZendeskCustomField[];
  readonly createdAt: Date;
}

export interface ZendeskUser {
  readonly id: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly role: string | undefined;
  readonly updatedAt: Date | undefined;
}

interface ZendeskAttachment {
  readonly id: string;
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly contentUrl: string | undefined;
  readonly size: number | undefined;
}

export interface ZendeskComment {
  readonly id: string;
  readonly authorId: string;
  readonly public: boolean;
  readonly body: string;
  readonly htmlBody: string | undefined;
  readonly channel: string | undefined;
  readonly attachments: readonly ZendeskAttachment[];
  readonly createdAt: Date;
}

export function toTicket(row: Static<typeof TicketRow>): ZendeskTicket {
  return {
    id: String(row.id),
    subject: row.subject ?? undefined,
    status: row.status.toLowerCase(),
    channel: toChannel(row.via),
    requesterId: toId(row.requester_id),
    assigneeId: toId(row.assignee_id),
    groupId: toId(row.group_id),
    brandId: toId(row.brand_id),
    organizationId: toId(row.organization_id),
    formId: toId(row.ticket_form_id),
    tags: row.tags ?? [],
    customFields: (row.custom_fields ?? []).map(({ id, value }) => ({ id: String(id), value })),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    generatedAt: toGeneratedAt(row.generated_timestamp),
  };
}

export function toUser(row: Static<typeof UserRow>): ZendeskUser {
  return {
    id: String(row.id),
    name: row.name ?? undefined,
    email: row.email ?? undefined,
    role: row.role ?? undefined,
    updatedAt: row.updated_at ? new Date(row.updated_at) : undefined,
  };
}

export function toComment(row: Static<typeof CommentRow>): ZendeskComment {
  return {
    id: String(row.id),
    authorId: String(row.author_id),
    public: row.public,
    body: row.body ?? "",
    htmlBody: row.html_body ?? undefined,
    channel: toChannel(row.via),
    attachments: (row.attachments ?? []).map((attachment) => ({
      id: String(attachment.id),
      fileName: attachment.file_name ?? undefined,
      contentType: attachment.content_type ?? undefined,
      contentUrl: attachment.content_url ?? undefined,
      size: attachment.size ?? undefined,
    })),
    createdAt: new Date(row.created_at),
  };
}

function toId(id: Static<typeof Id> | null | undefined): string | undefined {
  return id === null || id === undefined ? undefined : String(id);
}

/** Zendesk names most channels and numbers some. */
function toChannel(via: Static<typeof Via> | undefined): string | undefined {
  const channel = via?.channel;
  return channel === null || channel === undefined ? undefined : String(channel);
}
