/** A lock that one process holds while it works for minutes, without a transaction. */
import { sql, type Kysely } from "kysely";
import type { Log } from "../log.ts";
import type { Database } from "./schema.ts";

export type Locked<T> = { readonly kind: "done"; readonly value: T } | { readonly kind: "held" };

/** `held`: another process, or another caller of this one, has it. It ends with the process that holds it. */
export async function withSessionLock<T>(
  db: Kysely<Database>,
  { name, log }: { readonly name: string; readonly log: Log },
  work: () => Promise<T>,
): Promise<Locked<T>> {
  // The lock is the connection's.
  return db.connection().execute(async (held) => {
    const lock = sql<{ locked: boolean }>`
      select pg_try_advisory_lock(hashtextextended(${name}, 0)) as locked`;
    const [row] = (await lock.execute(held)).rows;
    if (row?.locked !== true) return { kind: "held" };
    try {
      return { kind: "done", value: await work() };
    } finally {
      // A broken connection has released the lock; the work's own error is the one to report.
      await sql`select pg_advisory_unlock(hashtextextended(${name}, 0))`
        .execute(held)
        .catch((error: unknown) => log.warn({ err: error, lock: name }, "a lock was lost"));
    }
  });
}
