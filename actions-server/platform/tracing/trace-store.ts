/** Tells the steps of an idempotency key as spans: its claim, its completion and the transaction of its effects. */
import type { Settle } from "../idempotency/settle.ts";
import type { IdempotencyStore } from "../idempotency/store.ts";
import type { Tracing } from "./tracing.ts";

/** Effects that share a transaction with other requests' are told under the completion, not by a span of their own. */
function traceSettle(tracing: Tracing, settle: Settle): Settle {
  if (settle.together) return settle;
  return (trx) => tracing.span({ name: "transaction", role: "internal" }, () => settle(trx));
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
        const settle = traceSettle(tracing, completion.settle);
        const answer = await store.complete(lease, { ...completion, settle });
        mark({ "caseqa.lease_lost": answer === undefined });
        return answer;
      }),
    completeUnclaimed: (key, terms, settle) =>
      tracing.span({ name: "idempotency.complete_unclaimed", role: "internal" }, async (mark) => {
        const answer = await store.completeUnclaimed(key, terms, traceSettle(tracing, settle));
        mark({ "caseqa.recorded": answer !== undefined });
        return answer;
      }),
  };
}
