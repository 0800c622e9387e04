/** How records are completed in Postgres together with their effects: all members of a batch in one transaction. */
import type { Kysely, Transaction } from "kysely";
import { prepare } from "../db/prepared.ts";
import type { Database } from "../db/schema.ts";
import { firstOfEachKey, keyColumns } from "./key-columns.ts";
import { toAnswer, toKeyText, type Answer, type RecordKey } from "./record.ts";
import type { Lease, UnclaimedTerms } from "./store.ts";
import type { BatchEffect } from "./work.ts";

interface Member {
  readonly effect: BatchEffect;
}

/** Each kind of effect once for all its members. */
async function settle<M extends Member>(
  trx: Transaction<Database>,
  members: readonly M[],
): Promise<ReadonlyMap<M, Answer>> {
  const settled = new Map<M, Answer>();
  for (const kind of Map.groupBy(members, ({ effect }) => effect.kind).values()) {
    const answers = await kind[0]?.effect.all(
      trx,
      kind.map(({ effect }) => effect.item),
    );
    for (const [at, member] of kind.entries()) {
      const answer = answers?.[at];
      if (answer === undefined) throw new Error("a commit has to answer every item");
      settled.set(member, toAnswer(answer));
    }
  }
  return settled;
}

/** Locks the rows, so that no other claim gets in between effects and commit. By fence: every claim has its own. */
const lockHeld = prepare<Pick<Lease, "fence">>(
  "idempotency_lock_held",
  `select fence from idempotency_records
  where (account_id, operation, key, fence) in (
      select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
    ) and state = 'claimed'
  order by account_id, operation, key for update`,
);

/** The rows are locked. */
const completeHeld = prepare(
  "idempotency_complete_held",
  `update idempotency_records as stored
  set state = 'completed', expires_at = done.expires_at, status = done.status, body = done.body
  from unnest(
    $1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::integer[], $6::text[]
  ) as done (account_id, operation, key, expires_at, status, body)
  where stored.account_id = done.account_id and stored.operation = done.operation
    and stored.key = done.key`,
);

interface ClaimedMember extends Member {
  readonly lease: Lease;
  readonly expiresAt: Date;
}

/** Records and effects of all members whose leases hold; undefined for the others. */
export function completeClaimed(
  db: Kysely<Database>,
  members: readonly ClaimedMember[],
): Promise<readonly (Answer | undefined)[]> {
  return db.transaction().execute(async (trx) => {
    const leases = members.map(({ lease }) => lease);
    const rows = await lockHeld(trx, [
      ...keyColumns(leases.map(({ key }) => key)),
      leases.map(({ fence }) => fence),
    ]);
    const held = new Set(rows.map(({ fence }) => fence));
    const settled = await settle(
      trx,
      members.filter(({ lease }) => held.has(lease.fence)),
    );
    if (settled.size > 0) {
      const [done, answers] = [[...settled.keys()], [...settled.values()]];
      await completeHeld(trx, [
        ...keyColumns(done.map(({ lease }) => lease.key)),
        done.map(({ expiresAt }) => expiresAt),
        answers.map(({ status }) => status),
        answers.map(({ body }) => body),
      ]);
    }
    return members.map((member) => settled.get(member));
  });
}

const insertRecords = prepare<RecordKey>(
  "idempotency_insert_records",
  `insert into idempotency_records (
    account_id, operation, key, fingerprint, lease_until, expires_at, status, body, fence, state
  )
  select account_id, operation, key, fingerprint, expires_at, expires_at, status, body,
    nextval('idempotency_fence'), 'completed'
  from unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::integer[], $7::text[]
  ) as done (account_id, operation, key, fingerprint, expires_at, status, body)
  on conflict do nothing
  returning account_id as account, operation, key`,
);

/** The rows are ours: nobody else has seen them. */
const correctRecords = prepare(
  "idempotency_correct_records",
  `update idempotency_records as stored set status = done.status, body = done.body
  from unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[])
    as done (account_id, operation, key, status, body)
  where stored.account_id = done.account_id and stored.operation = done.operation
    and stored.key = done.key`,
);

export interface UnclaimedMember extends Member {
  readonly key: RecordKey;
  readonly terms: UnclaimedTerms;
}

/**
 * Those whose keys had no record, and now have. Where another transaction is about to record a key, it is waited for:
 * before any effect, hence with no lock but on keys that come earlier in the order.
 */
async function insert(trx: Transaction<Database>, members: readonly UnclaimedMember[]) {
  const news = firstOfEachKey(members);
  const terms = news.map((member) => member.terms);
  const rows = await insertRecords(trx, [
    ...keyColumns(news.map(({ key }) => key)),
    terms.map(({ fingerprint }) => fingerprint),
    terms.map(({ expiresAt }) => expiresAt),
    terms.map(({ expected }) => expected.status),
    terms.map(({ expected }) => expected.body),
  ]);
  if (rows.length === news.length) return news;
  const inserted = new Set(rows.map(toKeyText));
  return news.filter(({ key }) => inserted.has(toKeyText(key)));
}

/** Records and effects of all members; undefined for those whose keys have a record, or come a second time. */
export function completeUnclaimed(
  db: Kysely<Database>,
  members: readonly UnclaimedMember[],
): Promise<readonly (Answer | undefined)[]> {
  return db.transaction().execute(async (trx) => {
    const settled = await settle(trx, await insert(trx, members));
    const wrong = [...settled].filter(([{ terms }, { body }]) => terms.expected.body !== body);
    if (wrong.length > 0) {
      await correctRecords(trx, [
        ...keyColumns(wrong.map(([{ key }]) => key)),
        wrong.map(([, { status }]) => status),
        wrong.map(([, { body }]) => body),
      ]);
    }
    return members.map((member) => settled.get(member));
  });
}
