/** What was said on a ticket: how Zendesk sends a comment, and what it is inside the server. */
import { Type, type Static } from "typebox";
import { rowReader } from "#platform/outbound/reply-shape";
import { Id, Instant, optional, toChannel, toDate, toId, Via } from "./wire.ts";

/**
 * Integrations have seen every member null (tap-zendesk's schemas, recorded replies) except the id, which we need to tell
 * comments apart.
 */
const CommentRow = Type.Object({
  id: Id,
  type: optional(Type.String()),
  author_id: optional(Id),
  public: optional(Type.Boolean()),
  body: optional(Type.String()),
  html_body: optional(Type.String()),
  via: Via,
  attachments: optional(Type.Array(Type.Unknown())),
  data: optional(Type.Record(Type.String(), Type.Unknown())),
  created_at: optional(Instant),
});

const AttachmentRow = Type.Object({
  id: optional(Id),
  file_name: optional(Type.String()),
  content_type: optional(Type.String()),
  content_url: optional(Type.String()),
  size: optional(Type.Integer()),
});

export interface ZendeskAttachment {
  readonly id: string | undefined;
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly contentUrl: string | undefined;
  readonly size: number | undefined;
}

/** `voice`: a call through Talk (VoiceComment) or a partner (TpeVoiceComment). `message`: sent in a chat or by messaging, outside the comments. */
export type CommentKind = "comment" | "voice" | "message";

export interface ZendeskComment {
  /** Of a comment: decimal text. Of a message: a text of ours that is the same each time it is read. */
  readonly id: string;
  readonly kind: CommentKind;
  readonly authorId: string | undefined;
  /** Undefined: Zendesk does not say. */
  readonly public: boolean | undefined;
  readonly body: string;
  readonly htmlBody: string | undefined;
  readonly channel: string | undefined;
  readonly attachments: readonly ZendeskAttachment[];
  readonly createdAt: Date | undefined;
  /** What comes with the text: for a call its recording, duration and parties; for a message its chat and author. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

const readCommentRows = rowReader(CommentRow);
const readAttachmentRows = rowReader(AttachmentRow);

/** What was read, and how much of it had to be left out because of its form. */
export interface ReadComments {
  readonly comments: readonly ZendeskComment[];
  readonly skipped: number;
}

/** Keeps what it can of each comment, and leaves out comments without an id. */
export function readComments(rows: readonly unknown[]): ReadComments {
  const kept = readCommentRows(rows);
  let { skipped } = kept;
  const comments = kept.rows.map((row) => {
    const attachments = readAttachments(row.attachments);
    skipped += attachments.skipped;
    return toComment(row, attachments.attachments);
  });
  return { comments, skipped };
}

/** The attachments of a comment, or of a message. */
export function readAttachments(rows: readonly unknown[] | null | undefined): {
  readonly attachments: readonly ZendeskAttachment[];
  readonly skipped: number;
} {
  const kept = readAttachmentRows(rows ?? []);
  const attachments = kept.rows.map((row) => ({
    id: toId(row.id),
    fileName: row.file_name ?? undefined,
    contentType: row.content_type ?? undefined,
    contentUrl: row.content_url ?? undefined,
    size: row.size ?? undefined,
  }));
  return { attachments, skipped: kept.skipped };
}

function toComment(
  row: Static<typeof CommentRow>,
  attachments: readonly ZendeskAttachment[],
): ZendeskComment {
  return {
    id: String(row.id),
    kind: row.type?.endsWith("VoiceComment") ? "voice" : "comment",
    authorId: toId(row.author_id),
    public: row.public ?? undefined,
    body: row.body ?? "",
    htmlBody: row.html_body ?? undefined,
    channel: toChannel(row.via),
    attachments,
    createdAt: toDate(row.created_at),
    data: row.data ?? undefined,
  };
}
