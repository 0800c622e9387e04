/** Whether a missing ticket may just be too new: Zendesk may answer 404 for some seconds after a ticket was created. Pure. */

import { readInstant } from "#contract/instant";

/** Seen in the field: seconds (estuary issue 5209). */
export const FRESH_MS = 120_000;

/** An event without a readable time counts as fresh, because events of older bundles have none. */
export function isFresh(occurredAt: string | null | undefined, now: Date): boolean {
  const happenedAt = readInstant(occurredAt ?? "");
  return !happenedAt || now.getTime() - happenedAt.getTime() < FRESH_MS;
}
