/** The effects of an action's work, alone in a transaction of the test's. */
import type { Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import type { Work } from "#platform/idempotency/work";

/** Resolves with the answer that the effects settle on; undefined when there are none or they leave it as it is. */
export async function runCommit<A>(
  { commit }: Work<A>,
  trx: Transaction<Database>,
): Promise<A | void> {
  if (commit === undefined || typeof commit === "function") return commit?.(trx);
  const [answer] = await commit.all(trx, [commit.item]);
  return answer as A;
}
