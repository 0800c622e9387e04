/** settings_sync: the server takes over the settings, at install, on save and hourly. */
import type { FlowResource } from "#zis/model/bundle";
import { fullAllowance } from "../builders/allowance.ts";
import { serverCall } from "../builders/call.ts";
import { stringEquals } from "../builders/conditions.ts";
import { flow } from "../builders/flow.ts";
import { loadSettings } from "../builders/settings.ts";
import { choice, ERROR_PATH, fail, jq, succeed, when } from "../builders/states.ts";
import { at } from "../builders/values.ts";

const SUBJECT = "Settings";

export function settingsSync(integration: string, name: string): FlowResource {
  return flow(name, "Allow retries", {
    "Allow retries": fullAllowance("Load settings"),
    "Load settings": loadSettings({ subject: SUBJECT, next: "Take the document" }),
    "Take the document": jq({
      why: "Only the document itself goes to the server.",
      data: "$",
      expr: 'if (.input.event_id | type) == "string" and (.input.event_id | test("^[!-~]{1,200}\\\\z")) then {settings: (.settings | del(.ok, .problem)), key: .input.event_id} else error("event_id is not a text of 1 to 200 printable characters") end',
      into: "$.document",
      next: "Apply settings",
      failed: "Bad request",
    }),
    "Bad request": fail({
      why: "The sender must give each event an id of its own.",
      error: "CaseQA.BadEvent",
      cause: `${SUBJECT}: the request is not in the agreed form: {{${ERROR_PATH}.Cause}}`,
    }),
    "Apply settings": serverCall(integration, "apply-settings", {
      why: "The server cannot read ZIS Configs by itself.",
      subject: SUBJECT,
      key: at("$.document.key"),
      body: { settings: at("$.document.settings") },
      into: "$.applied",
      next: "How did it go?",
    }),
    "How did it go?": choice({
      why: "The server keeps the last good settings.",
      branches: [
        when(stringEquals("$.applied.outcome", "applied"), "In force"),
        when(stringEquals("$.applied.outcome", "unchanged"), "In force"),
        when(stringEquals("$.applied.outcome", "outdated"), "Outdated"),
        when(stringEquals("$.applied.outcome", "rejected"), "Rejected"),
      ],
      otherwise: "Unknown answer",
    }),
    "In force": succeed({
      why: "Server and flows agree.",
      message: `${SUBJECT}: revision {{$.applied.revision}} is in force.`,
    }),
    Outdated: succeed({
      why: "A later save was faster.",
      message: `${SUBJECT}: the server already has the newer revision {{$.applied.revision}}.`,
    }),
    Rejected: fail({
      why: "Flow and server must agree on what is right; a newer server may be stricter.",
      error: "CaseQA.BadSettings",
      cause: `${SUBJECT}: the server rejected them: {{$.applied.problem}}`,
    }),
    "Unknown answer": fail({
      why: "The server answered an outcome that this bundle does not know: upload the newer bundle.",
      error: "CaseQA.UnknownOutcome",
      cause: `${SUBJECT}: the actions server answered an outcome that this bundle does not know.`,
    }),
  });
}
