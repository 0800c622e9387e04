/** ticket_marked_as_spam: That a ticket was marked as spam is recorded. */
import type { FlowResource } from "#zis/model/bundle";
import { flow } from "../builders/flow.ts";
import { PREAMBLE_START, ticketPreamble } from "../builders/preamble.ts";
import { recordTicketEvent } from "../builders/record-ticket-event.ts";

export const TICKET_MARKED_AS_SPAM = "ticket_marked_as_spam";

const READ = "{}";

export function ticketMarkedAsSpam(integration: string): FlowResource {
  return flow(TICKET_MARKED_AS_SPAM, PREAMBLE_START, {
    ...ticketPreamble("Read the details", { needsTime: true }),
    ...recordTicketEvent(integration, {
      read: READ,
      kind: "marked_as_spam",
      members: [],
      why: "Reviewers see that it was spam.",
    }),
  });
}
