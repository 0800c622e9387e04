/** Counts requests in windows of a minute: in Redis when there is one that answers, else in this process. */
import rateLimit, { normalizeIP } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Redis } from "../redis/connection.ts";

interface Quota {
  readonly limit: number;
  readonly remaining: number;
  /** Until the window ends; at least 1. */
  readonly resetSeconds: number;
  readonly exceeded: boolean;
}

/** Counts one request. */
export type CountRequest = (request: FastifyRequest) => Promise<Quota>;

export interface RateLimitOptions {
  /** What is counted together. */
  readonly keyOf: (request: FastifyRequest) => string;
  readonly perMinute: number;
  /** Undefined: every process counts for itself. */
  readonly redis: Redis | undefined;
}

const WINDOW_MS = 60_000;
/** Counts at most; the one that was not used for longest is forgotten first. */
const COUNTS = 20_000;

/** A key that has lost its end, such as one of a restored Redis, gets one too: it would refuse for ever. */
const COUNT_SCRIPT = `
local count = redis.call('INCR', KEYS[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}`;

/** The address as far as one client holds it: of IPv6, the network of 64 bits. */
export function addressOf({ ip }: FastifyRequest): string {
  return normalizeIP(ip);
}

function toQuota(limit: number, used: number, ttlMs: number): Quota {
  return {
    limit,
    remaining: Math.max(0, limit - used),
    resetSeconds: Math.max(1, Math.ceil(ttlMs / 1000)),
    exceeded: used > limit,
  };
}

/** The plugin's own Redis store would wait for a Redis that is away. Undefined: it gave no answer in time. */
async function countInRedis(
  redis: Redis,
  key: string,
  perMinute: number,
): Promise<Quota | undefined> {
  const reply = await redis.attempt((commands) =>
    commands.eval(COUNT_SCRIPT, 1, `caseqa:rate:${key}`, WINDOW_MS),
  );
  if (!Array.isArray(reply)) return undefined;
  const [used, ttlMs] = reply as [number, number];
  return toQuota(perMinute, used, ttlMs);
}

/** The plugin decorates the scope in which it is registered, hence a scope for each limit. */
async function createCounterHere(
  app: FastifyInstance,
  { keyOf, perMinute }: RateLimitOptions,
): Promise<CountRequest> {
  const made = Promise.withResolvers<CountRequest>();
  await app.register(async (scope) => {
    await scope.register(rateLimit, {
      global: false,
      max: perMinute,
      timeWindow: WINDOW_MS,
      cache: COUNTS,
      keyGenerator: keyOf,
    });
    const count = scope.createRateLimit();
    made.resolve(async (request) => {
      const counted = await count(request);
      if (counted.isAllowed) throw new Error("no request is exempt");
      const { max, remaining, ttl, isExceeded } = counted;
      return toQuota(max, isExceeded ? max + 1 : max - remaining, ttl);
    });
  });
  return made.promise;
}

/** While Redis is away each process has a limit of its own: better than none. */
export async function createRateLimit(
  app: FastifyInstance,
  options: RateLimitOptions,
): Promise<CountRequest> {
  const { keyOf, perMinute, redis } = options;
  const countHere = await createCounterHere(app, options);
  if (!redis) return countHere;
  return async (request) =>
    (await countInRedis(redis, keyOf(request), perMinute)) ?? countHere(request);
}
