/** The limits that single endpoints have besides the account's: which they are, and how an answer tells of them. */
import type { FastifyReply } from "fastify";
import { createRateLimiter, endpointHeader, endpointLimitReached } from "./rate-limit.ts";

export interface EndpointLimit {
  /**
   * Counts one call and puts the endpoint's header on the answer.
   * @throws ZendeskRefusal 429 in JSON
   */
  count(reply: FastifyReply): void;
}

interface EndpointLimitOptions {
  /** As in the header `Zendesk-RateLimit-<name>`. */
  readonly name: string;
  /** What is counted, as a refusal says it. */
  readonly what: string;
  /** Asked at every call, so that it may change. */
  readonly limit: () => number;
  readonly windowMs: number;
  readonly now: () => Date;
}

export function createEndpointLimit(options: EndpointLimitOptions): EndpointLimit {
  const { name, what, limit } = options;
  const limiter = createRateLimiter(options);
  return {
    count(reply) {
      const usage = limiter.take(name);
      if (!usage) throw endpointLimitReached(name, what, limit(), limiter.retryAfter());
      void reply.headers(endpointHeader(name, usage));
    },
  };
}
