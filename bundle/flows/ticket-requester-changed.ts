/** ticket_requester_changed: The stored conversation's requester follows. */
import type { FlowResource } from "#zis/model/bundle";
import { flow } from "../builders/flow.ts";
import { PREAMBLE_START, ticketPreamble } from "../builders/preamble.ts";
import { recordTicketEvent } from "../builders/record-ticket-event.ts";

export const TICKET_REQUESTER_CHANGED = "ticket_requester_changed";

const READ = `def id: if . == null then null elif (tostring | test("^[1-9][0-9]{0,18}\\\\z")) then tostring else error("it is not an id") end;
if (.ticket | has("requester_id") | not) then error("requester_id is missing") else {requester_id: (.ticket.requester_id | id)} end`;

export function ticketRequesterChanged(integration: string): FlowResource {
  return flow(TICKET_REQUESTER_CHANGED, PREAMBLE_START, {
    ...ticketPreamble("Read the details", { needsTime: true }),
    ...recordTicketEvent(integration, {
      read: READ,
      kind: "requester_changed",
      members: ["requester_id"],
      why: "The store shows whose ticket it is.",
    }),
  });
}
