/** What a recorded action hands back: its answer, and the effects that must commit with the record. */
import type { Transaction } from "kysely";
import type { Database } from "#platform/db/schema";

export interface Work<A> {
  readonly answer: A;
  /** The effects in our database; without it there are none. */
  readonly commit?: Commit<A> | BatchEffect;
  /** False: the answer may be another one soon, so it is not recorded and has no effects. */
  readonly isFinal?: false;
}

/**
 * Runs inside the transaction that completes the record, so that effect and record exist together or not at all; may
 * give another answer. Never does network: the transaction holds locks. May run more than once, in a new transaction
 * each time.
 */
type Commit<A> = (trx: Transaction<Database>) => Promise<A | void>;

/** What one request adds to an effect that is done for many requests in as few statements as for one. */
export interface BatchEffect {
  /** Items of one kind are done together. Undefined: this one has its transaction to itself. */
  readonly kind: string | undefined;
  readonly item: unknown;
  /** As `Commit`, for all items of the kind: an answer for each, at its place. */
  readonly all: (
    trx: Transaction<Database>,
    items: readonly unknown[],
  ) => Promise<readonly unknown[]>;
}

/**
 * Names an effect that can be done for many requests at once. `all` gets items in no order, takes its locks in one order,
 * and yields an answer for each item at its place. When it fails for several, it is called again for each alone.
 */
export function batchEffect<I, A>(
  kind: string,
  all: (trx: Transaction<Database>, items: readonly I[]) => Promise<readonly A[]>,
): (item: I) => BatchEffect {
  // `all` meets no items but those that it was paired with here.
  const untyped = all as BatchEffect["all"];
  return (item) => ({ kind, item, all: untyped });
}

/** Its items are its answers. */
const recordOnly = batchEffect("record-only", async (_trx, answers) => answers);

/** Work without effects is only recorded, together with others; effects that are not named are a batch of one. */
export function toEffect({ answer, commit }: Work<unknown>): BatchEffect {
  if (commit === undefined) return recordOnly(answer);
  if (typeof commit !== "function") return commit;
  return { kind: undefined, item: answer, all: async (trx) => [(await commit(trx)) ?? answer] };
}
