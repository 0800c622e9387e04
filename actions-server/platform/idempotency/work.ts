/** What a recorded action hands back: its answer, and the effects that must commit with the record. */
import type { Transaction } from "kysely";
import type { Database } from "../db/schema.ts";

export interface Work<A> {
  readonly answer: A;
  /** The effects in our database; without it there are none. */
  readonly commit?: Commit<A>;
  /** False: the answer may be another one soon, so it is not recorded and has no effects. */
  readonly isFinal?: false;
}

/**
 * Runs inside the transaction that completes the record, so that effect and record exist together or not at all; may
 * give another answer. Never does network: the transaction holds locks. May run more than once, in a new transaction
 * each time.
 */
export interface Commit<A> {
  (trx: Transaction<Database>): Promise<A | void>;
  /** How it is done together with others of its kind; without it, it has its transaction to itself. */
  readonly together?: Together<A>;
}

/** Items of one kind are those that have the same `all`. */
export interface Together<A> {
  readonly item: unknown;
  readonly all: (trx: Transaction<Database>, items: readonly unknown[]) => Promise<readonly A[]>;
}

/**
 * Makes commits of an effect that can be done for many requests in as few statements as for one. `all` gets items in no
 * order, takes its locks in one order, and yields an answer for each item at its place. When it fails for several, it is
 * called again for each alone.
 */
export function commitTogether<I, A>(
  all: (trx: Transaction<Database>, items: readonly I[]) => Promise<readonly A[]>,
): (item: I) => Commit<A> {
  // `all` meets no items but those that it was paired with here.
  const untyped = all as Together<A>["all"];
  return (item) =>
    Object.assign(async (trx: Transaction<Database>) => (await all(trx, [item]))[0], {
      together: { item, all: untyped },
    });
}
