/** Decides where to look for a ticket's case, and what the cases found mean. Pure. */
import type { CaseSummary, MatchedBy, ResolveCaseReply } from "../contract/resolve-case.ts";
import type { TicketWithUsers } from "../zendesk/reader.ts";
import { caseNumberCandidates } from "./case-numbers.ts";

export interface MatchSettings {
  /** The ticket field that holds a case number; undefined: none does. */
  readonly caseNumberFieldId: string | undefined;
  /** The field of Case that holds the ticket id; undefined: none does. */
  readonly caseExternalIdField: string | undefined;
}

export type Lookup =
  | { readonly by: "case_number"; readonly numbers: readonly [string, ...string[]] }
  | { readonly by: "external_id"; readonly field: string; readonly value: string }
  | { readonly by: "requester_email"; readonly email: string };

/** The lookups that this ticket allows, the surest first. */
export function planLookups(found: TicketWithUsers, settings: MatchSettings): Lookup[] {
  const { ticket, users } = found;
  const lookups: Lookup[] = [];
  const [first, ...others] = typedNumbers(found, settings.caseNumberFieldId);
  if (first !== undefined) lookups.push({ by: "case_number", numbers: [first, ...others] });
  if (settings.caseExternalIdField !== undefined) {
    lookups.push({ by: "external_id", field: settings.caseExternalIdField, value: ticket.id });
  }
  const email = users.find((user) => user.id === ticket.requesterId)?.email?.trim();
  if (email) lookups.push({ by: "requester_email", email });
  return lookups;
}

function typedNumbers({ ticket }: TicketWithUsers, fieldId: string | undefined): string[] {
  const value = ticket.customFields.find((field) => field.id === fieldId)?.value;
  return typeof value === "string" || typeof value === "number"
    ? caseNumberCandidates(String(value))
    : [];
}

const MOST_CANDIDATES = 10;

/** The answer that a lookup's cases give, or undefined: there were none, and the next lookup may tell. */
export function decideMatch(
  ticketId: string,
  matchedBy: MatchedBy,
  found: readonly CaseSummary[],
): ResolveCaseReply | undefined {
  const distinct = [...new Map(found.map((summary) => [summary.id, summary])).values()];
  const [only] = distinct;
  if (only === undefined) return undefined;
  if (distinct.length === 1) {
    return {
      outcome: "matched",
      ticket_id: ticketId,
      case_id: only.id,
      matched_by: matchedBy,
      case: only,
    };
  }
  return {
    outcome: "ambiguous",
    ticket_id: ticketId,
    case_id: null,
    matched_by: matchedBy,
    candidates: distinct.slice(0, MOST_CANDIDATES),
    more: distinct.length > MOST_CANDIDATES,
  };
}
