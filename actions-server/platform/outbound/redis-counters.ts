/** Counts what all instances take of each limit, in Redis; in this process alone while Redis is away. */
import { Type } from "typebox";
import type { Redis } from "../redis/connection.ts";
import {
  ARRIVES_MS,
  lastsMs,
  RESET_GRAIN_MS,
  type BudgetCounters,
  type Turn,
  type WindowKind,
} from "./budget-counters.ts";
import { FORGET_WINDOWS, HOLD_WINDOWS, PROJECTED_FROM, WATCHED_FROM } from "./others-use.ts";
import { replyShape } from "./reply-shape.ts";

/**
 * `next_window(in_flight, at_once)`: the rules of `next` and `begun` in `budget-counters.ts`, and of `afterWindow` in
 * `others-use.ts`. KEYS: the window, the pause before a probe, what is kept of past windows. ARGV of every script begins with: how
 * long a new window lasts, the longest one, the pause, whether it rolls.
 */
const NEXT_WINDOW = `
local window, pause, past = KEYS[1], KEYS[2], KEYS[3]
local new_ms, longest_ms, pause_ms, rolling = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4] == "1"
local clock = redis.call("TIME")
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function use_of()
  local kept = redis.call("HMGET", past, "held", "age", "p_others", "p_watched")
  local held, age, others = tonumber(kept[1]), tonumber(kept[2] or 0), tonumber(kept[3])
  if not others then return held, age end
  if kept[4] ~= "1" then
    if others * 2 > (held or 0) then return math.max(held or 0, others), 0 end
    return held, age
  end
  if not held or others >= held then return others, 0 end
  if others * 2 > held then return math.ceil((held + others) / 2), 0 end
  if age >= ${HOLD_WINDOWS} then held = math.max(others, math.floor(held / 2)) end
  return held, age + 1
end
local function note_others(prefix, taken, limit, left, length)
  local certain = math.max(tonumber(redis.call("HGET", past, prefix .. "certain") or 0), taken)
  local progress = 1 - left / length
  if progress >= ${WATCHED_FROM} then redis.call("HSET", past, prefix .. "watched", 1) end
  local others = certain
  if redis.call("HGET", past, prefix .. "watched") ~= "1" and progress >= ${PROJECTED_FROM} then
    others = math.max(certain, math.min(tonumber(limit), math.ceil(taken / progress)))
  end
  redis.call("HSET", past, prefix .. "certain", certain, prefix .. "others", others)
end
local function next_window(at_once)
  local kept = redis.call("HMGET", past, "others", "watched", "ends", "length", "limit", "granted", "certain")
  local ends, length = tonumber(kept[3]), tonumber(kept[4] or new_ms)
  local held, age = use_of()
  local lasts, new_length = new_ms, new_ms
  redis.call("HDEL", past, "others", "watched", "certain", "held", "age", "p_others", "p_watched", "p_certain")
  if ends and not rolling then
    if at_once then ends = now end
    -- A clock that was set back.
    local idle = math.max(0, now - ends)
    if idle <= ${FORGET_WINDOWS} * length then
      if held then redis.call("HSET", past, "held", held, "age", age) end
      redis.call("HSET", past, "p_others", kept[1] or 0, "p_watched", kept[2] or 0, "p_certain", kept[7] or 0)
      redis.call("HSET", past, "p_ends", ends, "p_length", length, "p_granted", kept[6] or 0)
    end
    if idle < length then lasts, new_length = length - idle, length end
  end
  redis.call("HSET", past, "ends", now + lasts, "length", new_length)
  redis.call("PEXPIRE", past, ${FORGET_WINDOWS + 1} * longest_ms)
  local turn = redis.call("HINCRBY", past, "turn", 1)
  redis.call("HSET", window, "turn", turn)
  if kept[5] then redis.call("HSET", window, "limit", kept[5]) end
  redis.call("PEXPIRE", window, lasts)
end`;

const TAKE = `${NEXT_WINDOW}
local granted = redis.call("HINCRBY", window, "granted", 1)
if redis.call("PTTL", window) < 0 then
  next_window(false)
  redis.call("SET", pause, 1, "NX", "PX", pause_ms)
end
if redis.call("PTTL", window) > longest_ms then redis.call("PEXPIRE", window, longest_ms) end
local rest = redis.call("HMGET", window, "completed", "limit", "remaining", "unreported", "turn")
redis.call("HSET", past, "granted", granted)
local seen = tonumber(redis.call("HGET", window, "seen"))
local held = use_of()
return {granted, tonumber(rest[1] or 0), tonumber(rest[2] or -1), tonumber(rest[3] or -1), tonumber(rest[4] or 0),
  redis.call("PTTL", window), tonumber(rest[5] or 0), held or -1,
  tonumber(redis.call("HGET", past, "length") or new_ms), seen and math.max(0, now - seen) or -1}`;

/** ARGV: the turn. Never below 0, and nothing when the window has ended meanwhile. */
const GIVE_BACK = `
local now = redis.call("HMGET", KEYS[1], "granted", "turn")
if now[2] == ARGV[5] and tonumber(now[1] or 0) > 0 then
  redis.call("HSET", KEYS[3], "granted", redis.call("HINCRBY", KEYS[1], "granted", -1))
end
return 1`;

/** ARGV: the turn, time since it was sent, limit (or `unreported`, or empty), remaining, time to the end (or empty). */
const RECORD = `${NEXT_WINDOW}
redis.call("SET", pause, 1, "PX", pause_ms)
local turn, took, limit, remaining, says = ARGV[5], tonumber(ARGV[6]), ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9])
local known = redis.call("HMGET", window, "turn", "granted", "completed", "remaining", "limit")
local ends_in = redis.call("PTTL", window)
if known[1] ~= turn or ends_in < 0 then
  local before = redis.call("HMGET", past, "turn", "p_ends", "p_length", "p_granted")
  if not remaining or not before[2] or tonumber(before[1] or 0) ~= turn + 1 then return 1 end
  local left = before[2] - now + took
  if (says or 0) - ${RESET_GRAIN_MS} > left + ${RESET_GRAIN_MS} then return 1 end
  note_others("p_", limit - remaining - before[4], limit, left, before[3])
  return 1
end
local granted = tonumber(known[2] or 0)
redis.call("HINCRBY", window, "completed", 1)
if limit == "" then return 1 end
if limit == "unreported" then return redis.call("HSET", window, "unreported", 1) end
local before = tonumber(known[4])
local longer = says and says - ${RESET_GRAIN_MS} - took > ends_in
if longer and not rolling and before and remaining > before then
  granted = math.max(1, granted - tonumber(known[3] or 0))
  redis.call("DEL", window)
  redis.call("HSET", past, "limit", limit)
  next_window(true)
  redis.call("HINCRBY", past, "turn", -1)
  redis.call("HSET", window, "turn", turn, "granted", granted, "completed", 1)
  ends_in, before, known[5] = redis.call("PTTL", window), nil, nil
end
if rolling or not before or remaining < before or known[5] ~= limit then
  redis.call("HSET", window, "remaining", remaining)
end
local seen = math.max(tonumber(redis.call("HGET", window, "seen") or 0), now - took)
redis.call("HSET", window, "limit", limit, "seen", seen)
redis.call("HSET", past, "limit", limit)
local length = tonumber(redis.call("HGET", past, "length") or new_ms)
if says then
  length = math.max(length, says)
  local goes_on = math.max(1, says - math.max(0, took - ${ARRIVES_MS}))
  if rolling or not before or longer or goes_on < ends_in then ends_in = goes_on end
  redis.call("PEXPIRE", window, ends_in)
  redis.call("HSET", past, "length", length, "ends", now + ends_in)
end
note_others("", limit - remaining - granted, limit, ends_in + took, length)
return 1`;

/** ARGV: as for every script. Answers what is left of the pause; 0: it begins anew. */
const PROBE = `
if redis.call("SET", KEYS[2], 1, "NX", "PX", ARGV[3]) then return 0 end
return math.max(1, redis.call("PTTL", KEYS[2]))`;

const readPause = replyShape(Type.Number());
const readTaken = replyShape(Type.Array(Type.Number(), { minItems: 10, maxItems: 10 }));

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
    const all = [windowMs, longestMs, probeMs, rolling ? 1 : 0, ...values];
    // The braces put all keys into one slot of a cluster.
    return redis.attempt<unknown>((commands) =>
      commands.eval(script, 3, window, `{${window}}:pause`, `{${window}}:past`, ...all),
    );
  };
  /** No window of Redis has this number. */
  const turnOf = ({ shared }: Turn) => shared ?? -1;

  return {
    async take(key) {
      const alone = await local.take(key);
      const taken = readTaken(await run(TAKE, key));
      if (!taken.ok) return { ...alone, blind: true };
      const [granted = 0, completed = 0, limit, remaining, unreported, endsInMs = 0, ...kept] =
        taken.value;
      const [turn, held, lengthMs, seenAgoMs] = kept;
      return {
        granted,
        completed,
        limit: known(limit),
        remaining: known(remaining),
        unreported: unreported === 1,
        blind: false,
        endsInMs,
        lengthMs: rolling ? undefined : lengthMs,
        held: rolling ? 0 : known(held),
        seenAgoMs: known(seenAgoMs),
        turn: { local: alone.turn.local, shared: turn },
      };
    },
    async giveBack(key, turn) {
      await local.giveBack(key, turn);
      await run(GIVE_BACK, key, turnOf(turn));
    },
    async record(key, turn, end) {
      await local.record(key, turn, end);
      const { tookMs, report } = end;
      const took = [turnOf(turn), Math.round(tookMs)];
      if (report === undefined || report === "unreported") {
        await run(RECORD, key, ...took, report ?? "", "", "");
        return;
      }
      const { limit, remaining, resetSeconds } = report;
      const saysMs = resetSeconds === undefined ? "" : lastsMs(kind, resetSeconds);
      await run(RECORD, key, ...took, limit, remaining, saysMs);
    },
    async probe(key) {
      const alone = await local.probe(key);
      const waitMs = readPause(await run(PROBE, key));
      return waitMs.ok ? waitMs.value : alone;
    },
  };
}
