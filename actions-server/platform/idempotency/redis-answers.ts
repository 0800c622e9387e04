/** The latest recorded answers in Redis, for all servers. */
import { hash } from "node:crypto";
import type { Redis } from "../redis/connection.ts";
import type { HotAnswers, KeptAnswer } from "./hot-answers.ts";
import { parseRecord, toKeyText, type IdempotencyRecord, type RecordKey } from "./record.ts";

/** Duplicates come within minutes; older ones cost a look. */
const LONGEST_KEPT_MS = 3_600_000;

const digest = (text: string) => hash("sha256", text, "base64url");
const DIGEST_LENGTH = digest("").length;

/**
 * A digest over all that follows, and in it the key that it was kept for: a value that was cut, changed or put under
 * another key is not taken for an answer. It protects from accidents, not from somebody who may write to this Redis.
 */
function toValue(key: RecordKey, { fingerprint, expiresAt, answer }: KeptAnswer): string {
  const members = [toKeyText(key), fingerprint, expiresAt.getTime(), answer.status, answer.body];
  const text = JSON.stringify(members);
  return digest(text) + text;
}

function fromValue(key: RecordKey, value: string): IdempotencyRecord | undefined {
  const text = value.slice(DIGEST_LENGTH);
  if (digest(text) !== value.slice(0, DIGEST_LENGTH)) return undefined;
  // What its digest vouches for was written by toValue.
  const [keyText, fingerprint, expiresAtMs, status, body] = JSON.parse(text) as [
    string,
    string,
    number,
    number,
    string,
  ];
  if (keyText !== toKeyText(key)) return undefined;
  const expiresAt = new Date(expiresAtMs);
  const record = parseRecord({
    fence: "0",
    fingerprint,
    state: "completed",
    leaseUntil: expiresAt,
    expiresAt,
    status,
    body,
  });
  return record.kind === "completed" ? record : undefined;
}

export function createRedisAnswers(redis: Redis, now: () => Date): HotAnswers {
  const toName = (key: RecordKey) => `caseqa:answer:1:${digest(toKeyText(key))}`;
  return {
    async find(key) {
      const value = await redis.attempt((commands) => commands.get(toName(key)));
      return typeof value === "string" ? fromValue(key, value) : undefined;
    },
    keep(key, kept) {
      const keptMs = Math.min(LONGEST_KEPT_MS, kept.expiresAt.getTime() - now().getTime());
      if (keptMs <= 0) return;
      const value = toValue(key, kept);
      void redis.attempt((commands) => commands.set(toName(key), value, "PX", Math.ceil(keptMs)));
    },
  };
}
