import { describe, expect, it } from "vitest";
import type { ResolveCaseReply } from "#contract/actions/resolve-case";
import type { ZisEvent } from "#sandbox/zendesk/events";
import { pickSamples, renderSample } from "#scripts/demo/samples";

const event = (ticketId: number, detail: object) =>
  ({ input: { ticket_event: { ticket: { id: ticketId }, ...detail } } }) as unknown as ZisEvent;
const solved = { type: "Status Changed", previous: "open", current: "solved" };
const found = { id: "500", subject: null, status: null, is_closed: false };

const replies: readonly ResolveCaseReply[] = [
  { outcome: "none", ticket_id: "1", case_id: null, reason: "no_candidate" },
  { outcome: "none", ticket_id: "2", case_id: null, reason: "nothing_to_look_for" },
  {
    outcome: "matched",
    ticket_id: "3",
    case_id: "500",
    matched_by: "external_id",
    case: { ...found, number: "00001026" },
  },
];

const samples = pickSamples({
  delivered: [
    { event: event(1, solved), copies: 1 },
    { event: event(2, { type: "Comment Added" }), copies: 1 },
    { event: event(2, solved), copies: 3 },
    { event: event(3, solved), copies: 2 },
  ],
  resolved: new Map(replies.map((reply) => [reply.ticket_id, reply])),
  conversations: [{ ticketId: "3", commentIds: ["31", "32"] }],
  linked: new Set(["3"]),
  ticket: (ticketId) => ({ subject: `subject ${ticketId}`, requester: "Ana" }),
});

describe("the demo's sample tickets", () => {
  it("are one of each outcome that there is, the one that was delivered most", () => {
    expect(samples.map(({ ticketId }) => ticketId)).toEqual(["3", "2"]);
  });

  it("show the way from the events to the store", () => {
    expect(samples.map(renderSample)).toEqual([
      `Ticket 3, "subject 3", of Ana
  events  open → solved (delivered 2 times)
  case    00001026, found by the ticket id on the case; linked
  stored  conversation of 2 comments, once`,
      `Ticket 2, "subject 2", of Ana
  events  comment added (delivered once), open → solved (delivered 3 times)
  case    none, because the ticket has nothing to look for; not linked
  stored  nothing`,
    ]);
  });
});
