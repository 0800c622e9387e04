/** Whether and when a failed flow runs again, whole and from its start. */

/** The first run and three more. Source: the later page on retries and error handling. */
export const MOST_ATTEMPTS = 4;

const LONGEST_RETRY_AFTER = 120;
const FIRST_DELAY = 30;
const LATER_DELAY = 60;

/**
 * Seconds until the next attempt. Source: an earlier page on retries and error handling, which says how
 * long after a 429 (what Retry-After asks for, at most 120 seconds) and after a 500 (30, then 60); that
 * every later delay is 60 is inferred.
 *
 * @param attempt which attempt has failed, from 1
 */
export function retryDelaySeconds(attempt: number, retryAfterSeconds: number | undefined): number {
  if (retryAfterSeconds !== undefined) return Math.min(retryAfterSeconds, LONGEST_RETRY_AFTER);
  return attempt === 1 ? FIRST_DELAY : LATER_DELAY;
}
