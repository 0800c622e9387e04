/** What the flows are run through to see how far they go: for each flow its longest ways. */
import type { Static } from "typebox";
import { caseLinkName, ticketLinkName } from "#contract/links";
import type { OperationName, OPERATIONS } from "#contract/actions/operations";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import type { JsonObject } from "#zis/model/json";

type Reply<Name extends OperationName> = Static<(typeof OPERATIONS)[Name]["reply"]>;

type Replies = { readonly [Name in OperationName]?: Reply<Name> };

export interface Scenario {
  readonly flow: string;
  /** In plain words, for the table of observed maxima. */
  readonly what: string;
  /** What the event or the webhook brings: the flow's `$.input`. */
  readonly input: JsonObject;
  readonly settings: Settings;
  /** Links that are there before: names of ticket and case. */
  readonly links: readonly (readonly [left: string, right: string])[];
  readonly replies: Replies;
}

const TICKET = "1001";
const SURVIVOR = "1002";
const FIELD = "360000000001";
const CASE = "500000000000001AAA";
const OTHER_CASES = ["500000000000002AAA", "500000000000003AAA"] as const;

const SETTINGS: Settings = { ...DEFAULT_SETTINGS, case_number_field_id: FIELD };

const ticketEvent = (members: JsonObject): JsonObject => ({
  ticket_event: {
    meta: {
      sequence: { id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0", position: 1, total: 1 },
      occurred_at: "2026-01-01T00:00:00Z",
    },
    ticket: {
      id: TICKET,
      tags: [],
      form_id: null,
      brand_id: "1",
      group_id: "2",
      assignee_id: "3",
      requester_id: "4",
    },
    ...members,
  },
});

const summary = (id: string) => ({
  id,
  number: "00001026",
  subject: "Printer",
  status: "New",
  is_closed: false,
});

const matched = {
  outcome: "matched",
  ticket_id: TICKET,
  case_id: CASE,
  matched_by: "case_number",
  case: summary(CASE),
} as const;
const ambiguous: Reply<"resolve-case"> = {
  outcome: "ambiguous",
  ticket_id: TICKET,
  case_id: null,
  matched_by: "requester_email",
  candidates: [summary(CASE), summary(OTHER_CASES[0])],
  more: false,
};
const nothing = (reason: "nothing_to_look_for" | "no_candidate"): Reply<"resolve-case"> => ({
  outcome: "none",
  ticket_id: TICKET,
  case_id: null,
  reason,
});
const handedOver = { "request-link": { outcome: "accepted", ticket_id: TICKET } } as const;
const annotated = { outcome: "annotated", ticket_id: TICKET } as const;

const linkTo = (caseId: string, ticketId = TICKET) =>
  [ticketLinkName(ticketId), caseLinkName(caseId)] as const;
const TO_ANOTHER = [linkTo(OTHER_CASES[0])];
const TO_TWO = OTHER_CASES.map((caseId) => linkTo(caseId));

const scenario = (
  flow: string,
  what: string,
  input: JsonObject,
  rest: Partial<Omit<Scenario, "flow" | "what" | "input">> = {},
): Scenario => ({ flow, what, input, settings: SETTINGS, links: [], replies: {}, ...rest });

const created = ticketEvent({ type: "Ticket Created" });
const solved = ticketEvent({ type: "Status Changed", previous: "open", current: "solved" });
const typed = ticketEvent({ type: "Custom Field Changed", custom_field: { id: FIELD } });
const merged = ticketEvent({ type: "Ticket Merged", target_ticket_id: SURVIVOR });
const conversationMerged = {
  "merge-conversation": { outcome: "merged", ticket_id: TICKET, target_ticket_id: SURVIVOR },
} as const;
const request = (action: "link" | "unlink"): JsonObject => ({
  event_id: "e1",
  action,
  ticket_id: TICKET,
  case_id: action === "link" ? CASE : null,
});

const EVENTS: readonly (readonly [flow: string, type: string, members: JsonObject])[] = [
  ["ticket_comment_added", "CommentAdded", { comment: { id: "77", is_public: true } }],
  ["ticket_comment_redacted", "CommentRedacted", { comment: { id: "77" } }],
  ["ticket_comment_made_private", "CommentMadePrivate", { comment: { id: "77" } }],
  [
    "ticket_attachment_redacted",
    "AttachmentRedactedFromComment",
    { attachment: { id: "88", comment_id: "77" } },
  ],
  ["ticket_marked_as_spam", "MarkedAsSpam", {}],
  ["ticket_requester_changed", "RequesterChanged", { previous: 1, current: 2 }],
  ["ticket_tags_changed", "TagsChanged", { tags_added: ["vip"], tags_removed: [] }],
];

const DELETIONS = [
  ["ticket_soft_deleted", "Ticket Soft Deleted", "deleted"],
  ["ticket_undeleted", "Ticket Undeleted", "present"],
  ["ticket_permanently_deleted", "Ticket Permanently Deleted", "erased"],
] as const;

/** The longest ways of each flow when nothing fails. */
export const SCENARIOS: readonly Scenario[] = [
  scenario("ticket_created", "the ticket moves from another case to the one found", created, {
    links: TO_ANOTHER,
    replies: { "resolve-case": matched, ...handedOver },
  }),
  scenario("ticket_created", "several cases, the agents get a note", created, {
    replies: { "resolve-case": ambiguous, "annotate-ticket": annotated, ...handedOver },
  }),
  scenario("ticket_status_changed", "linked to another case, then captured", solved, {
    links: TO_ANOTHER,
    replies: {
      "resolve-case": matched,
      "capture-conversation": {
        outcome: "captured",
        ticket_id: TICKET,
        messages: 3,
        skipped: 0,
        participants: 2,
        newest: true,
      },
    },
  }),
  scenario("ticket_custom_field_changed", "the number leads to another case", typed, {
    links: TO_ANOTHER,
    replies: { "resolve-case": matched },
  }),
  scenario("ticket_custom_field_changed", "the number leads nowhere", typed, {
    replies: { "resolve-case": nothing("no_candidate"), "annotate-ticket": annotated },
  }),
  scenario("ticket_custom_field_changed", "the number was cleared, two links end", typed, {
    links: TO_TWO,
    replies: { "resolve-case": nothing("nothing_to_look_for") },
  }),
  scenario(
    "ticket_assignment_changed",
    "the assignment is recorded",
    ticketEvent({ type: "Agent Assignment Changed", previous: null, current: "3" }),
    {
      replies: {
        "record-assignment": { outcome: "recorded", ticket_id: TICKET, current: true },
      },
    },
  ),
  scenario("ticket_merged", "the link follows the surviving ticket", merged, {
    links: TO_TWO,
    replies: conversationMerged,
  }),
  scenario("ticket_merged", "two links follow, where a ticket may have several cases", merged, {
    settings: { ...SETTINGS, one_case_per_ticket: false },
    links: TO_TWO,
    replies: conversationMerged,
  }),
  scenario("ticket_merged", "the surviving ticket has a case of its own", merged, {
    links: [...TO_TWO, linkTo(CASE, SURVIVOR)],
    replies: conversationMerged,
  }),
  ...EVENTS.map(([flow, type, members]) =>
    scenario(flow, "the event is recorded", ticketEvent({ type, ...members }), {
      replies: {
        "record-ticket-event": { outcome: "recorded", ticket_id: TICKET, refresh: true },
      },
    }),
  ),
  ...DELETIONS.map(([flow, type, state]) =>
    scenario(flow, `the store records the ticket as ${state}`, ticketEvent({ type }), {
      replies: {
        "record-deletion": { outcome: "recorded", ticket_id: TICKET, state, current: true },
      },
    }),
  ),
  scenario(
    "settings_sync",
    "the server takes the settings over",
    { event_id: "e1" },
    {
      replies: { "apply-settings": { outcome: "applied", revision: 1, problem: "" } },
    },
  ),
  scenario("case_link_requested", "link, away from another case", request("link"), {
    links: TO_ANOTHER,
  }),
  scenario("case_link_requested", "unlink from two cases", request("unlink"), { links: TO_TWO }),
];
