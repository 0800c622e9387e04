/** What a recorded action hands back: its answer, and the effects that must commit with the record. */
import type { Transaction } from "kysely";
import type { Database } from "../db/schema.ts";

export interface Work<A> {
  readonly answer: A;
  /**
   * Runs inside the transaction that completes the record, so that effect and record exist together or not at all;
   * may return another answer. Never does network: the transaction holds locks. May run more than once, in a new
   * transaction each time.
   */
  readonly commit?: (trx: Transaction<Database>) => Promise<A | void>;
}
