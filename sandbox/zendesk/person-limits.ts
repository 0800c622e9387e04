/** The two limits of writing on people: one person's in a minute, the account's in a second. */
import type { UserRecord } from "./model.ts";
import { createRateLimiter, endpointLimitReached } from "./rate-limit.ts";

export interface PersonLimits {
  /**
   * Counts one write on a person.
   * @throws ZendeskRefusal 429, with words that are inferred
   */
  count(user: UserRecord): void;
}

export function createPersonLimits(options: {
  readonly ofPersonPerMinute: () => number;
  readonly perSecond: () => number;
  readonly now: () => Date;
}): PersonLimits {
  const { ofPersonPerMinute, perSecond, now } = options;
  const ofPerson = createRateLimiter({ limit: ofPersonPerMinute, windowMs: 60_000, now });
  const ofAccount = createRateLimiter({ limit: perSecond, windowMs: 1_000, now });
  const refuse = (what: string, limit: number, wait: number) =>
    endpointLimitReached("users-update", what, limit, wait);
  return {
    count({ id }) {
      if (!ofAccount.take("account")) {
        throw refuse("user updates per second", perSecond(), ofAccount.retryAfter());
      }
      if (ofPerson.take(String(id))) return;
      throw refuse("updates of one user per minute", ofPersonPerMinute(), ofPerson.retryAfter());
    },
  };
}
