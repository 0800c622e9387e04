/** Whether a missing ticket may only be too new: Zendesk may answer 404 for some seconds after a ticket was made. Pure. */

import { readInstant } from "#contract/instant";

/** Seen in the field: seconds (estuary issue 5209). */
export const FRESH_MS = 120_000;

/** An event that does not say when it happened, or not readably, counts as fresh: an older bundle's do not. */
export function isFresh(occurredAt: string | null | undefined, now: Date): boolean {
  const happenedAt = readInstant(occurredAt ?? "");
  return !happenedAt || now.getTime() - happenedAt.getTime() < FRESH_MS;
}
