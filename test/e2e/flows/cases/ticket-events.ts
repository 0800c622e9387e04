/** Cases of the flows that hand an event to the store: comments, redactions, spam, requester, tags. */
import { unreachable } from "#test/support/flow-world";
import { type FlowName, MAIN_EVENTS, ticketEvent } from "#test/support/flow-world-events";
import { settingsCases, ticketCases } from "./common.ts";
import { type FlowCase, retryCases } from "./flow-case.ts";

const recorded = {
  ends: "well",
  says: "Ticket 1001: the event is recorded.",
  did: ["record-ticket-event"],
} as const;

function answerCases(flow: FlowName): FlowCase[] {
  const event = MAIN_EVENTS[flow]();
  const answer = (outcome: string) => ({ outcome, ticket_id: "1001", refresh: false });
  return [
    { name: "the event is recorded", event, ...recorded },
    {
      name: "an erased ticket",
      event,
      ...recorded,
      answers: { "record-ticket-event": answer("ticket_erased") },
      says: "Ticket 1001 is erased: nothing is recorded of it.",
    },
    {
      name: "an answer of a newer server",
      event,
      ...recorded,
      answers: { "record-ticket-event": { offContract: answer("postponed") } },
      ends: "badly",
      says: "the actions server answered an outcome that this bundle does not know",
    },
    {
      name: "details that jq cannot read",
      event,
      faults: { "Read the details": [unreachable] },
      ends: "badly",
      says: "Ticket 1001: the event could not be read: ",
    },
    ...retryCases(flow, { call: "Record the event", ...recorded }),
  ];
}

/** What is stored follows a redaction whatever the settings say. */
function changeCases(flow: FlowName, type: string): FlowCase[] {
  return [
    ...answerCases(flow),
    { name: "no settings", event: MAIN_EVENTS[flow](), settings: null, ...recorded },
    { name: "an event that names nothing", event: ticketEvent(type), ...recorded },
    {
      name: "an event that names things oddly",
      event: ticketEvent(type, { comment: "77", attachment: { id: "x", comment_id: -1 } }),
      ...recorded,
    },
    {
      name: "an event without a time",
      event: ticketEvent(type, { meta: { ref: "1-2" } }),
      ends: "badly",
      says: "The event is not in the documented form: ",
      waited: 0,
    },
  ];
}

function eventCases(flow: FlowName): FlowCase[] {
  return [
    ...answerCases(flow),
    ...settingsCases(flow, "Ticket 1001", recorded),
    ...ticketCases(flow),
  ];
}

export const TICKET_EVENT_CASES = {
  ticket_comment_added: eventCases("ticket_comment_added"),
  ticket_comment_redacted: changeCases("ticket_comment_redacted", "CommentRedacted"),
  ticket_comment_made_private: changeCases("ticket_comment_made_private", "CommentMadePrivate"),
  ticket_attachment_redacted: changeCases(
    "ticket_attachment_redacted",
    "AttachmentRedactedFromComment",
  ),
  ticket_marked_as_spam: eventCases("ticket_marked_as_spam"),
  ticket_requester_changed: eventCases("ticket_requester_changed"),
  ticket_tags_changed: eventCases("ticket_tags_changed"),
} as const;
