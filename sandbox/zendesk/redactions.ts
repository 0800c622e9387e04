/** Redacting and hiding what was said: the ticket as it is kept afterwards, its audit and its events. */
import { draftCommentChange, draftRedactedFile } from "./comment-events.ts";
import type { Draft } from "./event-writer.ts";
import type { AttachmentRecord, AuditEvent, CommentRecord, TicketRecord } from "./model.ts";
import { redactFiles, redactMarked, redactText } from "./redaction.ts";
import type { Actor, ZendeskStore } from "./store-contract.ts";
import type { ZendeskSwitches } from "./switches.ts";

/** A comment and the ticket that it is on. */
export interface Said {
  readonly ticket: TicketRecord;
  readonly comment: CommentRecord;
}

/** Every move returns the comment as it is now, or undefined when there is nothing to do: then nothing is kept or emitted. */
export interface Redactions {
  text(said: Said, text: string, actor: Actor): CommentRecord | undefined;
  /** What `html`, the comment's own, marks, and the files that are meant. */
  marked(
    said: Said,
    html: string | undefined,
    isMeant: (file: AttachmentRecord) => boolean,
    actor: Actor,
  ): CommentRecord | undefined;
  file(said: Said, attachmentId: number, actor: Actor): CommentRecord | undefined;
  makePrivate(said: Said, actor: Actor): CommentRecord | undefined;
}

interface Happened {
  readonly event: Draft;
  readonly audit: Omit<AuditEvent, "id">;
}

export function createRedactions(
  store: ZendeskStore,
  switches: ZendeskSwitches,
  /** The account's address, for links in events. */
  baseUrl: string,
): Redactions {
  function keep(
    { ticket }: Said,
    comment: CommentRecord,
    happened: readonly Happened[],
    actor: Actor,
  ): CommentRecord {
    const comments = ticket.comments.map((one) => (one.id === comment.id ? comment : one));
    const [events, audit] = [happened.map((one) => one.event), happened.map((one) => one.audit)];
    store.amend({ ...ticket, comments }, { events, audit }, actor);
    return comment;
  }

  const changed = (name: "CommentRedacted" | "CommentMadePrivate", comment: CommentRecord) =>
    draftCommentChange(name, comment, store.user(comment.author_id), switches.bareCommentEvents);

  const ofText = (comment: CommentRecord): Happened => ({
    event: changed("CommentRedacted", comment),
    audit: { type: "CommentRedactionEvent", comment_id: comment.id },
  });

  const ofFile = (comment: CommentRecord, file: AttachmentRecord): Happened => ({
    event: draftRedactedFile(comment, file, baseUrl, switches.bareCommentEvents),
    audit: { type: "AttachmentRedactionEvent", comment_id: comment.id, attachment_id: file.id },
  });

  function marked(
    said: Said,
    html: string | undefined,
    isMeant: (file: AttachmentRecord) => boolean,
    actor: Actor,
  ): CommentRecord | undefined {
    const { comment } = said;
    const text =
      html === undefined ? undefined : redactMarked(comment, html, switches.redactionMarks);
    if (html !== undefined && !text) return undefined;
    const fileIds = comment.attachments.filter(isMeant).map(({ id }) => id);
    const redacted = redactFiles(text ?? comment, isMeant) ?? text;
    if (!redacted) return undefined;
    const files = redacted.attachments.filter(({ id }) => fileIds.includes(id));
    const happened = [
      ...(text ? [ofText(redacted)] : []),
      ...files.map((file) => ofFile(redacted, file)),
    ];
    return keep(said, redacted, happened, actor);
  }

  return {
    marked,
    text(said, text, actor) {
      const redacted = redactText(said.comment, text, switches.redactionMarks);
      return redacted && keep(said, redacted, [ofText(redacted)], actor);
    },
    file: (said, attachmentId, actor) =>
      marked(said, undefined, ({ id }) => id === attachmentId, actor),
    makePrivate(said, actor) {
      if (!said.comment.public) return undefined;
      const comment = { ...said.comment, public: false };
      const audit = { type: "CommentPrivacyChange", comment_id: comment.id, public: false };
      return keep(said, comment, [{ event: changed("CommentMadePrivate", comment), audit }], actor);
    },
  };
}
