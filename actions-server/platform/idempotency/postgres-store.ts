/** Idempotency records in Postgres. */
import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { createBatches } from "./batches.ts";
import { completeAlone, completeTogether } from "./postgres-completions.ts";
import { keyColumns } from "./postgres-keys.ts";
import {
  completeUnclaimedAlone,
  completeUnclaimedTogether,
  type JointMember,
} from "./postgres-unclaimed.ts";
import { parseRecord, toKeyText, type IdempotencyRecord, type RecordKey } from "./record.ts";
import type { ClaimTerms, IdempotencyStore, Lease } from "./store.ts";

const PURGE_BATCH = 5_000;

function toColumns({ account, operation, key }: RecordKey) {
  return { account_id: account, operation, key };
}

/** Of the row that a lease holds: another fence means that the key was claimed again. */
function heldBy({ key, fence }: Lease) {
  return { ...toColumns(key), fence, state: "claimed" };
}

interface NewClaim {
  readonly key: RecordKey;
  readonly terms: ClaimTerms;
}

/**
 * Claims and completions come in batches (batches.ts): a commit costs the same for one row as for a hundred. Work
 * that has no effects here, or whose effects can be joined (`Together`), shares a transaction; other work has one to
 * itself: with savepoints it could share one too, but its statements would come one after another while all its mates'
 * locks are held.
 */
export function createPostgresStore(db: Kysely<Database>): IdempotencyStore {
  const insertClaim = createBatches(async (claims: readonly NewClaim[]) => {
    const first = new Map<string, NewClaim>();
    for (const claim of claims) {
      const text = toKeyText(claim.key);
      if (!first.has(text)) first.set(text, claim);
    }
    // In one order everywhere: two batches that wait for each other's keys would be a deadlock.
    const sorted = [...first].toSorted(([left], [right]) => (left < right ? -1 : 1));
    const news = sorted.map(([, claim]) => claim);
    const { rows } = await sql<{ account: string; operation: string; key: string; fence: string }>`
      insert into idempotency_records
        (account_id, operation, key, fingerprint, lease_until, expires_at, fence, state)
      select *, nextval('idempotency_fence'), 'claimed' from unnest(
        ${keyColumns(news.map(({ key }) => key))},
        ${news.map(({ terms }) => terms.fingerprint)}::text[],
        ${news.map(({ terms }) => terms.leaseUntil)}::timestamptz[],
        ${news.map(({ terms }) => terms.expiresAt)}::timestamptz[])
      on conflict do nothing
      returning account_id as account, operation, key, fence`.execute(db);
    const fences = new Map(rows.map((row) => [toKeyText(row), row.fence]));
    // A second claim of one key in a batch comes too late, as it would have by itself.
    return claims.map((claim) => {
      const text = toKeyText(claim.key);
      const fence = first.get(text) === claim ? fences.get(text) : undefined;
      return fence === undefined ? undefined : { key: claim.key, fence };
    });
  });

  async function replaceClaim(
    key: RecordKey,
    { fingerprint, leaseUntil, expiresAt }: ClaimTerms,
    seen: IdempotencyRecord,
  ): Promise<Lease | undefined> {
    let update = db
      .updateTable("idempotency_records")
      .set({
        fingerprint,
        fence: sql`nextval('idempotency_fence')`,
        state: "claimed",
        lease_until: leaseUntil,
        expires_at: expiresAt,
        status: null,
        body: null,
      })
      .where((eb) => eb.and({ ...toColumns(key), fence: seen.fence }));
    // Its holder may have renewed or completed it since the look. A corrupt record has no holder.
    if (seen.kind !== "corrupt") {
      update = update.where("state", "=", seen.kind).where("lease_until", "=", seen.leaseUntil);
    }
    const row = await update.returning("fence").executeTakeFirst();
    return row && { key, fence: row.fence };
  }

  const readRecord = createBatches(async (keys: readonly RecordKey[]) => {
    const rows = await db
      .selectFrom("idempotency_records")
      .selectAll()
      .where(
        sql<boolean>`(account_id, operation, key) in (select * from unnest(${keyColumns(keys)}))`,
      )
      .execute();
    const records = new Map(
      rows.map((row) => {
        const { account_id: account, operation, key } = row;
        const stored = { ...row, leaseUntil: row.lease_until, expiresAt: row.expires_at };
        return [toKeyText({ account, operation, key }), parseRecord(stored)];
      }),
    );
    return keys.map((key) => records.get(toKeyText(key)));
  });

  const completeWithOthers = createBatches((members: Parameters<typeof completeTogether>[1]) =>
    completeTogether(db, members),
  );

  const completeUnclaimedWithOthers = createBatches((members: readonly JointMember[]) =>
    completeUnclaimedTogether(db, members),
  );

  return {
    claim: (key, terms, seen) =>
      seen ? replaceClaim(key, terms, seen) : insertClaim({ key, terms }),
    read: readRecord,
    async renew(lease, leaseUntil) {
      const { numUpdatedRows } = await db
        .updateTable("idempotency_records")
        .set({ lease_until: leaseUntil })
        .where((eb) => eb.and(heldBy(lease)))
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    complete: (lease, { expiresAt, settle }) =>
      settle.together
        ? completeWithOthers({ lease, expiresAt, together: settle.together })
        : completeAlone(db, lease, expiresAt, settle),
    completeUnclaimed: (key, terms, settle) => {
      const { together } = settle;
      return together
        ? completeUnclaimedWithOthers({ key, terms, together })
        : completeUnclaimedAlone(db, { key, terms }, settle);
    },
    async release(lease) {
      await db
        .deleteFrom("idempotency_records")
        .where((eb) => eb.and(heldBy(lease)))
        .execute();
    },
    async purge(now) {
      const { rows } = await sql`
        delete from idempotency_records where ctid = any (array(
          select ctid from idempotency_records
          where expires_at < ${now} and (state <> 'claimed' or lease_until < ${now})
          limit ${PURGE_BATCH} for update skip locked
        )) returning 1`.execute(db);
      return rows.length;
    },
  };
}
