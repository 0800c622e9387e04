/** What an update does to a ticket: one pure function, for the API and for people in the agent interface. */
import { toSecondPrecision, toUnixSeconds } from "../clock.ts";
import { eventsOfUpdate, type Draft, type EventContext } from "./event-writer.ts";
import type { ZisEvent } from "./events.ts";
import type { AttachmentRecord, CommentRecord, CustomFieldValue, TicketRecord } from "./model.ts";

/** What is to be different. A member that is absent stays as it is. */
export type TicketChange = Partial<
  Pick<
    TicketRecord,
    | "subject"
    | "external_id"
    | "type"
    | "priority"
    | "status"
    | "requester_id"
    | "assignee_id"
    | "group_id"
    | "tags"
    | "custom_status_id"
    | "organization_id"
    | "brand_id"
    | "ticket_form_id"
  >
> & {
  /** Merged into the ticket's own by field id. */
  readonly custom_fields?: readonly CustomFieldValue[];
  readonly comment?: NewComment;
};

export interface NewComment {
  readonly body: string;
  readonly html_body?: string;
  /** Absent: as the ticket's first comment. */
  readonly public?: boolean;
  /** Makes it a voice comment. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Files that are copied into it. */
  readonly attachments?: readonly AttachmentRecord[];
  /** Of a comment that a merge added: the tickets on the other side. */
  readonly mergedWith?: readonly number[];
}

/** Who makes the change, when, and the numbers that it uses up. */
export interface ChangeContext extends EventContext {
  readonly channel: string;
  readonly commentId: number;
  readonly auditId: number;
}

export interface ChangeResult {
  readonly ticket: TicketRecord;
  readonly events: readonly ZisEvent[];
}

/** Of the numbers that an update takes, those of copied files begin here. */
const FIRST_COPY = 50;
/** Longer texts are cut without a word, as documented. */
const LONGEST_COMMENT_BYTES = 65_536;

/** Cuts a text to a number of UTF-8 bytes, never through a character. */
function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const target = new Uint8Array(bytes);
  const { read } = new TextEncoder().encodeInto(text, target);
  return text.slice(0, read);
}

/** The comment as it is kept. */
export function toComment(
  comment: NewComment,
  publicByDefault: boolean,
  context: ChangeContext,
): CommentRecord {
  const { html_body, data, attachments = [], mergedWith } = comment;
  return {
    id: context.commentId,
    audit_id: context.auditId,
    author_id: context.author.id,
    body: cutToBytes(comment.body, LONGEST_COMMENT_BYTES),
    ...(html_body === undefined ? {} : { html_body: cutToBytes(html_body, LONGEST_COMMENT_BYTES) }),
    public: comment.public ?? publicByDefault,
    attachments: attachments.map((file, index) => ({
      ...file,
      id: context.commentId + FIRST_COPY + index,
      token: `${file.token}c${context.commentId}`,
    })),
    channel: context.channel,
    created_at: toSecondPrecision(context.at),
    ...(data && { data }),
    ...(mergedWith && { merged_with: mergedWith }),
  };
}

/** Tags as a ticket keeps them: in order, each once. */
export function toTags(tags: readonly string[]): string[] {
  return [...new Set(tags)].toSorted();
}

/** Sets the given fields, leaves the others. */
function mergeFields(
  current: readonly CustomFieldValue[],
  changes: readonly CustomFieldValue[],
): CustomFieldValue[] {
  const values = new Map(current.map(({ id, value }) => [id, value]));
  for (const { id, value } of changes) values.set(id, value);
  return [...values].map(([id, value]) => ({ id, value }));
}

/** A new ticket that gets an agent is open, unless the change says otherwise. */
function nextStatus(ticket: TicketRecord, change: TicketChange): TicketRecord["status"] {
  if (change.status !== undefined) return change.status;
  const taken = ticket.status === "new" && typeof change.assignee_id === "number";
  return taken ? "open" : ticket.status;
}

/** All but the comment and the clocks. */
function withMembers(
  ticket: TicketRecord,
  { comment: _comment, custom_fields, tags, ...members }: TicketChange,
): TicketRecord {
  return {
    ...ticket,
    ...members,
    ...(tags ? { tags: toTags(tags) } : {}),
    custom_fields: mergeFields(ticket.custom_fields, custom_fields ?? []),
  };
}

/** A change that makes no event: it moves one clock only. */
export function changedBySystem(
  ticket: TicketRecord,
  change: Omit<TicketChange, "comment">,
  at: Date,
): TicketRecord {
  return { ...withMembers(ticket, change), generated_timestamp: generatedAt(ticket.id, at) };
}

/** Unix seconds. In half of the recorded export rows it is 1 to 9 seconds after `updated_at`: here, of odd tickets. */
export function generatedAt(ticketId: number, changed: Date): number {
  return toUnixSeconds(changed) + (ticketId % 2 === 0 ? 0 : 1 + (ticketId % 9));
}

/**
 * Applies one update and returns its events, which share the context's sequence id.
 * `leading` are events that come before those of its members.
 * A change that changes nothing returns the ticket as it was, with no event and its old `updated_at`.
 */
export function applyChange(
  ticket: TicketRecord,
  change: TicketChange,
  context: ChangeContext,
  leading: readonly Draft[] = [],
): ChangeResult {
  const { comment } = change;
  const firstPublic = ticket.comments[0]?.public ?? true;
  const status = nextStatus(ticket, change);
  const changed: TicketRecord = {
    ...withMembers(ticket, change),
    status,
    ...(status === ticket.status || change.custom_status_id !== undefined
      ? {}
      : { custom_status_id: null }),
    comments: comment
      ? [...ticket.comments, toComment(comment, firstPublic, context)]
      : ticket.comments,
    updated_at: toSecondPrecision(context.at),
    generated_timestamp: generatedAt(ticket.id, context.at),
  };
  const events = eventsOfUpdate(ticket, changed, context, leading);
  // Another status of the same category is a change for which there is no trigger event.
  const same = (changed.custom_status_id ?? null) === (ticket.custom_status_id ?? null);
  return events.length === 0 && same ? { ticket, events } : { ticket: changed, events };
}
