/** Asks Zendesk what a first load would cost, before it begins. */
import type { SyncPlan } from "#contract/routes/sync";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import { wantsConversation } from "#contract/settings/ticket-rules";
import { AppError } from "#platform/errors";
import type { RemoteCall } from "#platform/outbound/send";
import type { ReadChanged } from "#remotes/zendesk/changed-tickets";
import type { ZendeskCounts } from "#remotes/zendesk/counts";
import { LARGEST_LOADED } from "#remotes/zendesk/page-size";
import {
  calendarSpans,
  exportCallsOf,
  hoursOf,
  uncountedWindows,
  windowsOf,
  type LoadLimits,
  type LoadWindow,
  type Span,
} from "./windows.ts";

export interface PlanDeps {
  readonly counts: ZendeskCounts;
  readonly readChanged: ReadChanged;
  readonly settings: (account: string) => Promise<Settings | undefined>;
  /** What background work may use; `whole`: if nobody else used any. */
  readonly limits: () => { readonly ours: LoadLimits; readonly whole: LoadLimits };
}

/** Counts at the same time. */
const AT_ONCE = 6;
/** Tickets that are looked at to know which part the settings want. */
const SAMPLE = 100;

/**
 * The windows, with what Zendesk counts in each. Where it refuses to search, because the credential may not, they are the
 * months since the first ticket that the export has. Throws ZENDESK_ errors.
 */
export async function planWindows(
  deps: Pick<PlanDeps, "counts" | "readChanged">,
  span: Span,
  call: RemoteCall,
): Promise<LoadWindow[]> {
  try {
    return await countedWindows(deps, span, call);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "ZENDESK_REFUSED") throw error;
    const page = await deps.readChanged({ since: span.from }, 1, call);
    if (page.kind === "too_much") throw page.error;
    return uncountedWindows(span, page.tickets[0]?.ticket.generatedAt ?? span.from);
  }
}

/** By the year first, then by the months of the years that have tickets. */
async function countedWindows(
  { counts }: Pick<PlanDeps, "counts">,
  span: Span,
  call: RemoteCall,
): Promise<LoadWindow[]> {
  const count = (spans: readonly Span[]) => countAll(counts, spans, call);
  const years = await count(calendarSpans(span, "year"));
  const months = years.flatMap((year) => (year.tickets === 0 ? [] : calendarSpans(year, "month")));
  const empty = years.filter(({ tickets }) => tickets === 0);
  const counted = [...empty, ...(await count(months))];
  return windowsOf(counted.toSorted((left, right) => left.from.getTime() - right.from.getTime()));
}

async function countAll(counts: ZendeskCounts, spans: readonly Span[], call: RemoteCall) {
  const found: (Span & { readonly tickets: number })[] = [];
  const left = spans.values();
  const countOn = async () => {
    for (const { from, before } of left) {
      found.push({ from, before, tickets: await counts.ticketsMade(from, before, call) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, countOn));
  return found;
}

/** What a first load would read, and how long it would take. Throws ZENDESK_ errors. */
export async function planLoad(
  deps: PlanDeps,
  account: string,
  span: Span,
  call: RemoteCall,
): Promise<SyncPlan> {
  const windows = await planWindows(deps, span, call);
  const people = await deps.counts.people(call);
  const share = await sampleWanted(deps, account, windows, call);
  const isCounted = windows.every((window) => window.tickets !== undefined);
  const tickets = isCounted
    ? sum(windows.map((window) => window.tickets ?? 0))
    : await deps.counts.highestTicket(call);
  const messageTickets = Math.round(tickets * share);
  const exportCalls = isCounted
    ? sum(windows.map((window) => exportCallsOf(window.tickets ?? 0, LARGEST_LOADED)))
    : exportCallsOf(tickets, LARGEST_LOADED) + windows.length;
  const work = { exportCalls, messageTickets };
  const { ours, whole } = deps.limits();
  return {
    since: span.from.toISOString(),
    until: span.before.toISOString(),
    tickets,
    counted_by: isCounted ? "search" : "highest_id",
    wanted_share: share,
    conversations: messageTickets,
    people,
    calls: {
      "GET /api/v2/incremental/tickets/cursor": exportCalls,
      "GET /api/v2/tickets/{id}": messageTickets,
      "GET /api/v2/tickets/{id}/comments": messageTickets,
    },
    limits: { account: whole.account, incremental_exports: whole.exports },
    ours: { account: ours.account, incremental_exports: ours.exports },
    hours_at_limits: hoursOf(work, whole),
    hours: hoursOf(work, ours),
    hours_until_listed: hoursOf({ exportCalls, messageTickets: 0 }, ours),
    read_lazily: ["messages", "attachments' names"],
    windows: windows.map((window) => ({
      since: window.since.toISOString(),
      until: window.until.toISOString(),
      tickets: window.tickets ?? null,
    })),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** The part of the tickets that the settings want, seen on a page of the middle window: from 0 to 1. */
async function sampleWanted(
  { readChanged, settings }: PlanDeps,
  account: string,
  windows: readonly LoadWindow[],
  call: RemoteCall,
): Promise<number> {
  const middle = windows[Math.floor(windows.length / 2)];
  if (!middle) return 1;
  const page = await readChanged({ since: middle.since }, SAMPLE, call);
  if (page.kind !== "page" || page.tickets.length === 0) return 1;
  const inForce = (await settings(account)) ?? DEFAULT_SETTINGS;
  const wanted = page.tickets.filter(({ ticket }) => wantsConversation(inForce, ticket, account));
  return Math.round((wanted.length / page.tickets.length) * 100) / 100;
}
