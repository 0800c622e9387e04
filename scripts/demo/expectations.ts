/** What the timeline must have led to, reckoned from the events and the seeded data, not from the code under proof. */
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import type { WorldData } from "#sandbox/data/world-data";
import type { Zendesk } from "#sandbox/zendesk/create-zendesk";
import type { ZisEvent } from "#sandbox/zendesk/events";
import type { Expectations } from "./invariants.ts";
import type { Delivered } from "./play.ts";

type TicketEvent = ZisEvent["input"]["ticket_event"];

function isIgnored({ ticket }: TicketEvent): boolean {
  return ticket.tags.some((tag) => DEFAULT_SETTINGS.ignore_tags.includes(tag));
}

/** The ticket of an event whose flow must capture it, by the rules in plain form. */
export function capturedTicket({ input }: ZisEvent): string | undefined {
  const { ticket_event: event } = input;
  const solved = event.type === "Status Changed" && event.current === "solved";
  return solved && !isIgnored(event) ? String(event.ticket.id) : undefined;
}

/** Types of events that a flow hands to the server as they are, unless the settings ignore the ticket. */
const HANDED_OVER = [
  "Agent Assignment Changed",
  "Group Assignment Changed",
  "Comment Created",
  "Requester Changed",
  "Tags Changed",
];

/** Does the event's flow reach an action that is recorded under the event's key? */
function isRecorded(event: ZisEvent): boolean {
  const { ticket_event: ticketEvent } = event.input;
  const handedOver = HANDED_OVER.includes(ticketEvent.type) && !isIgnored(ticketEvent);
  return handedOver || capturedTicket(event) !== undefined;
}

/** What must have come of the timeline: one entry per captured ticket, and the repetitions to absorb. */
export function expectations(
  delivered: readonly Delivered[],
  truth: WorldData["truth"],
  tickets: Zendesk["tickets"],
): Expectations {
  const counts = new Map<string, number>();
  let repetitions = 0;
  for (const { event, copies } of delivered) {
    if (isRecorded(event)) repetitions += copies - 1;
    const ticketId = capturedTicket(event);
    if (ticketId !== undefined) counts.set(ticketId, (counts.get(ticketId) ?? 0) + 1);
  }
  return {
    repetitions,
    captured: [...counts].map(([ticketId, captureEvents]) => ({
      ticketId,
      captureEvents,
      commentIds: tickets.comments(ticketId).map(({ id }) => String(id)),
      truth: truth.get(ticketId) ?? { outcome: "none" },
    })),
  };
}
