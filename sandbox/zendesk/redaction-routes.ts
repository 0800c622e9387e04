/** Making what was said unreadable or private. Source: Zendesk API reference, "Ticket Comments", "Ticket Attachments". */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isJsonObject, type JsonObject } from "#zis/model/json";
import { recordInvalid, recordNotFound } from "./errors.ts";
import { attachmentUrl, type Draft } from "./event-writer.ts";
import { draftCommentChange, draftRedactedFile } from "./comment-events.ts";
import type { AttachmentRecord, AuditEvent, CommentRecord, TicketRecord } from "./model.ts";
import { presentAttachment, presentComment } from "./present.ts";
import { redactFiles, redactMarked, redactText } from "./redaction.ts";
import { baseUrlOf, findTicket, readId, route, type RouteDeps } from "./route.ts";
import type { Actor } from "./store.ts";

interface Found {
  readonly ticket: TicketRecord;
  readonly comment: CommentRecord;
}

export function redactionRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { store, access, switches } = deps;

  const actorOf = (request: FastifyRequest): Actor => ({
    author: access.caller(request.headers, "write", "tickets"),
    channel: "api",
  });

  function findComment(ticket: TicketRecord, id: number): Found {
    const comment = ticket.comments.find((candidate) => candidate.id === id);
    if (!comment) throw recordNotFound();
    return { ticket, comment };
  }

  /** Once a ticket is closed, the older two ways of redacting are shut. */
  function findInOpen(request: FastifyRequest): Found {
    const found = findComment(findTicket(deps, request), readId(request, "comment"));
    if (found.ticket.status === "closed") {
      throw recordInvalid(switches.closedKey, "closed prevents ticket update");
    }
    return found;
  }

  function keep(
    { ticket }: Found,
    comment: CommentRecord,
    happened: readonly { readonly event: Draft; readonly audit: Omit<AuditEvent, "id"> }[],
    actor: Actor,
  ): CommentRecord {
    const comments = ticket.comments.map((one) => (one.id === comment.id ? comment : one));
    const [events, audit] = [happened.map((one) => one.event), happened.map((one) => one.audit)];
    store.amend({ ...ticket, comments }, { events, audit }, actor);
    return comment;
  }

  const changed = (name: "CommentRedacted" | "CommentMadePrivate", comment: CommentRecord) =>
    draftCommentChange(name, comment, store.user(comment.author_id), switches.bareCommentEvents);

  const redactedText = (comment: CommentRecord) => ({
    event: changed("CommentRedacted", comment),
    audit: { type: "CommentRedactionEvent", comment_id: comment.id },
  });

  const redactedFile = (comment: CommentRecord, file: AttachmentRecord, baseUrl: string) => ({
    event: draftRedactedFile(comment, file, baseUrl, switches.bareCommentEvents),
    audit: { type: "AttachmentRedactionEvent", comment_id: comment.id, attachment_id: file.id },
  });

  route(app, "PUT", "/comment_redactions/:comment", (request) => {
    const actor = actorOf(request);
    const body: JsonObject = isJsonObject(request.body) ? request.body : {};
    const { ticket_id, html_body, external_attachment_urls: urls = [] } = body;
    const ticket = store.ticket(Number(ticket_id));
    if (!ticket) throw recordNotFound();
    const found = findComment(ticket, readId(request, "comment"));
    const baseUrl = baseUrlOf(request);
    const text =
      typeof html_body === "string"
        ? redactMarked(found.comment, html_body, switches.redactionMarks)
        : undefined;
    if (html_body !== undefined && !text) {
      throw recordInvalid("html_body", "html_body: expected the comment's own with <redact> in it");
    }
    const isMeant = (file: AttachmentRecord) =>
      Array.isArray(urls) && urls.includes(attachmentUrl(baseUrl, file));
    const fileIds = found.comment.attachments.filter(isMeant).map(({ id }) => id);
    const files = redactFiles(text ?? found.comment, isMeant);
    const redacted = files ?? text;
    if (!redacted) throw recordInvalid("base", "nothing to redact");
    const happened = [
      ...(text ? [redactedText(redacted)] : []),
      ...redacted.attachments
        .filter(({ id }) => fileIds.includes(id))
        .map((file) => redactedFile(redacted, file, baseUrl)),
    ];
    return { comment: presentComment(keep(found, redacted, happened, actor), baseUrl) };
  });

  route(app, "PUT", "/tickets/:id/comments/:comment/redact", (request) => {
    const actor = actorOf(request);
    const found = findInOpen(request);
    const text = isJsonObject(request.body) ? request.body["text"] : undefined;
    if (typeof text !== "string" || text === "") {
      throw recordInvalid("text", "text: cannot be blank", "BlankValue");
    }
    const redacted = redactText(found.comment, text, switches.redactionMarks);
    // What is answered when the text is not there is inferred.
    if (!redacted) throw recordInvalid("text", "text: is not in the comment");
    keep(found, redacted, [redactedText(redacted)], actor);
    return { comment: presentComment(redacted, baseUrlOf(request)) };
  });

  route(app, "PUT", "/tickets/:id/comments/:comment/attachments/:attachment/redact", (request) => {
    const actor = actorOf(request);
    const found = findInOpen(request);
    const id = readId(request, "attachment");
    const redacted = redactFiles(found.comment, (file) => file.id === id);
    const file = redacted?.attachments.find((candidate) => candidate.id === id);
    if (!redacted || !file) throw recordNotFound();
    keep(found, redacted, [redactedFile(redacted, file, baseUrlOf(request))], actor);
    return { attachment: presentAttachment(file, baseUrlOf(request)) };
  });

  // A comment that is private already changes nothing, which is inferred.
  route(app, "PUT", "/tickets/:id/comments/:comment/make_private", (request) => {
    const actor = actorOf(request);
    const found = findComment(findTicket(deps, request), readId(request, "comment"));
    if (!found.comment.public) return "";
    const comment = { ...found.comment, public: false };
    const event = changed("CommentMadePrivate", comment);
    const audit = { type: "CommentPrivacyChange", comment_id: comment.id, public: false };
    keep(found, comment, [{ event, audit }], actor);
    return "";
  });
}
