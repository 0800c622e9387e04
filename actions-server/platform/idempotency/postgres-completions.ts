/** How records are completed in Postgres together with their effects: one lease alone, or many at once. */
import { sql, type Kysely, type Transaction } from "kysely";
import type { Database } from "../db/schema.ts";
import { keyColumns } from "./postgres-keys.ts";
import type { Answer } from "./record.ts";
import type { Lease } from "./store.ts";
import type { Together } from "./work.ts";

/** One completion of a batch. */
interface Member {
  readonly lease: Lease;
  readonly expiresAt: Date;
  readonly together: Together<Answer>;
}

/** A member whose effects are done. */
interface Settled<M> {
  readonly member: M;
  readonly answer: Answer;
}

/** Parallel arrays for `unnest`: what finds the row of a lease, and only while its fence is the row's. */
function toColumns(leases: readonly Lease[]) {
  return sql.join([
    keyColumns(leases.map(({ key }) => key)),
    sql`${leases.map(({ fence }) => fence)}::bigint[]`,
  ]);
}

/**
 * Which of the leases still hold their keys, by fence: every claim has its own. Their rows are locked, so that no other
 * claim gets in between effects and commit.
 */
async function lockHeld(
  trx: Transaction<Database>,
  leases: readonly Lease[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ fence: string }>`
    select fence from idempotency_records
    where (account_id, operation, key, fence) in (select * from unnest(${toColumns(leases)}))
      and state = 'claimed'
    order by account_id, operation, key for update`.execute(trx);
  return new Set(rows.map(({ fence }) => fence));
}

/** The rows are locked. */
async function record(
  trx: Transaction<Database>,
  settled: readonly Settled<Pick<Member, "lease" | "expiresAt">>[],
): Promise<void> {
  if (settled.length === 0) return;
  await sql`
    update idempotency_records as stored
    set state = 'completed', expires_at = done.expires_at, status = done.status, body = done.body
    from unnest(
      ${toColumns(settled.map(({ member }) => member.lease))},
      ${settled.map(({ member }) => member.expiresAt)}::timestamptz[],
      ${settled.map(({ answer }) => answer.status)}::integer[],
      ${settled.map(({ answer }) => answer.body)}::text[]
    ) as done (account_id, operation, key, fence, expires_at, status, body)
    where stored.account_id = done.account_id and stored.operation = done.operation
      and stored.key = done.key and stored.fence = done.fence`.execute(trx);
}

/** Does the effects of all members, each kind at once. */
export async function settleAll<M extends Pick<Member, "together">>(
  trx: Transaction<Database>,
  members: readonly M[],
): Promise<readonly Settled<M>[]> {
  const kinds = Map.groupBy(members, ({ together }) => together.all);
  const settled: Settled<M>[] = [];
  for (const [all, kind] of kinds) {
    const answers = await all(
      trx,
      kind.map(({ together }) => together.item),
    );
    for (const [at, member] of kind.entries()) {
      const answer = answers[at];
      if (answer === undefined) throw new Error("a commit has to answer every item");
      settled.push({ member, answer });
    }
  }
  return settled;
}

/** Record and effects of one lease in a transaction of their own; undefined when the lease is lost. */
export function completeAlone(
  db: Kysely<Database>,
  lease: Lease,
  expiresAt: Date,
  settle: (trx: Transaction<Database>) => Promise<Answer>,
): Promise<Answer | undefined> {
  return db.transaction().execute(async (trx) => {
    const held = await lockHeld(trx, [lease]);
    if (!held.has(lease.fence)) return undefined;
    const answer = await settle(trx);
    await record(trx, [{ member: { lease, expiresAt }, answer }]);
    return answer;
  });
}

/** Records and effects of all members whose leases hold, in one transaction; undefined for the others. */
export function completeTogether(
  db: Kysely<Database>,
  members: readonly Member[],
): Promise<readonly (Answer | undefined)[]> {
  return db.transaction().execute(async (trx) => {
    const held = await lockHeld(
      trx,
      members.map(({ lease }) => lease),
    );
    const settled = await settleAll(
      trx,
      members.filter(({ lease }) => held.has(lease.fence)),
    );
    await record(trx, settled);
    const answers = new Map(settled.map(({ member, answer }) => [member.lease.fence, answer]));
    return members.map(({ lease }) => answers.get(lease.fence));
  });
}
