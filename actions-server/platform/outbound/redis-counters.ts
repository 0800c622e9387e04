/** Counts what all instances take of each limit, in Redis; in this process alone while Redis is away. */
import { Type } from "typebox";
import type { Redis } from "../redis/connection.ts";
import { lastsMs, type BudgetCounters, type WindowKind } from "./budget-counters.ts";
import { replyShape } from "./reply-shape.ts";

/** KEYS: the window, the pause before a probe. ARGV: how long a new window lasts, the longest one, the pause. */
const TAKE = `
local granted = redis.call("HINCRBY", KEYS[1], "granted", 1)
local ends = redis.call("PTTL", KEYS[1])
if ends < 0 then
  redis.call("PEXPIRE", KEYS[1], ARGV[1])
  redis.call("SET", KEYS[2], 1, "NX", "PX", ARGV[3])
end
if ends > tonumber(ARGV[2]) then redis.call("PEXPIRE", KEYS[1], ARGV[2]) end
local rest = redis.call("HMGET", KEYS[1], "completed", "limit", "remaining", "unreported")
return {granted, tonumber(rest[1] or 0), tonumber(rest[2] or -1), tonumber(rest[3] or -1),
  tonumber(rest[4] or 0), redis.call("PTTL", KEYS[1])}`;

/** Never below 0, and nothing when the window has ended meanwhile. */
const GIVE_BACK = `
if tonumber(redis.call("HGET", KEYS[1], "granted") or 0) > 0 then
  redis.call("HINCRBY", KEYS[1], "granted", -1)
end
return 1`;

/** ARGV: how long a new window lasts, the pause, limit (or `unreported`, or empty), remaining, time to its end, whether it is rolling. */
const RECORD = `
redis.call("HINCRBY", KEYS[1], "completed", 1)
redis.call("SET", KEYS[2], 1, "PX", ARGV[2])
if redis.call("PTTL", KEYS[1]) < 0 then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
if ARGV[3] == "" then return 1 end
if ARGV[3] == "unreported" then return redis.call("HSET", KEYS[1], "unreported", 1) end
redis.call("HSET", KEYS[1], "limit", ARGV[3])
local known = redis.call("HGET", KEYS[1], "remaining")
if ARGV[6] == "1" or not known or tonumber(ARGV[4]) < tonumber(known) then
  redis.call("HSET", KEYS[1], "remaining", ARGV[4])
end
if ARGV[5] ~= "" then redis.call("PEXPIRE", KEYS[1], ARGV[5]) end
return 1`;

/** KEYS: the window, the pause. ARGV: the pause. Answers what is left of the pause; 0: it begins anew. */
const PROBE = `
if redis.call("SET", KEYS[2], 1, "NX", "PX", ARGV[1]) then return 0 end
return math.max(1, redis.call("PTTL", KEYS[2]))`;

const readPause = replyShape(Type.Number());
const readTaken = replyShape(Type.Array(Type.Number(), { minItems: 6, maxItems: 6 }));

interface RedisCountersOptions {
  readonly redis: Pick<Redis, "attempt">;
  /** Leads every key: the remote account. */
  readonly prefix: string;
  readonly kind: WindowKind;
  readonly local: BudgetCounters;
}

const known = (value: number | undefined) => (value === undefined || value < 0 ? undefined : value);

/** The local counters are kept too, so that they are warm when Redis goes away. */
export function createRedisCounters(options: RedisCountersOptions): BudgetCounters {
  const { redis, prefix, kind, local } = options;
  const { windowMs, longestMs, probeMs, rolling } = kind;
  const run = (script: string, key: string, ...values: readonly (string | number)[]) => {
    const window = `caseqa:budget:${prefix}:${key}`;
    // The braces put both keys into one slot of a cluster.
    return redis.attempt<unknown>((commands) =>
      commands.eval(script, 2, window, `{${window}}:pause`, ...values),
    );
  };

  return {
    async take(key) {
      const alone = await local.take(key);
      const taken = readTaken(await run(TAKE, key, windowMs, longestMs, probeMs));
      if (!taken.ok) return { ...alone, blind: true };
      const [granted = 0, completed = 0, limit, remaining, unreported, endsInMs = 0] = taken.value;
      return {
        granted,
        completed,
        limit: known(limit),
        remaining: known(remaining),
        unreported: unreported === 1,
        blind: false,
        endsInMs,
      };
    },
    async giveBack(key) {
      await local.giveBack(key);
      await run(GIVE_BACK, key);
    },
    async record(key, report) {
      await local.record(key, report);
      if (report === undefined || report === "unreported") {
        await run(RECORD, key, windowMs, probeMs, report ?? "");
        return;
      }
      const { limit, remaining, resetSeconds } = report;
      const endsInMs = resetSeconds === undefined ? "" : lastsMs(kind, resetSeconds);
      await run(RECORD, key, windowMs, probeMs, limit, remaining, endsInMs, rolling ? 1 : 0);
    },
    async probe(key) {
      const alone = await local.probe(key);
      const waitMs = readPause(await run(PROBE, key, probeMs));
      return waitMs.ok ? waitMs.value : alone;
    },
  };
}
