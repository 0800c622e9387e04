/** Shows what unsaved settings would do with the tickets that changed last, with real look-ups. */
import type { PreviewReply } from "#contract/routes/cases";
import type { ResolveCaseRequest } from "#contract/actions/resolve-case";
import type { Settings } from "#contract/settings/settings";
import { typedCaseNumber, whyLeftAlone } from "#contract/settings/ticket-rules";
import { AppError } from "#platform/errors";
import type { RemoteCall } from "#platform/outbound/send";
import type { CaseFinder } from "#remotes/salesforce/case-finder";
import { resolveFound } from "./resolve-found.ts";
import type { TicketWithUsers } from "#remotes/zendesk/reader";
import type { RecentTickets } from "#remotes/zendesk/recent-tickets";
import { decidePreview, leaveAlone, type LookUp, type PreviewedTicket } from "./decide-preview.ts";

export interface PreviewDeps {
  readonly recentTickets: RecentTickets;
  readonly cases: CaseFinder;
}

interface Asked {
  readonly account: string;
  readonly settings: Settings;
}

const TICKETS = 10;

/** Changes nothing. Each ticket costs at most as many queries as its look-up. Throws ZENDESK_ errors. */
export async function preview(
  { recentTickets, cases }: PreviewDeps,
  { account, settings }: Asked,
  call: RemoteCall,
): Promise<PreviewReply> {
  const found = await recentTickets(TICKETS, call);
  const tickets: PreviewedTicket[] = [];
  for (const one of found) tickets.push(await previewOne(cases, { account, settings }, one, call));
  return { tickets };
}

async function previewOne(
  cases: CaseFinder,
  { account, settings }: Asked,
  found: TicketWithUsers,
  call: RemoteCall,
): Promise<PreviewedTicket> {
  const { ticket } = found;
  const why = whyLeftAlone(settings, ticket);
  if (why !== null) return leaveAlone(ticket, why);
  const lookUp = await look(cases, found, requestOf(settings, ticket.id), call);
  const byNumber =
    typedCaseNumber(settings, ticket) === undefined
      ? undefined
      : await lookByNumber(cases, settings, found, { lookUp, call });
  return decidePreview({ account, settings, ticket, lookUp, byNumber });
}

function requestOf(settings: Settings, ticketId: string): ResolveCaseRequest {
  const { case_number_field_id, case_external_id_field, match_order } = settings;
  return { ticket_id: ticketId, case_number_field_id, case_external_id_field, match_order };
}

/** A case that was found by its number does not need a second look-up. */
async function lookByNumber(
  cases: CaseFinder,
  settings: Settings,
  found: TicketWithUsers,
  { lookUp, call }: { readonly lookUp: LookUp; readonly call: RemoteCall },
): Promise<LookUp> {
  if (lookUp.outcome === "unavailable") return lookUp;
  if ("matched_by" in lookUp && lookUp.matched_by === "case_number") return lookUp;
  const request = requestOf(settings, found.ticket.id);
  return look(cases, found, { ...request, match_order: ["case_number"] }, call);
}

/** The ticket has already been read, so the look-up does not read it. */
async function look(
  cases: CaseFinder,
  found: TicketWithUsers,
  request: ResolveCaseRequest,
  call: RemoteCall,
): Promise<LookUp> {
  try {
    return (await resolveFound(cases, found, request, { account: "", ...call })).reply;
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith("SALESFORCE_")) {
      return { outcome: "unavailable", refusal: error.retryable ? undefined : error.message };
    }
    throw error;
  }
}
