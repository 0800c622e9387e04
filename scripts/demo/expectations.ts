/** What the timeline must have led to, reckoned from the events and the seeded data, not from the code under proof. */
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import type { WorldData } from "#sandbox/data/world-data";
import type { Zendesk } from "#sandbox/zendesk/create-zendesk";
import type { ZisEvent } from "#sandbox/zendesk/events";
import type { Expectations } from "./invariants.ts";
import type { Delivered } from "./play.ts";

/** What the administrator changed: which comment and which ticket; undefined: there were too few tickets. */
export interface Administered {
  readonly redacted: { readonly ticketId: string; readonly commentId: string } | undefined;
  readonly deleted:
    | { readonly ticketId: string; readonly commentIds: readonly string[] }
    | undefined;
}

type TicketEvent = ZisEvent["input"]["ticket_event"];

const isIgnored = ({ tags }: { readonly tags: readonly string[] }) =>
  tags.some((tag) => DEFAULT_SETTINGS.ignore_tags.includes(tag));

/** The ticket of an event whose flow must capture it, by the rules in plain form. */
export function capturedTicket({ input }: ZisEvent): string | undefined {
  const { ticket_event: event } = input;
  const solved = event.type === "Status Changed" && event.current === "solved";
  return solved && !isIgnored(event.ticket) ? String(event.ticket.id) : undefined;
}

/** Types of events that a flow hands to the server as they are, unless the settings ignore the ticket. */
const HANDED_OVER = [
  "Agent Assignment Changed",
  "Group Assignment Changed",
  "Comment Created",
  "Comment Redacted",
  "Requester Changed",
  "Tags Changed",
  "Ticket Soft Deleted",
];

/** Does the event's flow reach an action that is recorded under the event's key? */
function isRecorded(event: ZisEvent): boolean {
  const { ticket_event: ticketEvent }: { readonly ticket_event: TicketEvent } = event.input;
  const handedOver = HANDED_OVER.includes(ticketEvent.type) && !isIgnored(ticketEvent.ticket);
  return handedOver || capturedTicket(event) !== undefined;
}

/** Tickets that were finished before the installation, and that the settings want. */
export function historyOf(data: WorldData["zendesk"]): ReadonlySet<string> {
  const finished = data.tickets.filter(
    (ticket) => (ticket.status === "solved" || ticket.status === "closed") && !isIgnored(ticket),
  );
  return new Set(finished.map(({ id }) => String(id)));
}

interface Sources {
  readonly delivered: readonly Delivered[];
  readonly administered: Administered;
  readonly data: WorldData;
  readonly tickets: Zendesk["tickets"];
  /** False: the sync was left out. */
  readonly sync: boolean;
}

/**
 * What must have come of the timeline: one entry per captured ticket, and the repetitions to absorb; with the sync also
 * what was there before, and a case for every ticket that was touched.
 */
export function expectations({
  delivered,
  administered: { redacted, deleted },
  data,
  tickets,
  sync,
}: Sources): Expectations {
  const counts = new Map<string, number>();
  const touched = new Set<string>();
  let repetitions = 0;
  for (const { event, copies } of delivered) {
    if (isRecorded(event)) repetitions += Math.max(0, copies - 1);
    const { ticket } = event.input.ticket_event;
    if (!isIgnored(ticket)) touched.add(String(ticket.id));
    const ticketId = capturedTicket(event);
    if (ticketId !== undefined) counts.set(ticketId, (counts.get(ticketId) ?? 0) + 1);
  }
  const truthOf = (ticketId: string) => data.truth.get(ticketId) ?? { outcome: "none" as const };
  const commentIdsOf = (ticketId: string) =>
    ticketId === deleted?.ticketId
      ? deleted.commentIds
      : tickets.comments(ticketId).map(({ id }) => String(id));
  const redactedBody = tickets
    .comments(redacted?.ticketId ?? "")
    .find(({ id }) => String(id) === redacted?.commentId)?.body;
  return {
    repetitions,
    captured: [...counts].map(([ticketId, captureEvents]) => ({
      ticketId,
      captureEvents,
      commentIds: commentIdsOf(ticketId),
      truth: truthOf(ticketId),
    })),
    loaded: sync
      ? [...historyOf(data.zendesk)].map((ticketId) => ({
          ticketId,
          commentIds: commentIdsOf(ticketId),
        }))
      : [],
    swept: sync
      ? [...touched]
          .filter((ticketId) => !counts.has(ticketId))
          .map((ticketId) => ({ ticketId, truth: truthOf(ticketId) }))
      : [],
    redacted: redacted && { ...redacted, body: redactedBody ?? "" },
    deleted: deleted && deleted.ticketId,
  };
}
