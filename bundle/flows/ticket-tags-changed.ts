/** ticket_tags_changed: The stored conversation's tags follow. */
import type { FlowResource } from "#zis/model/bundle";
import { flow } from "../builders/flow.ts";
import { PREAMBLE_START, ticketPreamble } from "../builders/preamble.ts";
import { recordTicketEvent } from "../builders/record-ticket-event.ts";

export const TICKET_TAGS_CHANGED = "ticket_tags_changed";

const READ = `def tags: if type == "array" then join(" ") else error("its tags are not a list") end;
{tags: (.ticket.tags | if . == null then . else tags end), tags_added: (.tags_added // [] | tags), tags_removed: (.tags_removed // [] | tags)}`;

export function ticketTagsChanged(integration: string): FlowResource {
  return flow(TICKET_TAGS_CHANGED, PREAMBLE_START, {
    ...ticketPreamble("Read the details", { needsTime: true }),
    ...recordTicketEvent(integration, {
      read: READ,
      kind: "tags_changed",
      members: ["tags", "tags_added", "tags_removed"],
      why: "The store shows the tags as they are now.",
    }),
  });
}
