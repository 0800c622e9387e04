/** Finds the Salesforce case of a ticket: by the number that an agent typed, by the ticket's id, by the requester's address. */
import type {
  CaseSummary,
  ResolveCaseReply,
  ResolveCaseRequest,
} from "../contract/resolve-case.ts";
import type { Deadline } from "../deadline.ts";
import type { ZendeskReader } from "../zendesk/reader.ts";
import type { CaseFinder } from "./case-finder.ts";
import { decideMatch, planLookups, type Lookup, type MatchSettings } from "./decide-match.ts";

interface ResolveCaseDeps {
  readonly zendesk: ZendeskReader;
  readonly cases: CaseFinder;
  /** What a request leaves out. A null in a request switches its lookup off. */
  readonly defaults: MatchSettings;
}

interface ResolveCaseContext {
  readonly requestId: string;
  readonly deadline: Deadline;
}

/**
 * The lookups go one after the other, because the first mostly decides and each counts against the org's daily
 * limit. Throws ZENDESK_ and SALESFORCE_ errors.
 */
export async function resolveCase(
  { zendesk, cases, defaults }: ResolveCaseDeps,
  request: ResolveCaseRequest,
  { requestId, deadline }: ResolveCaseContext,
): Promise<ResolveCaseReply> {
  const ticketId = String(request.ticket_id);
  const found = await zendesk.ticket(ticketId, { requestId, deadline });
  if (!found) return { outcome: "ticket_not_found", ticket_id: ticketId, case_id: null };
  for (const lookup of planLookups(found, effectiveSettings(request, defaults))) {
    const reply = decideMatch(ticketId, lookup.by, await look(cases, lookup, deadline));
    if (reply) return reply;
  }
  return { outcome: "none", ticket_id: ticketId, case_id: null };
}

function effectiveSettings(request: ResolveCaseRequest, defaults: MatchSettings): MatchSettings {
  const { case_number_field_id: numberField, case_external_id_field: externalField } = request;
  return {
    caseNumberFieldId:
      numberField === undefined
        ? defaults.caseNumberFieldId
        : numberField === null
          ? undefined
          : String(numberField),
    caseExternalIdField:
      externalField === undefined ? defaults.caseExternalIdField : (externalField ?? undefined),
  };
}

function look(cases: CaseFinder, lookup: Lookup, deadline: Deadline): Promise<CaseSummary[]> {
  if (lookup.by === "case_number") return cases.byNumber(lookup.numbers, deadline);
  if (lookup.by === "external_id") {
    return cases.byExternalId(lookup.field, lookup.value, deadline);
  }
  return cases.openByEmail(lookup.email, deadline);
}
