/** Asks the server which case belongs to the ticket, with the settings that decide how it looks. */
import type { MatchedBy } from "#contract/actions/resolve-case";
import { serverCall } from "./call.ts";
import { setting } from "./settings.ts";
import { SUBJECT } from "./ticket-event.ts";
import { at } from "./values.ts";

/** What the server needs to know to look: the ticket, and the settings of the look-up. */
export function lookUp(only?: readonly [MatchedBy, ...MatchedBy[]]) {
  return {
    ticket_id: at("$.ticket.id"),
    case_number_field_id: at(setting("case_number_field_id")),
    case_external_id_field: at(setting("case_external_id_field")),
    match_order: only ? [...only] : at(setting("match_order")),
  };
}

/** The answer is at `$.resolved`; its `case_id` is there in every outcome. */
export function resolveCase<const Target extends string>(
  integration: string,
  options: {
    readonly next: Target;
    readonly only?: readonly [MatchedBy, ...MatchedBy[]];
    readonly orElse?: Target;
  },
) {
  return serverCall(integration, "resolve-case", {
    why: "Which Salesforce case belongs to the ticket?",
    subject: SUBJECT,
    body: lookUp(options.only),
    into: "$.resolved",
    next: options.next,
    ...(options.orElse !== undefined && { orElse: options.orElse }),
  });
}

/** The case of the answer, as a placeholder and for jq. */
export const RESOLVED_CASE = {
  caseId: "{{$.resolved.case_id}}",
  caseIdJq: ".resolved.case_id",
} as const;

/** The end of a flow whose server answers what the bundle does not know. */
export const UNKNOWN_OUTCOME = {
  why: "The server answered an outcome that this bundle does not know: upload the newer bundle.",
  error: "CaseQA.UnknownOutcome",
  cause: `${SUBJECT}: the actions server answered an outcome that this bundle does not know.`,
} as const;
