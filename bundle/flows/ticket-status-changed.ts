/** ticket_status_changed: a solved ticket is joined to its case and its conversation is stored. */
import {
  caseLinkName,
  TICKET_CASE_LINK,
  ticketLinkName,
} from "../../actions-server/contract/links.ts";
import { SETTINGS_SCOPE } from "../../actions-server/contract/settings.ts";
import type { FlowResource } from "../../zis/model/bundle.ts";
import { fullAllowance } from "../build/allowance.ts";
import { builtIn, serverCall } from "../build/call.ts";
import { booleanEquals, stringEquals } from "../build/conditions.ts";
import { flow } from "../build/flow.ts";
import { linkOnce } from "../build/link-once.ts";
import { choice, ERROR_PATH, fail, jq, succeed, when } from "../build/states.ts";
import { at, text } from "../build/values.ts";

export const TICKET_STATUS_CHANGED = "ticket_status_changed";

const EVENT = "$.input.ticket_event";
const TICKET_ID = `{{${EVENT}.ticket.id}}` as const;
const subject = `Ticket ${TICKET_ID}`;

/** The event's own identity: all events of one update share sequence.id, each has its position. */
const eventKey = text(`{{${EVENT}.meta.sequence.id}}:{{${EVENT}.meta.sequence.position}}`);

const ticketLink = text(ticketLinkName(TICKET_ID));
const caseLink = text(caseLinkName("{{$.resolved.case_id}}"));

export function ticketStatusChanged(integration: string): FlowResource {
  return flow(TICKET_STATUS_CHANGED, "Solved?", {
    "Solved?": choice({
      why: "Most status changes are not for us; they end here before anything is loaded.",
      branches: [when(stringEquals(`${EVENT}.current`, "solved"), "Allow retries")],
      otherwise: "Not solved",
    }),
    "Not solved": succeed({
      why: "Only a solved ticket is captured.",
      message: `${subject} was not solved: nothing to do.`,
    }),
    "Allow retries": fullAllowance("Load settings"),
    "Load settings": builtIn("zis:common:action:LoadConfig", {
      why: "An administrator changes settings in ZIS Configs; each run reads them anew.",
      subject,
      parameters: { scope: SETTINGS_SCOPE },
      into: "$.settings",
      next: "Enabled?",
    }),
    "Enabled?": choice({
      why: "The administrator's switch.",
      branches: [when(booleanEquals("$.settings.enabled", true), "Match ignored tags")],
      otherwise: "Ignored",
    }),
    "Match ignored tags": jq({
      why: "Choice cannot look into lists: one Boolean says whether a tag is on the ignore list.",
      data: "$",
      expr: "(.input.ticket_event.ticket.tags // []) as $tags | {ignored: ((.settings.ignore_tags // []) | any(. as $tag | $tags | any(. == $tag)))}",
      into: "$.tags",
      next: "Ignored tag?",
      failed: "Tags failed",
    }),
    "Ignored tag?": choice({
      why: "Bulk imports carry a tag and are left alone.",
      branches: [when(booleanEquals("$.tags.ignored", false), "Resolve the case")],
      otherwise: "Ignored",
    }),
    "Tags failed": fail({
      why: "The tags or the ignore list are not lists of text.",
      error: "CaseQA.BadSettings",
      cause: `${subject}: the setting ignore_tags could not be applied: {{${ERROR_PATH}.Cause}}`,
    }),
    Ignored: succeed({
      why: "The settings leave this ticket alone.",
      message: `${subject} is left alone by the settings.`,
    }),
    "Resolve the case": serverCall(integration, "resolve-case", {
      why: "Which Salesforce case belongs to the ticket?",
      subject,
      body: {
        ticket_id: at(`${EVENT}.ticket.id`),
        case_number_field_id: at("$.settings.case_number_field_id"),
        case_external_id_field: at("$.settings.case_external_id_field"),
      },
      into: "$.resolved",
      next: "What was found?",
    }),
    "What was found?": choice({
      why: "Only a single match is linked; the conversation is stored in any case.",
      branches: [
        when(stringEquals("$.resolved.outcome", "matched"), "Link ticket and case"),
        when(stringEquals("$.resolved.outcome", "ambiguous"), "Capture the conversation"),
        when(stringEquals("$.resolved.outcome", "none"), "Capture the conversation"),
        when(stringEquals("$.resolved.outcome", "ticket_not_found"), "Ticket gone"),
      ],
      otherwise: "Unknown answer",
    }),
    "Link ticket and case": linkOnce({
      why: "A ZIS Link says which ticket belongs to which case.",
      subject,
      linkType: TICKET_CASE_LINK,
      left: ticketLink,
      right: caseLink,
      next: "Capture the conversation",
    }),
    "Capture the conversation": serverCall(integration, "capture-conversation", {
      why: "The reviewers see the conversation as soon as the ticket is solved.",
      subject,
      key: eventKey,
      body: { ticket_id: at(`${EVENT}.ticket.id`), case_id: at("$.resolved.case_id") },
      into: "$.captured",
      next: "What was captured?",
    }),
    "What was captured?": choice({
      why: "Stored now, stored soon, or the ticket is gone.",
      branches: [
        when(stringEquals("$.captured.outcome", "captured"), "Done"),
        when(stringEquals("$.captured.outcome", "accepted"), "Done later"),
        when(stringEquals("$.captured.outcome", "ticket_not_found"), "Ticket gone"),
      ],
      otherwise: "Unknown answer",
    }),
    Done: succeed({
      why: "Everything is in place.",
      message: `${subject}: case {{$.resolved.outcome}}, conversation stored.`,
    }),
    "Done later": succeed({
      why: "The server has recorded the work and finishes it itself.",
      message: `${subject}: case {{$.resolved.outcome}}, conversation accepted and stored soon.`,
    }),
    "Ticket gone": succeed({
      why: "A deleted ticket has nothing to capture.",
      message: `${subject} does not exist any more.`,
    }),
    "Unknown answer": fail({
      why: "The server answered an outcome that this bundle does not know: upload the newer bundle.",
      error: "CaseQA.UnknownOutcome",
      cause: `${subject}: the actions server answered an outcome that this bundle does not know.`,
    }),
  });
}
