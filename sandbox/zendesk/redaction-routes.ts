/** Making what was said unreadable or private. Source: Zendesk API reference, "Ticket Comments", "Ticket Attachments". */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isJsonObject, type JsonObject } from "#zis/model/json";
import { recordInvalid, recordNotFound } from "./errors.ts";
import { attachmentUrl } from "./event-writer.ts";
import type { TicketRecord } from "./model.ts";
import { presentAttachment, presentComment } from "./present.ts";
import type { Redactions, Said } from "./redactions.ts";
import { baseUrlOf, findTicket, readId, route, type RouteDeps } from "./route.ts";
import type { Actor } from "./store-contract.ts";

export function redactionRoutes(
  app: FastifyInstance,
  deps: RouteDeps,
  redactions: Redactions,
): void {
  const { store, access, switches } = deps;

  const actorOf = (request: FastifyRequest): Actor => ({
    author: access.caller(request.headers, "write", "tickets"),
    channel: "api",
  });

  function findComment(ticket: TicketRecord, id: number): Said {
    const comment = ticket.comments.find((candidate) => candidate.id === id);
    if (!comment) throw recordNotFound();
    return { ticket, comment };
  }

  /** Once a ticket is closed, the older two ways of redacting are shut. */
  function findInOpen(request: FastifyRequest): Said {
    const said = findComment(findTicket(deps, request), readId(request, "comment"));
    if (said.ticket.status === "closed") {
      throw recordInvalid(switches.closedKey, "closed prevents ticket update");
    }
    return said;
  }

  route(app, "PUT", "/comment_redactions/:comment", (request) => {
    const actor = actorOf(request);
    const body: JsonObject = isJsonObject(request.body) ? request.body : {};
    const { ticket_id, html_body, external_attachment_urls: urls = [] } = body;
    const ticket = store.ticket(Number(ticket_id));
    if (!ticket) throw recordNotFound();
    const baseUrl = baseUrlOf(request);
    const comment = redactions.marked(
      findComment(ticket, readId(request, "comment")),
      typeof html_body === "string" ? html_body : undefined,
      (file) => Array.isArray(urls) && urls.includes(attachmentUrl(baseUrl, file)),
      actor,
    );
    // That another text than the comment's own is refused, and with which words, is inferred.
    if (!comment) {
      throw recordInvalid("html_body", "html_body: expected the comment's own with <redact> in it");
    }
    return { comment: presentComment(comment, baseUrl) };
  });

  route(app, "PUT", "/tickets/:id/comments/:comment/redact", (request) => {
    const actor = actorOf(request);
    const said = findInOpen(request);
    const text = isJsonObject(request.body) ? request.body["text"] : undefined;
    if (typeof text !== "string" || text === "") {
      throw recordInvalid("text", "text: cannot be blank", "BlankValue");
    }
    const comment = redactions.text(said, text, actor);
    // What is answered when the text is not there is inferred.
    if (!comment) throw recordInvalid("text", "text: is not in the comment");
    return { comment: presentComment(comment, baseUrlOf(request)) };
  });

  route(app, "PUT", "/tickets/:id/comments/:comment/attachments/:attachment/redact", (request) => {
    const actor = actorOf(request);
    const id = readId(request, "attachment");
    const comment = redactions.file(findInOpen(request), id, actor);
    const file = comment?.attachments.find((candidate) => candidate.id === id);
    if (!file) throw recordNotFound();
    return { attachment: presentAttachment(file, baseUrlOf(request)) };
  });

  // A comment that is private already changes nothing, which is inferred.
  route(app, "PUT", "/tickets/:id/comments/:comment/make_private", (request) => {
    const actor = actorOf(request);
    redactions.makePrivate(
      findComment(findTicket(deps, request), readId(request, "comment")),
      actor,
    );
    return "";
  });
}
