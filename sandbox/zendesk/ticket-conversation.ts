/** Reading what was said and done on a ticket: comments and audits. */
import type { FastifyInstance } from "fastify";

import { conversationLogOf, presentChatAudits } from "./chat.ts";
import type { EndpointLimit } from "./endpoint-limits.ts";
import { invalidEndpoint } from "./errors.ts";
import type { AuditRecord, CommentRecord } from "./model.ts";
import { pageThrough, parameter, type Query, type Sort } from "./paging.ts";
import { presentAudit, presentComment } from "./present.ts";
import {
  pageById,
  baseUrlOf,
  findTicket,
  listUrlOf,
  queryOf,
  route,
  sideloadUsers,
  type RouteDeps,
} from "./route.ts";

type Dated = Pick<CommentRecord | AuditRecord, "id" | "created_at">;

const sorts: Readonly<Record<string, Sort<Dated>>> = {
  created_at: { keyOf: (item) => item.created_at, styles: "both" },
};

/** Comments know `sort=-created_at` in both styles; the offset style has it as `sort_order`. */
function withSortOrder(query: Query): Query {
  return parameter(query, "sort") === "-created_at" ? { ...query, sort_order: "desc" } : query;
}

/** Rows as schemas of connectors allow them: one that still has content, one that cannot be distinguished from another. */
const ODD_COMMENTS = [
  {
    id: 999_000_000_000_001,
    type: "Comment",
    author_id: null,
    body: "From nobody in particular.",
    html_body: null,
    public: null,
    attachments: [{ id: null, file_name: "redacted.txt", content_url: null, size: 0 }, null],
    via: { channel: null },
    created_at: null,
  },
  { id: null, type: "Comment", author_id: null, body: "lost", public: true, attachments: null },
];

export function ticketConversation(
  app: FastifyInstance,
  deps: RouteDeps,
  auditLimit: EndpointLimit,
): void {
  const { store, access, switches } = deps;

  route(app, "GET", "/tickets/:id/comments", (request) => {
    access.caller(request.headers, "read", "tickets");
    const { rows, envelope } = pageThrough(findTicket(deps, request).comments, {
      query: withSortOrder(queryOf(request)),
      url: listUrlOf(request),
      idOf: (comment) => comment.id,
      sorts,
      defaultSort: "created_at",
    });
    return {
      comments: [
        ...rows.map((comment) => presentComment(comment, baseUrlOf(request), deps.addressOf)),
        ...(deps.switches.oddRows ? ODD_COMMENTS : []),
      ],
      ...sideloadUsers(
        deps,
        request,
        rows.map((comment) => comment.author_id),
      ),
      ...envelope,
    };
  });

  // No narrow scope opens audits.
  route(app, "GET", "/tickets/:id/audits", (request, reply) => {
    access.caller(request.headers, "read", "broad");
    auditLimit.count(reply);
    const ticket = findTicket(deps, request);
    const audits = [
      ...presentChatAudits(ticket, switches.chatHistory),
      ...store
        .audits(ticket.id)
        .map((audit) => presentAudit(audit, baseUrlOf(request), deps.addressOf)),
    ] as (object & Pick<AuditRecord, "id" | "created_at" | "author_id">)[];
    const { rows, envelope } = pageThrough(audits, {
      query: queryOf(request),
      url: listUrlOf(request),
      idOf: (audit) => audit.id,
      sorts,
      defaultSort: "created_at",
    });
    return {
      audits: rows,
      ...sideloadUsers(
        deps,
        request,
        rows.map((audit) => audit.author_id),
      ),
      ...envelope,
    };
  });

  route(app, "GET", "/tickets/:id/conversation_log", (request) => {
    const { conversationLog } = switches;
    if (conversationLog === "absent") throw invalidEndpoint();
    access.caller(request.headers, "read", conversationLog);
    const { rows, envelope } = pageById(request, conversationLogOf(findTicket(deps, request)));
    return { events: rows.map(({ event }) => event), ...envelope };
  });
}
