/** Three tickets with their way through the demo, one for each thing that a look-up may find. Pure. */
import type { ResolveCaseReply } from "#contract/actions/resolve-case";
import type { ZisEvent } from "#sandbox/zendesk/events";
import type { Delivered } from "./play.ts";

export interface Sample {
  readonly ticketId: string;
  readonly subject: string;
  readonly requester: string;
  /** In the order in which they happened. */
  readonly events: readonly { readonly what: string; readonly deliveries: number }[];
  readonly resolved: ResolveCaseReply;
  /** Comments that the stored conversation holds; null: none is stored. */
  readonly storedComments: number | null;
  readonly linked: boolean;
}

interface Sources {
  readonly delivered: readonly Delivered[];
  readonly resolved: ReadonlyMap<string, ResolveCaseReply>;
  readonly conversations: readonly {
    readonly ticketId: string;
    readonly commentIds: readonly string[];
  }[];
  /** Ticket ids that have a link. */
  readonly linked: ReadonlySet<string>;
  readonly ticket: (ticketId: string) => { readonly subject: string; readonly requester: string };
}

const SHOWN = ["matched", "ambiguous", "none"] as const;

/** Of each outcome the ticket with most deliveries, the lowest id among equals. */
export function pickSamples(sources: Sources): readonly Sample[] {
  const byTicket = Map.groupBy(sources.delivered, ({ event }) =>
    String(event.input.ticket_event.ticket.id),
  );
  const deliveries = (ticketId: string) =>
    (byTicket.get(ticketId) ?? []).reduce((sum, { copies }) => sum + copies, 0);
  return SHOWN.flatMap((outcome) => {
    const [found] = [...sources.resolved.values()]
      .filter((reply) => reply.outcome === outcome)
      .toSorted(
        (a, b) =>
          deliveries(b.ticket_id) - deliveries(a.ticket_id) ||
          Number(a.ticket_id) - Number(b.ticket_id),
      );
    if (!found) return [];
    const ticketId = found.ticket_id;
    const stored = sources.conversations.find((row) => row.ticketId === ticketId);
    return {
      ticketId,
      ...sources.ticket(ticketId),
      events: (byTicket.get(ticketId) ?? []).map(({ event, copies }) => ({
        what: describeEvent(event),
        deliveries: copies,
      })),
      resolved: found,
      storedComments: stored?.commentIds.length ?? null,
      linked: sources.linked.has(ticketId),
    };
  });
}

function describeEvent({ input }: ZisEvent): string {
  const { type, previous, current } = input.ticket_event;
  return type === "Status Changed"
    ? `${String(previous)} → ${String(current)}`
    : type.toLowerCase();
}

const FOUND_BY = {
  case_number: "by the number that an agent typed",
  external_id: "by the ticket id on the case",
  requester_email: "by the requester's address",
} as const;

const NOTHING_FOUND = {
  nothing_to_look_for: "the ticket has nothing to look for",
  no_candidate: "Salesforce has none that fits",
} as const;

/** The way of one ticket in four lines, the first of them its title. */
export function renderSample(sample: Sample): string {
  const { ticketId, subject, requester, events, storedComments } = sample;
  const stored =
    storedComments === null ? "nothing" : `conversation of ${storedComments} comments, once`;
  return [
    `Ticket ${ticketId}, "${subject}", of ${requester}`,
    `  events  ${events.map(({ what, deliveries }) => `${what} (${times(deliveries)})`).join(", ")}`,
    `  case    ${describeCase(sample)}`,
    `  stored  ${stored}`,
  ].join("\n");
}

function times(count: number): string {
  if (count === 0) return "never delivered";
  return count === 1 ? "delivered once" : `delivered ${count} times`;
}

function describeCase({ resolved, linked }: Sample): string {
  const link = linked ? "linked" : "not linked";
  if (resolved.outcome === "matched") {
    return `${resolved.case.number}, found ${FOUND_BY[resolved.matched_by]}; ${link}`;
  }
  if (resolved.outcome === "ambiguous") {
    const numbers = resolved.candidates.map(({ number }) => number).join(", ");
    return `may be any of ${numbers}${resolved.more ? " and more" : ""}: never guessed, ${link}`;
  }
  if (resolved.outcome === "none")
    return `none, because ${NOTHING_FOUND[resolved.reason]}; ${link}`;
  return "none, because the ticket is gone";
}
