/** What the timeline must have led to, reckoned from the events and the seeded data, not from the code under proof. */
import { DEFAULT_SETTINGS } from "../../actions-server/contract/settings.ts";
import type { WorldData } from "../../sandbox/data/world-data.ts";
import type { Zendesk } from "../../sandbox/zendesk/create-zendesk.ts";
import type { ZisEvent } from "../../sandbox/zendesk/events.ts";
import type { Expected } from "./invariants.ts";
import type { Delivered } from "./play.ts";

/** The ticket of an event whose flow must reach the recorded action, by the rules in plain form. */
export function capturedTicket({ input }: ZisEvent): string | undefined {
  const { type, current, ticket } = input.ticket_event;
  const solved = type === "Status Changed" && current === "solved";
  const ignored = ticket.tags.some((tag) => DEFAULT_SETTINGS.ignore_tags.includes(tag));
  return solved && !ignored ? String(ticket.id) : undefined;
}

/** One entry per ticket that must have been captured. */
export function expectations(
  delivered: readonly Delivered[],
  truth: WorldData["truth"],
  tickets: Zendesk["tickets"],
): readonly Expected[] {
  const counts = new Map<string, { events: number; deliveries: number }>();
  for (const { event, copies } of delivered) {
    const ticketId = capturedTicket(event);
    if (ticketId === undefined) continue;
    const { events, deliveries } = counts.get(ticketId) ?? { events: 0, deliveries: 0 };
    counts.set(ticketId, { events: events + 1, deliveries: deliveries + copies });
  }
  return [...counts].map(([ticketId, { events, deliveries }]) => ({
    ticketId,
    captureEvents: events,
    captureDeliveries: deliveries,
    commentIds: tickets.comments(ticketId).map(({ id }) => String(id)),
    truth: truth.get(ticketId) ?? { outcome: "none" },
  }));
}
