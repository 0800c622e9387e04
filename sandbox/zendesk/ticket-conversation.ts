/** Reading what was said and done on a ticket: comments and audits. */
import type { FastifyInstance } from "fastify";
import type { AuditRecord } from "./audit.ts";
import type { CommentRecord } from "./model.ts";
import { pageThrough, parameter, type Query, type Sort } from "./paging.ts";
import { presentAudit, presentComment } from "./present.ts";
import {
  baseUrlOf,
  findTicket,
  listUrlOf,
  queryOf,
  route,
  sideloadUsers,
  type Desk,
} from "./route.ts";

type Dated = CommentRecord | AuditRecord;

const sorts: Readonly<Record<string, Sort<Dated>>> = {
  created_at: { keyOf: (item) => item.created_at, styles: "both" },
};

/** Comments know `sort=-created_at` in both styles; the offset style has it as `sort_order`. */
function withSortOrder(query: Query): Query {
  return parameter(query, "sort") === "-created_at" ? { ...query, sort_order: "desc" } : query;
}

export function ticketConversation(app: FastifyInstance, desk: Desk): void {
  const { store, access } = desk;

  route(app, "GET", "/tickets/:id/comments", (request) => {
    access.caller(request.headers, "read", "tickets");
    const { rows, envelope } = pageThrough(findTicket(desk, request).comments, {
      query: withSortOrder(queryOf(request)),
      url: listUrlOf(request),
      idOf: (comment) => comment.id,
      sorts,
      defaultSort: "created_at",
    });
    return {
      comments: rows.map((comment) => presentComment(comment, baseUrlOf(request))),
      ...sideloadUsers(
        desk,
        request,
        rows.map((comment) => comment.author_id),
      ),
      ...envelope,
    };
  });

  // No narrow scope opens audits.
  route(app, "GET", "/tickets/:id/audits", (request) => {
    access.caller(request.headers, "read", "broad");
    const { rows, envelope } = pageThrough(store.audits(findTicket(desk, request).id), {
      query: queryOf(request),
      url: listUrlOf(request),
      idOf: (audit) => audit.id,
      sorts,
      defaultSort: "created_at",
    });
    return {
      audits: rows.map((audit) => presentAudit(audit, baseUrlOf(request))),
      ...sideloadUsers(
        desk,
        request,
        rows.map((audit) => audit.author_id),
      ),
      ...envelope,
    };
  });
}
