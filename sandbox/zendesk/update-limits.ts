/** The two limits of ticket updates: the account's in a minute, one person's on one ticket in ten. */
import type { FastifyReply } from "fastify";
import type { UserRecord } from "./model.ts";
import {
  createRateLimiter,
  endpointHeader,
  endpointLimitReached,
  type RateLimiter,
} from "./rate-limit.ts";

export interface UpdateLimits {
  /**
   * Counts one update and puts the endpoint's header on the answer.
   * @throws ZendeskRefusal 429
   */
  count(ticketId: number, user: UserRecord, reply: FastifyReply): void;
}

export interface UpdateLimitsOptions {
  readonly perMinute: () => number;
  readonly ofTicketPerTenMinutes: () => number;
  readonly now: () => Date;
}

const MINUTE_MS = 60_000;

function refusal(what: string, limit: number, limiter: RateLimiter): Error {
  return endpointLimitReached("tickets-update", what, limit, limiter.retryAfter());
}

export function createUpdateLimits(options: UpdateLimitsOptions): UpdateLimits {
  const { perMinute, ofTicketPerTenMinutes, now } = options;
  const ofAccount = createRateLimiter({ limit: perMinute, windowMs: MINUTE_MS, now });
  const ofTicket = createRateLimiter({
    limit: ofTicketPerTenMinutes,
    windowMs: 10 * MINUTE_MS,
    now,
  });
  return {
    count(ticketId, user, reply) {
      const usage = ofAccount.take("account");
      if (!usage) throw refusal("ticket update API requests per minute", perMinute(), ofAccount);
      void reply.headers(endpointHeader("tickets-update", usage));
      if (ofTicket.take(`${user.id}:${ticketId}`)) return;
      throw refusal("updates of one ticket in ten minutes", ofTicketPerTenMinutes(), ofTicket);
    },
  };
}
