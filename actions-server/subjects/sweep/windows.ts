/** Cuts the time that a first load covers into windows, the newest first, and calculates what reading them costs. Pure. */

/** By `generated_timestamp`: `since` and `until` are in it. */
export interface LoadWindow {
  readonly since: Date;
  readonly until: Date;
  /** How many tickets were made in it, as Zendesk counts: about as many as changed in it last. Undefined: not known. */
  readonly tickets: number | undefined;
}

export interface Span {
  readonly from: Date;
  readonly before: Date;
}

/** No account is older than Zendesk. */
export const ZENDESK_BEGAN = new Date("2007-01-01T00:00:00Z");
/** A window costs a call beside its pages, so that months with fewer tickets are joined. */
const FEWEST_TICKETS = 5_000;

/** The calendar years, or months, in UTC, that the time from `from` until `before` is in, cut to it. */
export function calendarSpans({ from, before }: Span, unit: "year" | "month"): Span[] {
  const spans: Span[] = [];
  for (let at = from; at < before;) {
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
    const next = new Date(unit === "year" ? Date.UTC(year + 1, 0) : Date.UTC(year, month + 1));
    spans.push({ from: at, before: next < before ? next : before });
    at = next;
  }
  return spans;
}

/** @param counted neighbouring spans, the oldest first; the windows leave no gap between them */
export function windowsOf(counted: readonly (Span & { readonly tickets: number })[]): LoadWindow[] {
  const windows: LoadWindow[] = [];
  let open: (LoadWindow & { readonly tickets: number }) | undefined;
  for (const { from, before, tickets } of counted.toReversed()) {
    open = { since: from, until: open?.until ?? before, tickets: (open?.tickets ?? 0) + tickets };
    if (open.tickets < FEWEST_TICKETS) continue;
    windows.push(open);
    open = undefined;
  }
  return open ? [...windows, open] : windows;
}

/** The months of an account whose tickets cannot be counted, of which the first changed then: the newest first. */
export function uncountedWindows({ from, before }: Span, first: Date): LoadWindow[] {
  const months = calendarSpans({ from: first > from ? first : from, before }, "month");
  return months
    .map((month, at) => ({
      since: at === 0 ? from : month.from,
      until: month.before,
      tickets: undefined,
    }))
    .toReversed();
}

export interface LoadLimits {
  /** Requests a minute that the account's limit leaves to background work. */
  readonly account: number;
  /** The same of the export's own limit. */
  readonly exports: number;
}

export interface LoadWork {
  readonly exportCalls: number;
  /** Each ticket whose messages are read is a call for itself, and one for its comments. */
  readonly messageTickets: number;
}

const CALLS_OF_A_TICKET = 2;

/** Both go on at the same time, and exports count against the account's limit too. */
export function hoursOf({ exportCalls, messageTickets }: LoadWork, limits: LoadLimits): number {
  const allCalls = exportCalls + messageTickets * CALLS_OF_A_TICKET;
  const minutes = Math.max(exportCalls / limits.exports, allCalls / limits.account);
  return Math.ceil((minutes / 60) * 100) / 100;
}

/** Calls that read a window of so many tickets: a page more than it fills, for what its last one shows is over. */
export const exportCallsOf = (tickets: number, pageSize: number) =>
  Math.ceil(tickets / pageSize) + 1;
