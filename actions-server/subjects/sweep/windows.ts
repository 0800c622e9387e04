/** Cuts the time that a first load covers into windows, the newest first. Pure. */

/** By `generated_timestamp`: `since` and `until` are in it. */
export interface LoadWindow {
  readonly since: Date;
  readonly until: Date;
  /** How many tickets Zendesk counts; undefined: it was not asked. */
  readonly tickets?: number;
}

/** No account is older than Zendesk. */
export const ZENDESK_BEGAN = new Date("2007-01-01T00:00:00Z");

/** The calendar months, in UTC, from `since` until now, the newest first. */
export function monthsSince(since: Date, now: Date): LoadWindow[] {
  const windows: LoadWindow[] = [];
  for (let at = since; at < now;) {
    const next = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1));
    windows.push({ since: at, until: next < now ? next : now });
    at = next;
  }
  return windows.toReversed();
}
