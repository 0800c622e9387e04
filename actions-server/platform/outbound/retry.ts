/** Whether and when a call that may be repeated is sent again. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "../deadline.ts";
import { readHttpDate } from "./http-date.ts";
import { ENDPOINT_WINDOW_SECONDS } from "./limit-headers.ts";
import type {
  Outbound,
  OutboundFailure,
  OutboundReply,
  OutboundRequest,
  OutboundResult,
} from "./send.ts";

const MAX_ATTEMPTS = 5;
const BASE_DELAY_MS = 100;
const MAX_DELAY_MS = 2_000;
/** With less time left, another attempt could only fail. */
const USEFUL_MS = 100;
/** Random, so that callers with the same Retry-After do not return at the same moment. */
const RETRY_AFTER_SPREAD_MS = 250;

interface RetryQuestion {
  /** Attempts made so far, 1 after the first. */
  readonly attempts: number;
  /** What the remote system asked for, when it asked. */
  readonly retryAfterSeconds: number | undefined;
  readonly remainingMs: number;
  /** Between 0 and 1. */
  readonly random: number;
}

/**
 * Milliseconds to wait before the next attempt, or undefined to give up: back-off with full jitter,
 * or the remote system's own Retry-After when that is longer; never a wait that the deadline does not allow.
 */
export function retryDelayMs(question: RetryQuestion): number | undefined {
  if (question.attempts >= MAX_ATTEMPTS) return undefined;
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (question.attempts - 1));
  const backOff = question.random * ceiling;
  const asked = (question.retryAfterSeconds ?? 0) * 1_000;
  const delay =
    asked > 0 ? Math.max(backOff, asked + question.random * RETRY_AFTER_SPREAD_MS) : backOff;
  return delay + USEFUL_MS <= question.remainingMs ? delay : undefined;
}

/**
 * Seconds that a Retry-After header asks for, from 0 up to the longest window of a limit that either platform documents:
 * a number, or a date (RFC 9110), which counts from the reply's own Date. Undefined: it says nothing of use.
 */
export function retryAfterSeconds({ headers }: OutboundReply): number | undefined {
  const value = headers["retry-after"]?.trim() ?? "";
  const isNumber = /^\d+(\.\d+)?$/.test(value);
  const seconds = isNumber ? Number(value) : secondsBetween(headers["date"], value);
  return seconds >= 0 ? Math.min(seconds, ENDPOINT_WINDOW_SECONDS) : undefined;
}

/** NaN: one of them is not a date. */
function secondsBetween(from: string | undefined, to: string): number {
  return ((readHttpDate(to) ?? Number.NaN) - (readHttpDate(from) ?? Number.NaN)) / 1_000;
}

export interface RetryOptions {
  readonly deadline: Deadline;
  readonly random: () => number;
  /** Whether a reply is worth another attempt. */
  readonly isTransient: (reply: OutboundReply) => boolean;
  /** False: a call that failed on the way may have taken effect, and must not do so twice. Default: true. */
  readonly repeatsFailures?: boolean;
}

/** An answer that is too large stays so; what was not sent at all has waited already, or must not wait. */
const FINAL: ReadonlySet<OutboundFailure["reason"]> = new Set([
  "too_large",
  "circuit_open",
  "no_budget",
]);

function mayRepeat({ reason }: OutboundFailure, { repeatsFailures = true }: RetryOptions): boolean {
  return repeatsFailures && !FINAL.has(reason);
}

/** Sends a call until it is answered, or until giving up; answers the last result. */
export async function sendWithRetry(
  outbound: Outbound,
  outgoing: OutboundRequest,
  options: RetryOptions,
): Promise<OutboundResult> {
  const { deadline, random } = options;
  for (let attempts = 1; ; attempts += 1) {
    const result = await outbound.send(outgoing, deadline);
    if (result.kind === "reply" && !options.isTransient(result)) return result;
    if (result.kind === "failed" && !mayRepeat(result, options)) return result;
    const delay = retryDelayMs({
      attempts,
      retryAfterSeconds: result.kind === "reply" ? retryAfterSeconds(result) : undefined,
      remainingMs: deadline.remainingMs(),
      random: random(),
    });
    if (delay === undefined) return result;
    await sleep(delay);
  }
}
