/** Writes a change of a ticket as trigger events: which ones, in which order, under which numbers. */
import { toSecondPrecision } from "../clock.ts";
import type { EventDetail, EventMeta, EventValue, TicketSnapshot, ZisEvent } from "./events.ts";
import type {
  AttachmentRecord,
  CommentRecord,
  FieldValue,
  TicketFieldRecord,
  TicketRecord,
  UserRecord,
} from "./model.ts";

/** What the events of one update share, and what is looked up to write them. */
export interface EventContext {
  readonly at: Date;
  /** 32 hexadecimal digits. */
  readonly sequenceId: string;
  /** The place of the update in the account's stream of events; the second half of `ref`. */
  readonly firstOffset: number;
  /** Who wrote the comment, when there is one. */
  readonly author: UserRecord;
  readonly fields: ReadonlyMap<number, TicketFieldRecord>;
  /** The address of the account, for links to files. */
  readonly baseUrl: string;
}

/** An event before it is numbered. */
export type Draft = { readonly tag: string; readonly type: string; readonly detail: EventDetail };

/** Which partition of the stream the account lives in; any small number. */
const PARTITION = 18;

function takeSnapshot(ticket: TicketRecord): TicketSnapshot {
  return {
    id: ticket.id,
    created_at: ticket.created_at,
    updated_at: ticket.updated_at,
    type: ticket.type,
    priority: ticket.priority,
    status: ticket.deletion ? "deleted" : ticket.status,
    requester_id: ticket.requester_id,
    submitter_id: ticket.submitter_id,
    assignee_id: ticket.assignee_id,
    organization_id: ticket.organization_id,
    group_id: ticket.group_id,
    brand_id: ticket.brand_id,
    form_id: ticket.ticket_form_id,
    external_id: ticket.external_id,
    tags: [...ticket.tags],
    via: { channel: ticket.channel },
  };
}

function draftComment(comment: CommentRecord, context: EventContext): Draft[] {
  const { author } = context;
  const created: Draft = {
    tag: "ticket.CommentAdded",
    type: "Comment Created",
    detail: {
      comment: {
        id: comment.id,
        body: comment.body,
        is_public: comment.public,
        author: { id: author.id, name: author.name, is_staff: author.role !== "end-user" },
      },
    },
  };
  const linked = comment.attachments.map((file): Draft => draftAttachment(file, comment, context));
  return [created, ...linked];
}

/** The address under which a file is read. */
export function attachmentUrl(baseUrl: string, file: AttachmentRecord): string {
  return `${baseUrl}/attachments/token/${file.token}/?name=${encodeURIComponent(file.file_name)}`;
}

function draftAttachment(
  file: AttachmentRecord,
  comment: CommentRecord,
  context: EventContext,
): Draft {
  return {
    tag: "ticket.AttachmentLinkedToComment",
    type: "Attachment Linked to Comment",
    detail: { attachment: describeFile(file, comment, context.baseUrl) },
  };
}

/** A file as events show it. */
export function describeFile(file: AttachmentRecord, comment: CommentRecord, baseUrl: string) {
  return {
    id: file.id,
    content_url: attachmentUrl(baseUrl, file),
    content_type: file.content_type,
    filename: file.file_name,
    is_public: comment.public,
    comment_id: comment.id,
  };
}

/** Members whose event has `previous` and `current`, in the order of their events. */
const PLAIN_CHANGES = [
  ["group_id", "ticket.GroupAssignmentChanged", "Group Assignment Changed"],
  ["assignee_id", "ticket.AgentAssignmentChanged", "Agent Assignment Changed"],
  ["requester_id", "ticket.RequesterChanged", "Requester Changed"],
  ["organization_id", "ticket.OrganizationChanged", "Organization Changed"],
  ["brand_id", "ticket.BrandChanged", "Brand Changed"],
  ["ticket_form_id", "ticket.TicketFormChanged", "Form Changed"],
  ["subject", "ticket.SubjectChanged", "Subject Changed"],
  ["external_id", "ticket.ExternalIdChanged", "External ID Changed"],
  ["priority", "ticket.PriorityChanged", "Priority Changed"],
  ["type", "ticket.TicketTypeChanged", "Ticket Type Changed"],
] as const satisfies readonly (readonly [keyof TicketRecord, string, string])[];

const toEventValue = (value: FieldValue): EventValue =>
  typeof value === "object" && value !== null ? [...value] : value;

function draftCustomFields(
  before: Pick<TicketRecord, "custom_fields">,
  after: TicketRecord,
  context: EventContext,
): Draft[] {
  const drafts: Draft[] = [];
  for (const { id, value } of after.custom_fields) {
    const previous = before.custom_fields.find((field) => field.id === id)?.value ?? null;
    const field = context.fields.get(id);
    if (!field || JSON.stringify(previous) === JSON.stringify(value)) continue;
    drafts.push({
      tag: "ticket.CustomFieldChanged",
      type: "Custom Field Changed",
      detail: {
        custom_field: { id, title: field.title, field_type: field.type },
        previous: toEventValue(previous),
        current: toEventValue(value),
      },
    });
  }
  return drafts;
}

function draftTags(before: Pick<TicketRecord, "tags">, after: TicketRecord): Draft[] {
  const tags_added = after.tags.filter((tag) => !before.tags.includes(tag));
  const tags_removed = before.tags.filter((tag) => !after.tags.includes(tag));
  if (tags_added.length + tags_removed.length === 0) return [];
  return [
    { tag: "ticket.TagsChanged", type: "Tags Changed", detail: { tags_added, tags_removed } },
  ];
}

function draftChanges(before: TicketRecord, after: TicketRecord, context: EventContext): Draft[] {
  const plain = PLAIN_CHANGES.filter(([member]) => before[member] !== after[member]).map(
    ([member, tag, type]): Draft => ({
      tag,
      type,
      detail: { previous: before[member], current: after[member] },
    }),
  );
  const status: Draft[] =
    before.status === after.status
      ? []
      : [
          {
            tag: "ticket.StatusChanged",
            type: "Status Changed",
            detail: { previous: before.status, current: after.status },
          },
        ];
  return [
    ...plain,
    ...draftCustomFields(before, after, context),
    ...draftTags(before, after),
    ...status,
  ];
}

/** Of the event at `index`, from 0, among the `total` of one update. */
export function metaOf(
  { at, firstOffset, sequenceId }: Pick<EventContext, "at" | "firstOffset" | "sequenceId">,
  index: number,
  total: number,
): EventMeta {
  return {
    version: "1.0",
    occurred_at: toSecondPrecision(at),
    ref: `${PARTITION}-${firstOffset + index}`,
    sequence: { id: sequenceId, position: index + 1, total },
  };
}

/** Writes drafts as the events of one update, in their order. */
export function numberEvents(
  drafts: readonly Draft[],
  ticket: TicketRecord,
  context: EventContext,
): ZisEvent[] {
  return drafts.map(({ tag, type, detail }, index) => ({
    event_source: "support",
    event_type: tag,
    input: {
      ticket_event: {
        meta: metaOf(context, index, drafts.length),
        type,
        ...detail,
        ticket: takeSnapshot(ticket),
      },
    },
  }));
}

/** The events of one update, `leading` first. All carry the ticket as it is afterwards; none when nothing changed. */
export function eventsOfUpdate(
  before: TicketRecord,
  after: TicketRecord,
  context: EventContext,
  leading: readonly Draft[] = [],
): ZisEvent[] {
  const added = after.comments.slice(before.comments.length);
  const comments = added.flatMap((comment) => draftComment(comment, context));
  return numberEvents(
    [...leading, ...comments, ...draftChanges(before, after, context)],
    after,
    context,
  );
}

/**
 * The events of a new ticket: Ticket Created, its comment and files, then one for each member that is set.
 * (Documented is the first of nine; which the others are is inferred.)
 */
export function eventsOfCreation(ticket: TicketRecord, context: EventContext): ZisEvent[] {
  const blank: TicketRecord = {
    ...ticket,
    status: "new",
    group_id: null,
    assignee_id: null,
    external_id: null,
    priority: null,
    type: null,
    tags: [],
    custom_fields: [],
    comments: [],
  };
  const created: Draft = { tag: "ticket.TicketCreated", type: "Ticket Created", detail: {} };
  const comments = ticket.comments.flatMap((comment) => draftComment(comment, context));
  return numberEvents(
    [created, ...comments, ...draftChanges(blank, ticket, context)],
    ticket,
    context,
  );
}
