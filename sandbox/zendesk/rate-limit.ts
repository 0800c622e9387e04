/** Zendesk's rate limits: fixed windows that count calls, for the account, an endpoint or one ticket. */
import { ZendeskRefusal } from "./errors.ts";

export interface Usage {
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the window ends; at least 1. */
  readonly resetSeconds: number;
}

export interface RateLimiter {
  /** Counts a call under `key`; `undefined` when it is one too many. */
  take(key: string): Usage | undefined;
  /** How long a refused caller has to wait, in whole seconds. */
  retryAfter(): number;
}

export interface RateLimitOptions {
  readonly limit: number;
  readonly windowMs: number;
  readonly now: () => Date;
}

/** Windows are aligned to the clock, as a per-minute quota is; how Zendesk aligns its own is not documented. */
export function createRateLimiter({ limit, windowMs, now }: RateLimitOptions): RateLimiter {
  let window = -1;
  const counts = new Map<string, number>();

  const secondsLeft = () =>
    Math.max(1, Math.ceil((windowMs - (now().getTime() % windowMs)) / 1000));

  return {
    take(key) {
      const current = Math.floor(now().getTime() / windowMs);
      if (current !== window) {
        window = current;
        counts.clear();
      }
      const used = (counts.get(key) ?? 0) + 1;
      if (used > limit) return undefined;
      counts.set(key, used);
      return { limit, remaining: limit - used, resetSeconds: secondsLeft() };
    },
    retryAfter: secondsLeft,
  };
}

/** The headers of every answer of the Support API. */
export function accountHeaders(usage: Usage): Record<string, string> {
  return {
    "x-rate-limit": String(usage.limit),
    "x-rate-limit-remaining": String(usage.remaining),
    "ratelimit-limit": String(usage.limit),
    "ratelimit-remaining": String(usage.remaining),
    "ratelimit-reset": String(usage.resetSeconds),
  };
}

/** The header of an endpoint that has a limit of its own. */
export function endpointHeader(name: string, usage: Usage): Record<string, string> {
  return {
    [`zendesk-ratelimit-${name}`]: `total=${usage.limit}; remaining=${usage.remaining}; resets=${usage.resetSeconds}`,
  };
}

/** Over the account's limit: plain text, not JSON. */
export function accountLimitReached(limit: number, retryAfter: number): ZendeskRefusal {
  return new ZendeskRefusal(429, "Number of allowed API requests per minute exceeded", {
    ...accountHeaders({ limit, remaining: 0, resetSeconds: retryAfter }),
    "retry-after": String(retryAfter),
  });
}

/**
 * Over an endpoint's limit: JSON. The text for incremental exports is on record; those of others are inferred.
 * @param what what was asked for too often, as the text says it
 */
export function endpointLimitReached(
  name: string,
  what: string,
  limit: number,
  retryAfter: number,
): ZendeskRefusal {
  return new ZendeskRefusal(
    429,
    {
      error: "APIRateLimitExceeded",
      description: `Number of allowed ${what} exceeded`,
    },
    {
      ...endpointHeader(name, { limit, remaining: 0, resetSeconds: retryAfter }),
      "retry-after": String(retryAfter),
    },
  );
}
