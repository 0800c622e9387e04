/** Zendesk's rate limits: fixed windows that count calls, for the account, an endpoint or one ticket. */
import { ZendeskRefusal } from "./errors.ts";

export interface Usage {
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the window ends; at least 1. */
  readonly resetSeconds: number;
}

export interface RateLimiter {
  /** Counts a call (or several) under `key`; `undefined` when that is too many, and then counts none. */
  take(key: string, calls?: number): Usage | undefined;
  /** How many more calls fit under `key` now. */
  left(key: string): number;
  /** How long a refused caller has to wait, in whole seconds. */
  retryAfter(): number;
}

export interface RateLimitOptions {
  /** Asked at every call, so that it may change while calls are counted. */
  readonly limit: () => number;
  readonly windowMs: number;
  readonly now: () => Date;
}

/** Windows are aligned to the clock, as a per-minute quota is; how Zendesk aligns its own is not documented. */
export function createRateLimiter({ limit, windowMs, now }: RateLimitOptions): RateLimiter {
  let window = -1;
  const counts = new Map<string, number>();

  const secondsLeft = () =>
    Math.max(1, Math.ceil((windowMs - (now().getTime() % windowMs)) / 1000));

  function usedBy(key: string): number {
    const current = Math.floor(now().getTime() / windowMs);
    if (current !== window) {
      window = current;
      counts.clear();
    }
    return counts.get(key) ?? 0;
  }

  return {
    take(key, calls = 1) {
      const most = limit();
      const used = usedBy(key) + calls;
      if (used > most) return undefined;
      counts.set(key, used);
      return { limit: most, remaining: most - used, resetSeconds: secondsLeft() };
    },
    left: (key) => Math.max(0, limit() - usedBy(key)),
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

/**
 * Too many calls at once, refused before they reach the account: JSON of another shape, without the account's headers. On record:
 * airbytehq/airbyte issue 14253. Whether it says when to come again is UNVERIFIED; it does not here, which a caller must bear.
 */
export function edgeLimitReached(): ZendeskRefusal {
  return new ZendeskRefusal(429, {
    detail: "Rate limited by Zendesk edge protection",
    status: "429",
    title: "Automated response",
  });
}
