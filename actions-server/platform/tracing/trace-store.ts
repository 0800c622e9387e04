/** Records the steps of an idempotency key as spans: its claim, its completion and the transaction of its effects. */
import type { IdempotencyStore } from "../idempotency/store.ts";
import type { BatchEffect } from "../idempotency/work.ts";
import type { Tracing } from "./tracing.ts";

/** Effects that share a transaction with other requests have no span of their own: they are part of the completion's. */
function traceEffect(tracing: Tracing, effect: BatchEffect): BatchEffect {
  if (effect.kind !== undefined) return effect;
  return {
    ...effect,
    all: (trx, items) =>
      tracing.span({ name: "transaction", role: "internal" }, () => effect.all(trx, items)),
  };
}

export function traceStore(store: IdempotencyStore, tracing: Tracing): IdempotencyStore {
  return {
    ...store,
    claim: (key, terms, seen) =>
      tracing.span({ name: "idempotency.claim", role: "internal" }, async (mark) => {
        const lease = await store.claim(key, terms, seen);
        mark({ "caseqa.claimed": lease !== undefined });
        return lease;
      }),
    complete: (lease, completion) =>
      tracing.span({ name: "idempotency.complete", role: "internal" }, async (mark) => {
        const effect = traceEffect(tracing, completion.effect);
        const answer = await store.complete(lease, { ...completion, effect });
        mark({ "caseqa.lease_lost": answer === undefined });
        return answer;
      }),
    completeUnclaimed: (key, terms, effect) =>
      tracing.span({ name: "idempotency.complete_unclaimed", role: "internal" }, async (mark) => {
        const answer = await store.completeUnclaimed(key, terms, traceEffect(tracing, effect));
        mark({ "caseqa.recorded": answer !== undefined });
        return answer;
      }),
  };
}
