/** Finds the Salesforce case of a ticket by the typed number, the ticket's id, or the requester's address. */
import type {
  CaseSummary,
  ResolveCaseReply,
  ResolveCaseRequest,
} from "#contract/actions/resolve-case";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import { typedNumber } from "#contract/settings/ticket-rules";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskReader } from "#remotes/zendesk/reader";
import type { CaseFinder } from "#remotes/salesforce/case-finder";
import { decideMatch, planLookups, type Lookup, type MatchSettings } from "./decide-match.ts";

/** The settings in force of an account; undefined: none were taken over yet. */
export type SettingsOf = (account: string) => Promise<Settings | undefined>;

export interface ResolveCaseDeps {
  readonly zendesk: Pick<ZendeskReader, "ticket">;
  readonly cases: CaseFinder;
  readonly settingsOf: SettingsOf;
}

export interface ResolveCaseContext extends RemoteCall {
  readonly account: string;
}

export interface ResolvedCase {
  readonly reply: ResolveCaseReply;
  /** The text of the ticket's case number field; undefined: it is empty, or the field or ticket does not exist. */
  readonly typedNumber: string | undefined;
}

/** The same function with its dependencies filled in. */
export type ResolveCase<Answer = ResolveCaseReply> = (
  request: ResolveCaseRequest,
  context: ResolveCaseContext,
) => Promise<Answer>;

/**
 * A member of the request comes first, then the settings that the account's flows handed over, which are the defaults of
 * the contract until there are any; a null switches a lookup off. The lookups run one after the other, because the first usually decides and each
 * counts against the org's daily limit. Throws ZENDESK_ and SALESFORCE_ errors.
 */
export async function resolveCase(
  { zendesk, cases, settingsOf }: ResolveCaseDeps,
  request: ResolveCaseRequest,
  { account, ...call }: ResolveCaseContext,
): Promise<ResolvedCase> {
  const ticketId = String(request.ticket_id);
  const found = await zendesk.ticket(ticketId, call);
  if (!found) {
    const reply = { outcome: "ticket_not_found", ticket_id: ticketId, case_id: null } as const;
    return { reply, typedNumber: undefined };
  }
  const applied = saysAll(request) ? undefined : await settingsOf(account);
  const effective = effectiveSettings(request, applied);
  const reply = await lookEverywhere(cases, ticketId, planLookups(found, effective), call);
  return { reply, typedNumber: typedNumber(found.ticket, effective.caseNumberFieldId) };
}

async function lookEverywhere(
  cases: CaseFinder,
  ticketId: string,
  lookups: readonly Lookup[],
  call: RemoteCall,
): Promise<ResolveCaseReply> {
  for (const lookup of lookups) {
    const reply = decideMatch(ticketId, lookup.by, await look(cases, lookup, call));
    if (reply) return reply;
  }
  const reason = lookups.length === 0 ? "nothing_to_look_for" : "no_candidate";
  return { outcome: "none", ticket_id: ticketId, case_id: null, reason };
}

/** The current bundle sends every setting, and then the store is not read. */
function saysAll(request: ResolveCaseRequest): boolean {
  return (
    request.case_number_field_id !== undefined &&
    request.case_external_id_field !== undefined &&
    request.match_order !== undefined
  );
}

export function effectiveSettings(
  request: ResolveCaseRequest,
  applied: Settings = DEFAULT_SETTINGS,
): MatchSettings {
  const {
    case_number_field_id: fieldId = applied.case_number_field_id,
    case_external_id_field: externalIdField = applied.case_external_id_field,
    match_order: matchOrder = applied.match_order,
  } = request;
  return {
    caseNumberFieldId: fieldId === null ? undefined : String(fieldId),
    caseExternalIdField: externalIdField ?? undefined,
    matchOrder,
  };
}

async function look(cases: CaseFinder, lookup: Lookup, call: RemoteCall): Promise<CaseSummary[]> {
  if (lookup.by === "case_number") {
    const [first, ...others] = lookup.numbers;
    return first === undefined ? [] : cases.byNumber([first, ...others], call);
  }
  if (lookup.by === "external_id") {
    return cases.byExternalId(lookup.field, lookup.value, call);
  }
  return cases.openByEmail(lookup.email, call);
}
