/** Idempotency records in Postgres. */
import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { createBatches } from "./batches.ts";
import { prepare } from "../db/prepared.ts";
import { completeClaimed, completeUnclaimed } from "./postgres-completions.ts";
import { firstOfEachKey, keyColumns } from "./key-columns.ts";
import {
  parseRecord,
  toKeyText,
  type IdempotencyRecord,
  type RecordKey,
  type StoredRecord,
} from "./record.ts";
import type { ClaimTerms, IdempotencyStore, Lease } from "./store.ts";
import type { BatchEffect } from "./work.ts";

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

const insertClaims = prepare<RecordKey & Pick<Lease, "fence">>(
  "idempotency_insert_claims",
  `insert into idempotency_records
    (account_id, operation, key, fingerprint, lease_until, expires_at, fence, state)
  select *, nextval('idempotency_fence'), 'claimed'
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
  on conflict do nothing
  returning account_id as account, operation, key, fence`,
);

const selectRecords = prepare<RecordKey & StoredRecord>(
  "idempotency_select_records",
  `select account_id as account, operation, key, fence, fingerprint, state,
    lease_until as "leaseUntil", expires_at as "expiresAt", status, body
  from idempotency_records
  where (account_id, operation, key) in (select * from unnest($1::text[], $2::text[], $3::text[]))`,
);

/**
 * Claims and completions come in batches (batches.ts): a commit costs the same for one row as for a hundred. An effect
 * of no kind has a transaction to itself: with savepoints it could share one too, but its statements would come one after
 * another while all its mates' locks are held.
 */
export function createPostgresStore(db: Kysely<Database>): IdempotencyStore {
  const insertClaim = createBatches(async (claims: readonly NewClaim[]) => {
    const news = firstOfEachKey(claims);
    const rows = await insertClaims(db, [
      ...keyColumns(news.map(({ key }) => key)),
      news.map(({ terms }) => terms.fingerprint),
      news.map(({ terms }) => terms.leaseUntil),
      news.map(({ terms }) => terms.expiresAt),
    ]);
    const fences = new Map(rows.map((row) => [toKeyText(row), row.fence]));
    const leases = new Map(
      news.map((claim) => {
        const fence = fences.get(toKeyText(claim.key));
        return [claim, fence === undefined ? undefined : { key: claim.key, fence }];
      }),
    );
    // A second claim of one key in a batch comes too late, as it would have by itself.
    return claims.map((claim) => leases.get(claim));
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
    const rows = await selectRecords(db, keyColumns(keys));
    const records = new Map(rows.map((row) => [toKeyText(row), parseRecord(row)]));
    return keys.map((key) => records.get(toKeyText(key)));
  });

  /** An effect of no kind is a batch of one. */
  function inBatches<M extends { readonly effect: BatchEffect }, R>(
    run: (db: Kysely<Database>, members: readonly M[]) => Promise<readonly (R | undefined)[]>,
  ) {
    const withOthers = createBatches((members: readonly M[]) => run(db, members));
    return async (member: M) =>
      member.effect.kind === undefined ? (await run(db, [member]))[0] : withOthers(member);
  }

  const complete = inBatches(completeClaimed);
  const completeNew = inBatches(completeUnclaimed);

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
    complete: (lease, completion) => complete({ lease, ...completion }),
    completeUnclaimed: (key, terms, effect) => completeNew({ key, terms, effect }),
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
