/** How long background work leaves an endpoint alone that refuses its calls: the more often, the longer. */
import { endpointOf } from "./endpoint.ts";
import { retryAfterSeconds } from "./retry.ts";
import type { OutboundRequest, OutboundResult } from "./send.ts";

interface Refusals {
  /** Milliseconds that the call has to wait; 0: none. Only background work waits: flows and agents repeat as `retry.ts` says. */
  waitMs(outgoing: OutboundRequest): number;
  record(outgoing: OutboundRequest, result: OutboundResult): void;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 120_000;
const MOST_ENDPOINTS = 500;

/**
 * Milliseconds after the last of `refused` refusals: what the reply asked for, or an interval that doubles, whichever is
 * longer. A refusal counts even while the remaining requests seem many: accounts have limits that no header tells of.
 */
export function refusalWaitMs(refused: number, askedSeconds: number, random: number): number {
  const interval = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(refused - 1, 20));
  // Half of it is random, so that servers do not return together.
  const jitter = (random * interval) / 2;
  return Math.max(askedSeconds * 1_000 + jitter, interval / 2 + jitter);
}

export function createRefusals(monotonicMs: () => number, random: () => number): Refusals {
  const states = new Map<string, { readonly refused: number; readonly untilMs: number }>();

  return {
    waitMs(outgoing) {
      if (outgoing.priority !== "backfill") return 0;
      return Math.max(0, (states.get(endpointOf(outgoing))?.untilMs ?? 0) - monotonicMs());
    },
    record(outgoing, result) {
      if (outgoing.priority !== "backfill" || result.kind !== "reply") return;
      const endpoint = endpointOf(outgoing);
      const { refused = 0, untilMs = 0 } = states.get(endpoint) ?? {};
      if (result.status !== 429) {
        // One success does not undo a row of refusals.
        if (refused > 0) states.set(endpoint, { refused: refused - 1, untilMs });
        return;
      }
      if (states.size >= MOST_ENDPOINTS) states.clear();
      const waitMs = refusalWaitMs(refused + 1, retryAfterSeconds(result) ?? 0, random());
      states.set(endpoint, { refused: refused + 1, untilMs: monotonicMs() + waitMs });
    },
  };
}
