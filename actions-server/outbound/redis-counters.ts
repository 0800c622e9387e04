/** Counts what all instances take of each limit, in Redis; in this process alone while Redis is away. */
import { Type } from "typebox";
import type { Redis } from "../redis/connection.ts";
import type { BudgetCounters, WindowKind } from "./budget-counters.ts";
import { replyShape } from "./reply-shape.ts";

/** KEYS: the window. ARGV: how long a new one lasts. */
const TAKE = `
local granted = redis.call("HINCRBY", KEYS[1], "granted", 1)
if redis.call("PTTL", KEYS[1]) < 0 then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
local rest = redis.call("HMGET", KEYS[1], "completed", "limit", "remaining", "untold")
return {granted, tonumber(rest[1] or 0), tonumber(rest[2] or -1), tonumber(rest[3] or -1),
  tonumber(rest[4] or 0), redis.call("PTTL", KEYS[1])}`;

/** Never below 0, and nothing when the window has ended meanwhile. */
const GIVE_BACK = `
if tonumber(redis.call("HGET", KEYS[1], "granted") or 0) > 0 then
  redis.call("HINCRBY", KEYS[1], "granted", -1)
end
return 1`;

/** ARGV: how long a new window lasts, limit (or `untold`, or empty), remaining, time to its end, whether it is rolling. */
const SETTLE = `
redis.call("HINCRBY", KEYS[1], "completed", 1)
if redis.call("PTTL", KEYS[1]) < 0 then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
if ARGV[2] == "" then return 1 end
if ARGV[2] == "untold" then return redis.call("HSET", KEYS[1], "untold", 1) end
redis.call("HSET", KEYS[1], "limit", ARGV[2])
local known = redis.call("HGET", KEYS[1], "remaining")
if ARGV[5] == "1" or not known or tonumber(ARGV[3]) < tonumber(known) then
  redis.call("HSET", KEYS[1], "remaining", ARGV[3])
end
if ARGV[4] ~= "" then redis.call("PEXPIRE", KEYS[1], ARGV[4]) end
return 1`;

const readTaken = replyShape(Type.Array(Type.Number(), { minItems: 6, maxItems: 6 }));

interface RedisCountersOptions {
  readonly redis: Pick<Redis, "attempt">;
  /** Leads every key: the remote account. */
  readonly prefix: string;
  readonly kind: WindowKind;
  readonly local: BudgetCounters;
}

const told = (value: number | undefined) => (value === undefined || value < 0 ? undefined : value);

/** The local counters are kept too, so that they are warm when Redis goes away. */
export function createRedisCounters(options: RedisCountersOptions): BudgetCounters {
  const { redis, prefix, kind, local } = options;
  const { windowMs, rolling } = kind;
  const run = (script: string, key: string, ...values: readonly (string | number)[]) =>
    redis.attempt<unknown>((commands) =>
      commands.eval(script, 1, `caseqa:budget:${prefix}:${key}`, ...values),
    );

  return {
    async take(key) {
      const alone = await local.take(key);
      const taken = readTaken(await run(TAKE, key, windowMs));
      if (!taken.ok) return { ...alone, blind: true };
      const [granted = 0, completed = 0, limit, remaining, untold, endsInMs = 0] = taken.value;
      return {
        granted,
        completed,
        limit: told(limit),
        remaining: told(remaining),
        untold: untold === 1,
        blind: false,
        endsInMs,
      };
    },
    async giveBack(key) {
      await local.giveBack(key);
      await run(GIVE_BACK, key);
    },
    async settle(key, report) {
      await local.settle(key, report);
      if (report === undefined || report === "untold") {
        await run(SETTLE, key, windowMs, report ?? "");
        return;
      }
      const { limit, remaining, resetSeconds } = report;
      const endsInMs = resetSeconds === undefined ? "" : Math.max(1, resetSeconds) * 1_000;
      await run(SETTLE, key, windowMs, limit, remaining, endsInMs, rolling ? 1 : 0);
    },
  };
}
