/** ticket_merged: links and the stored conversation follow the ticket that survived the merge. */
import { TICKET_CASE_LINK, ticketLinkName } from "#contract/links";
import type { FlowResource } from "#zis/model/bundle";
import { builtIn, serverCall } from "../builders/call.ts";
import { booleanEquals } from "../builders/conditions.ts";
import { flow } from "../builders/flow.ts";
import { linkEach, MOST_LINKS, unlinkTicket } from "../builders/link-case.ts";
import { PREAMBLE_START, ticketPreamble } from "../builders/preamble.ts";
import { choice, ERROR_PATH, fail, jq, succeed, when } from "../builders/states.ts";
import { EVENT_KEY, SUBJECT, TICKET_ID } from "../builders/ticket-event.ts";
import { at, text } from "../builders/values.ts";

export const TICKET_MERGED = "ticket_merged";

/** The last survivor of a chain of merges, which the server knows whatever the order of the events. */
const TARGET_ID = "{{$.merged.target_ticket_id}}";
const target = text(ticketLinkName(TARGET_ID));

const MOVING = `(.source_links.links // [] | map(.right_object.name)) as $from
| (.target_links.links // [] | map(.right_object.name)) as $to | .merged.target_ticket_id as $id
| (if .settings.one_case_per_ticket | not then $from - $to elif $to == [] then $from[0:1] else [] end)
| [.[] | {ticket: ("${ticketLinkName("")}" + $id), ticket_id: $id, case: .}][0:${MOST_LINKS}]`;

export function ticketMerged(integration: string): FlowResource {
  return flow(TICKET_MERGED, PREAMBLE_START, {
    ...ticketPreamble("Read the target"),
    "Read the target": jq({
      why: "The surviving ticket; it is not documented that the event names it, so it may be missing.",
      data: "$.input.ticket_event",
      expr: '(.ticket.id | tostring) as $merged | {id: (.target_ticket_id // "" | tostring)} | . + {known: ((.id | test("^[1-9][0-9]{0,18}\\\\z")) and .id != $merged)}',
      into: "$.target",
      next: "Target known?",
      failed: "Unreadable",
    }),
    "Target known?": choice({
      why: "Without the target nothing can follow it.",
      branches: [when(booleanEquals("$.target.known", true), "Merge the conversation")],
      otherwise: "No target",
    }),
    "No target": succeed({
      why: "Zendesk names the survivor nowhere else, so a sweep cannot repair this.",
      message: `${SUBJECT} was merged, but the event does not say into which other ticket.`,
    }),
    Unreadable: fail({
      why: "The event is not in the documented form.",
      error: "CaseQA.BadEvent",
      cause: `${SUBJECT}: the merge could not be read: {{${ERROR_PATH}.Cause}}`,
    }),
    "Merge the conversation": serverCall(integration, "merge-conversation", {
      why: "Reviewers find the stored conversation at the surviving ticket.",
      subject: SUBJECT,
      key: EVENT_KEY,
      body: { ticket_id: at("$.ticket.id"), target_ticket_id: at("$.target.id") },
      into: "$.merged",
      next: "Links of the merged",
    }),
    "Links of the merged": builtIn("zis:common:action:LoadLinks", {
      why: "Which case was the merged ticket linked to?",
      subject: SUBJECT,
      parameters: {
        link_type: TICKET_CASE_LINK,
        left_object_name: text(ticketLinkName(TICKET_ID)),
        page_size: 100,
      },
      into: "$.source_links",
      next: "Links of the survivor",
    }),
    "Links of the survivor": builtIn("zis:common:action:LoadLinks", {
      why: "A case of its own wins over the merged ticket's.",
      subject: SUBJECT,
      parameters: { link_type: TICKET_CASE_LINK, left_object_name: target, page_size: 100 },
      into: "$.target_links",
      next: "Choose what moves",
    }),
    "Choose what moves": jq({
      why: "A ticket that has one case keeps its own; else every case that it lacks moves, as many as fit into the flow's time.",
      data: "$",
      expr: MOVING,
      into: "$.moving",
      next: "Link the survivor",
      failed: "Unreadable",
    }),
    "Link the survivor": linkEach({
      subject: SUBJECT,
      items: "$.moving",
      again: "Links of the survivor",
      next: "End the old links",
    }),
    "End the old links": unlinkTicket({ subject: SUBJECT, ticketId: TICKET_ID, next: "Done" }),
    Done: succeed({
      why: "Nothing points to the merged ticket any more.",
      message: `${SUBJECT} was merged into ticket ${TARGET_ID}; conversation and links followed, two links at most in one run.`,
    }),
  });
}
