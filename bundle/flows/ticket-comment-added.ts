/** ticket_comment_added: A comment is recorded, and a stored conversation is read again. */
import type { FlowResource } from "#zis/model/bundle";
import { flow } from "../builders/flow.ts";
import { PREAMBLE_START, ticketPreamble } from "../builders/preamble.ts";
import { recordTicketEvent } from "../builders/record-ticket-event.ts";

export const TICKET_COMMENT_ADDED = "ticket_comment_added";

const READ = `def id: if . == null then null elif (tostring | test("^[1-9][0-9]{0,18}\\\\z")) then tostring else error("it is not an id") end;
{comment_id: (.comment.id | id), public: (if (.comment.is_public | type) == "boolean" then .comment.is_public else null end)}`;

export function ticketCommentAdded(integration: string): FlowResource {
  return flow(TICKET_COMMENT_ADDED, PREAMBLE_START, {
    ...ticketPreamble("Read the details", { needsTime: true }),
    ...recordTicketEvent(integration, {
      read: READ,
      kind: "comment_added",
      members: ["comment_id", "public"],
      why: "Reviewers see what was said; comments of one burst are read together.",
    }),
  });
}
