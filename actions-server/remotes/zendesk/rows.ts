/** Tickets and people: their form on the wire, and inside the server. */
import { Type, type Static } from "typebox";
import { rowReader } from "#platform/outbound/reply-shape";
import { toGeneratedAt, type TicketClocks } from "./ticket-clocks.ts";
import { Id, Instant, optional, toChannel, toDate, toId, Via } from "./wire.ts";

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
  /** A single text in some replies. */
  tags: optional(Type.Union([Type.Array(Type.String()), Type.String()])),
  custom_fields: optional(Type.Array(Type.Unknown())),
  /** True: the comments do not hold everything that was said (Zendesk API reference, "Tickets"). */
  from_messaging_channel: optional(Type.Boolean()),
  created_at: Instant,
  updated_at: Instant,
  /** Unix seconds, in exports only; any other value counts as unknown, not as a fault (ticket-clocks.ts). */
  generated_timestamp: Type.Optional(Type.Unknown()),
});

const FieldRow = Type.Object({ id: Id, value: Type.Unknown() });

export const UserRow = Type.Object({
  id: Id,
  name: optional(Type.String()),
  email: optional(Type.String()),
  role: optional(Type.String()),
  updated_at: optional(Instant),
});

/** The value of a ticket field: text, number, checkbox or a list of options, by the field's type. */
interface ZendeskCustomField {
  readonly id: string;
  readonly value: unknown;
}

export interface ZendeskTicket extends TicketClocks {
  readonly id: string;
  readonly subject: string | undefined;
  /** In lower case: Zendesk's webhooks write `SOLVED` where its API writes `solved`. */
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
  readonly isFromMessaging: boolean;
  readonly createdAt: Date;
}

export interface ZendeskUser {
  readonly id: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly role: string | undefined;
  readonly updatedAt: Date | undefined;
}

const readFields = rowReader(FieldRow);

/** How many custom fields have no readable id, so that nobody knows which field they are. */
export function countOddFields({ custom_fields: fields }: Static<typeof TicketRow>): number {
  return readFields(fields ?? []).skipped;
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
    tags: toTags(row.tags),
    customFields: readFields(row.custom_fields ?? []).rows.map(toField),
    isFromMessaging: row.from_messaging_channel === true,
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
    updatedAt: toDate(row.updated_at),
  };
}

const readUserRows = rowReader(UserRow);

/** Sideloaded people, without those whose form cannot be used. */
export function readUsers(rows: readonly unknown[]): {
  readonly users: readonly ZendeskUser[];
  readonly skipped: number;
} {
  const kept = readUserRows(rows);
  return { users: kept.rows.map(toUser), skipped: kept.skipped };
}

function toField({ id, value }: Static<typeof FieldRow>): ZendeskCustomField {
  return { id: String(id), value };
}

function toTags(tags: readonly string[] | string | null | undefined): readonly string[] {
  return typeof tags === "string" ? tags.split(/[\s,]+/).filter(Boolean) : (tags ?? []);
}
