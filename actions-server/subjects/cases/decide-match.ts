/** Decides where to look for a ticket's case, and what the cases found mean. Pure. */
import { typedNumber } from "#contract/settings/ticket-rules";
import type { CaseSummary, MatchedBy, ResolveCaseReply } from "#contract/actions/resolve-case";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import { caseNumberCandidates } from "#remotes/salesforce/case-numbers";

export interface MatchSettings {
  /** The ticket field that holds a case number; undefined: none does. */
  readonly caseNumberFieldId: string | undefined;
  /** The field of Case that holds the ticket id; undefined: none does. */
  readonly caseExternalIdField: string | undefined;
  /** The ways to look, the most reliable first; a way that is not listed is not used. */
  readonly matchOrder: readonly MatchedBy[];
}

export type Lookup =
  /** Without numbers: the typed text is not a case number, so it finds no case. */
  | { readonly by: "case_number"; readonly numbers: readonly string[] }
  | { readonly by: "external_id"; readonly field: string; readonly value: string }
  | { readonly by: "requester_email"; readonly email: string };

/** The lookups that this ticket allows, in the order of the settings. Empty: there is nothing to look for. */
export function planLookups(found: TicketWithUsers, settings: MatchSettings): Lookup[] {
  return settings.matchOrder.flatMap((by) => planLookup(found, settings, by) ?? []);
}

function planLookup(
  { ticket, users }: TicketWithUsers,
  { caseNumberFieldId, caseExternalIdField: field }: MatchSettings,
  by: MatchedBy,
): Lookup | undefined {
  if (by === "case_number") {
    const typed = typedNumber(ticket, caseNumberFieldId);
    return typed === undefined ? undefined : { by, numbers: caseNumberCandidates(typed) };
  }
  if (by === "external_id") {
    return field === undefined ? undefined : { by, field, value: ticket.id };
  }
  const email = users.find((user) => user.id === ticket.requesterId)?.email?.trim();
  return email ? { by, email } : undefined;
}

const MOST_CANDIDATES = 10;

/** The answer from the cases that a lookup found. Undefined: it found none, and the next lookup decides. */
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
