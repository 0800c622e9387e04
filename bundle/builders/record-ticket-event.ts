/** The nodes that read an event's details and hand them to the server, with the flow's ends. */
import type { RecordTicketEventRequest } from "#contract/actions/record-ticket-event";
import { serverCall } from "./call.ts";
import { stringEquals } from "./conditions.ts";
import { UNKNOWN_OUTCOME } from "./resolve.ts";
import { choice, ERROR_PATH, fail, jq, succeed, when } from "./states.ts";
import { EVENT, EVENT_KEY, OCCURRED_AT, SUBJECT, TICKET_IDS } from "./ticket-event.ts";
import { at } from "./values.ts";

type Member = Exclude<keyof RecordTicketEventRequest, "ticket_id" | "kind" | "occurred_at">;

interface EventDetails {
  /** The jq program that makes an object of the members out of the event. */
  readonly read: string;
  readonly kind: RecordTicketEventRequest["kind"];
  readonly members: readonly Member[];
  readonly why: string;
}

/** To be spread at the end of a flow; the node before goes on to "Read the details". */
export function recordTicketEvent(integration: string, { read, kind, members, why }: EventDetails) {
  const details = Object.fromEntries(members.map((member) => [member, at(`$.details.${member}`)]));
  return {
    "Read the details": jq({
      why: "Only what the store keeps of the event goes to the server.",
      data: EVENT,
      expr: read,
      into: "$.details",
      next: "Record the event",
      failed: "Unreadable",
    }),
    Unreadable: fail({
      why: "The event is not in the documented form.",
      error: "CaseQA.BadEvent",
      cause: `${SUBJECT}: the event could not be read: {{${ERROR_PATH}.Cause}}`,
    }),
    "Record the event": serverCall(integration, "record-ticket-event", {
      why,
      subject: SUBJECT,
      key: EVENT_KEY,
      body: {
        ticket_id: at("$.ticket.id"),
        kind,
        occurred_at: OCCURRED_AT,
        ...TICKET_IDS,
        ...details,
      },
      into: "$.recorded",
      next: "What was recorded?",
    }),
    "What was recorded?": choice({
      why: "Nothing is kept of a ticket that was deleted for good.",
      branches: [
        when(stringEquals("$.recorded.outcome", "recorded"), "Recorded"),
        when(stringEquals("$.recorded.outcome", "ticket_erased"), "Erased"),
      ],
      otherwise: "Unknown answer",
    }),
    Recorded: succeed({
      why: "The store knows; where the conversation is stored, it follows.",
      message: `${SUBJECT}: the event is recorded.`,
    }),
    Erased: succeed({
      why: "A late event revives nothing.",
      message: `${SUBJECT} is erased: nothing is recorded of it.`,
    }),
    "Unknown answer": fail(UNKNOWN_OUTCOME),
  };
}
