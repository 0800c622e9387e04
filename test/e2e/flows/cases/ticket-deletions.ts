/** Cases of ticket_soft_deleted, ticket_undeleted and ticket_permanently_deleted. */
import { MAIN_EVENTS, ticketEvent } from "#test/support/flow-world-events";
import { type FlowCase, retryCases } from "./flow-case.ts";

function casesOf(
  flow: "ticket_soft_deleted" | "ticket_undeleted" | "ticket_permanently_deleted",
  type: string,
  state: "deleted" | "present" | "erased",
): FlowCase[] {
  const event = MAIN_EVENTS[flow]();
  const answers = {
    "record-deletion": { outcome: "recorded", ticket_id: "1001", state, current: true },
  } as const;
  const recorded = {
    answers,
    ends: "well",
    says: `Ticket 1001 is recorded as ${state}.`,
    did: ["record-deletion"],
  } as const;
  const bad = (name: string, badEvent: FlowCase["event"], says: string): FlowCase => ({
    name,
    event: badEvent,
    ends: "badly",
    says: `The event is not in the documented form: ${says}`,
    waited: 0,
  });
  return [
    { name: "the ticket is recorded", event, ...recorded },
    { name: "settings that are missing do not matter", event, settings: null, ...recorded },
    {
      name: "settings that would leave the ticket alone do not matter",
      event,
      settings: { enabled: false, ignore_tags: ["vip"] },
      ...recorded,
    },
    bad("an event without a time", ticketEvent(type, { meta: { ref: "1-2" } }), ""),
    bad("a ticket without an id", MAIN_EVENTS[flow]({ id: null }), ""),
    ...retryCases(flow, { call: "Record the deletion", ...recorded }),
  ];
}

export const DELETION_CASES = {
  ticket_soft_deleted: casesOf("ticket_soft_deleted", "TicketSoftDeleted", "deleted"),
  ticket_undeleted: casesOf("ticket_undeleted", "TicketUndeleted", "present"),
  ticket_permanently_deleted: casesOf(
    "ticket_permanently_deleted",
    "TicketPermanentlyDeleted",
    "erased",
  ),
} as const;
