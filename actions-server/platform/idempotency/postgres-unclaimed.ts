/** How work that needs no claim is recorded in Postgres: its record comes with its effects, in one transaction. */
import { sql, type Kysely, type Transaction } from "kysely";
import type { Database } from "../db/schema.ts";
import { settleAll } from "./postgres-completions.ts";
import { keyColumns } from "./postgres-keys.ts";
import { toKeyText, type Answer, type RecordKey } from "./record.ts";
import type { UnclaimedTerms } from "./store.ts";
import type { Together } from "./work.ts";

interface Member {
  readonly key: RecordKey;
  readonly terms: UnclaimedTerms;
}

export interface JointMember extends Member {
  readonly together: Together<Answer>;
}

function sortedByKey<M extends Member>(members: readonly M[]): readonly M[] {
  // Two batches that wait for each other's keys would be a deadlock: hence one order everywhere. The first of a key stays.
  const byKey = new Map(members.toReversed().map((member) => [toKeyText(member.key), member]));
  return [...byKey].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, m]) => m);
}

/**
 * Those whose keys had no record, and now have. Where another transaction is about to record a key, it is waited for:
 * before any effect, hence with no lock but on keys that come earlier in the order.
 */
async function insertRecords<M extends Member>(
  trx: Transaction<Database>,
  members: readonly M[],
): Promise<readonly M[]> {
  const sorted = sortedByKey(members);
  const ends = sorted.map(({ terms }) => terms.expiresAt);
  const { rows } = await sql<RecordKey>`
    insert into idempotency_records (
      account_id, operation, key, fingerprint, lease_until, expires_at, status, body, fence, state
    )
    select *, nextval('idempotency_fence'), 'completed' from unnest(
      ${keyColumns(sorted.map(({ key }) => key))},
      ${sorted.map(({ terms }) => terms.fingerprint)}::text[],
      ${ends}::timestamptz[], ${ends}::timestamptz[],
      ${sorted.map(({ terms }) => terms.expected.status)}::integer[],
      ${sorted.map(({ terms }) => terms.expected.body)}::text[]
    ) on conflict do nothing
    returning account_id as account, operation, key`.execute(trx);
  if (rows.length === sorted.length) return sorted;
  const inserted = new Set(rows.map(toKeyText));
  return sorted.filter(({ key }) => inserted.has(toKeyText(key)));
}

interface Settled {
  readonly member: Member;
  readonly answer: Answer;
}

/** The rows are ours: nobody else has seen them. */
async function correctRecords(
  trx: Transaction<Database>,
  settled: readonly Settled[],
): Promise<void> {
  const wrong = settled.filter(
    ({ member: { terms }, answer }) =>
      terms.expected.body !== answer.body || terms.expected.status !== answer.status,
  );
  if (wrong.length === 0) return;
  await sql`
    update idempotency_records as stored set status = done.status, body = done.body
    from unnest(
      ${keyColumns(wrong.map(({ member }) => member.key))},
      ${wrong.map(({ answer }) => answer.status)}::integer[],
      ${wrong.map(({ answer }) => answer.body)}::text[]
    ) as done (account_id, operation, key, status, body)
    where stored.account_id = done.account_id and stored.operation = done.operation
      and stored.key = done.key`.execute(trx);
}

/** Undefined: the key has a record. */
export function completeUnclaimedAlone(
  db: Kysely<Database>,
  member: Member,
  settle: (trx: Transaction<Database>) => Promise<Answer>,
): Promise<Answer | undefined> {
  return db.transaction().execute(async (trx) => {
    if ((await insertRecords(trx, [member])).length === 0) return undefined;
    const answer = await settle(trx);
    await correctRecords(trx, [{ member, answer }]);
    return answer;
  });
}

/** Undefined for those whose keys have a record, or come a second time. */
export function completeUnclaimedTogether(
  db: Kysely<Database>,
  members: readonly JointMember[],
): Promise<readonly (Answer | undefined)[]> {
  return db.transaction().execute(async (trx) => {
    const settled = await settleAll(trx, await insertRecords(trx, members));
    await correctRecords(trx, settled);
    const answers = new Map<Member, Answer>(settled.map(({ member, answer }) => [member, answer]));
    return members.map((member) => answers.get(member));
  });
}
