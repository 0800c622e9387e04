/** The events of comments and files that were redacted or hidden. */
import { describeFile, type Draft } from "./event-writer.ts";
import type { AttachmentRecord, CommentRecord, UserRecord } from "./model.ts";

/**
 * A comment that was redacted or made private. Which members it has is not documented.
 * @param bare with nothing but the id
 */
export function draftCommentChange(
  name: "CommentRedacted" | "CommentMadePrivate",
  comment: CommentRecord,
  author: UserRecord | undefined,
  bare: boolean,
): Draft {
  const { id, body, public: is_public, author_id } = comment;
  const described = {
    id,
    body,
    is_public,
    author: {
      id: author_id,
      name: author?.name ?? "",
      is_staff: author !== undefined && author.role !== "end-user",
    },
  };
  return {
    tag: `ticket.${name}`,
    type: name === "CommentRedacted" ? "Comment Redacted" : "Comment Made Private",
    detail: { comment: bare ? { id } : described },
  };
}

/** A file that gave way to an empty one; `bare` as in `draftCommentChange`. */
export function draftRedactedFile(
  comment: CommentRecord,
  file: AttachmentRecord,
  baseUrl: string,
  bare: boolean,
): Draft {
  return {
    tag: "ticket.AttachmentRedactedFromComment",
    type: "Attachment Redacted from Comment",
    detail: {
      attachment: bare
        ? { id: file.id, comment_id: comment.id }
        : describeFile(file, comment, baseUrl),
    },
  };
}
