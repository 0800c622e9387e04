/** case_link_requested: the server asks Zendesk to link or unlink a ticket after accepted work. */
import type { FlowResource } from "#zis/model/bundle";
import { fullAllowance } from "../builders/allowance.ts";
import { booleanEquals, stringEquals } from "../builders/conditions.ts";
import { flow } from "../builders/flow.ts";
import { linkCase, unlinkTicket } from "../builders/link-case.ts";
import { setting, loadSettings } from "../builders/settings.ts";
import { choice, ERROR_PATH, fail, jq, succeed, when } from "../builders/states.ts";

const TICKET_ID = "{{$.request.ticket_id}}";
const SUBJECT = `Ticket ${TICKET_ID}`;

/** Ids as text, an action that is known, and a case where one is needed; else an error that says what is wrong. */
const READ = `if (.ticket_id | tostring | test("^[1-9][0-9]{0,18}\\\\z") | not) then error("ticket_id is not a ticket id")
elif .action == "unlink" then {action, ticket_id: (.ticket_id | tostring), case_id: ""}
elif .action != "link" then error("action is neither link nor unlink")
elif (.case_id | type) != "string" or (.case_id | test("^[a-zA-Z0-9]{18}\\\\z") | not) then error("case_id is not a case id of 18 characters")
else {action, ticket_id: (.ticket_id | tostring), case_id} end`;

export function caseLinkRequested(name: string): FlowResource {
  return flow(name, "Allow retries", {
    "Allow retries": fullAllowance("Read the request"),
    "Read the request": jq({
      why: "The request is ours, but the webhook's address and password could be misused.",
      data: "$.input",
      expr: READ,
      into: "$.request",
      next: "Load settings",
      failed: "Bad request",
    }),
    "Bad request": fail({
      why: "Nothing is done on a request that is not understood.",
      error: "CaseQA.BadEvent",
      cause: `The request is not in the agreed form: {{${ERROR_PATH}.Cause}}`,
    }),
    "Load settings": loadSettings({ subject: SUBJECT, next: "Enabled?" }),
    "Enabled?": choice({
      why: "The administrator's switch.",
      branches: [when(booleanEquals(setting("enabled"), true), "Link or unlink?")],
      otherwise: "Switched off",
    }),
    "Switched off": succeed({
      why: "Nothing was changed.",
      message: `${SUBJECT} is left alone: CaseQA is switched off.`,
    }),
    "Link or unlink?": choice({
      why: "One request, one of two things.",
      branches: [when(stringEquals("$.request.action", "link"), "Link ticket and case")],
      otherwise: "End the links",
    }),
    "Link ticket and case": linkCase({
      subject: SUBJECT,
      ticketId: TICKET_ID,
      caseId: "{{$.request.case_id}}",
      caseIdJq: ".request.case_id",
      next: "Linked",
    }),
    "End the links": unlinkTicket({ subject: SUBJECT, ticketId: TICKET_ID, next: "Unlinked" }),
    Linked: succeed({
      why: "The accepted work is done.",
      message: `${SUBJECT} is linked, as the server asked.`,
    }),
    Unlinked: succeed({
      why: "The accepted work is done.",
      message: `${SUBJECT} lost its links, as the server asked, two at most in one run.`,
    }),
  });
}
