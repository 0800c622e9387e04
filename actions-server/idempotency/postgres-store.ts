/** Idempotency records in Postgres. */
import { sql, type Kysely, type Transaction } from "kysely";
import type { Database } from "../db/schema.ts";
import { parseRecord, type Answer, type IdempotencyRecord, type RecordKey } from "./record.ts";
import type { ClaimTerms, Completion, IdempotencyStore, Lease } from "./store.ts";

const PURGE_BATCH = 5_000;

function toColumns({ account, operation, key }: RecordKey) {
  return { account_id: account, operation, key };
}

/** The columns of a claim, over a new or an old row. */
function toClaim({ fingerprint, leaseUntil, expiresAt }: ClaimTerms) {
  return {
    fingerprint,
    state: "claimed",
    lease_until: leaseUntil,
    expires_at: expiresAt,
    status: null,
    body: null,
  };
}

/** Of the row that a lease holds: another fence means that the key was claimed again. */
function heldBy({ key, fence }: Lease) {
  return { ...toColumns(key), fence, state: "claimed" };
}

export function createPostgresStore(db: Kysely<Database>): IdempotencyStore {
  async function insertClaim(key: RecordKey, terms: ClaimTerms) {
    return db
      .insertInto("idempotency_records")
      .values({
        ...toColumns(key),
        ...toClaim(terms),
        fence: sql`nextval('idempotency_fence')`,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("fence")
      .executeTakeFirst();
  }

  async function replaceClaim(key: RecordKey, terms: ClaimTerms, seen: IdempotencyRecord) {
    let update = db
      .updateTable("idempotency_records")
      .set({ ...toClaim(terms), fence: sql`nextval('idempotency_fence')` })
      .where((eb) => eb.and({ ...toColumns(key), fence: seen.fence }));
    // Its holder may have renewed or completed it since the look. A corrupt record has no holder.
    if (seen.kind !== "corrupt") {
      update = update.where("state", "=", seen.kind).where("lease_until", "=", seen.leaseUntil);
    }
    return update.returning("fence").executeTakeFirst();
  }

  /** Locks the row, so that no other claim gets in between effects and commit. */
  async function holds(trx: Transaction<Database>, lease: Lease): Promise<boolean> {
    const row = await trx
      .selectFrom("idempotency_records")
      .select("fence")
      .where((eb) => eb.and(heldBy(lease)))
      .forUpdate()
      .executeTakeFirst();
    return row !== undefined;
  }

  async function complete(
    lease: Lease,
    { expiresAt, settle }: Completion,
  ): Promise<Answer | undefined> {
    return db.transaction().execute(async (trx) => {
      if (!(await holds(trx, lease))) return undefined;
      const answer = await settle(trx);
      await trx
        .updateTable("idempotency_records")
        .set({
          state: "completed",
          expires_at: expiresAt,
          status: answer.status,
          body: answer.body,
        })
        .where((eb) => eb.and(heldBy(lease)))
        .execute();
      return answer;
    });
  }

  return {
    async claim(key, terms, seen) {
      const row = await (seen ? replaceClaim(key, terms, seen) : insertClaim(key, terms));
      return row && { key, fence: row.fence };
    },
    async read(key) {
      const row = await db
        .selectFrom("idempotency_records")
        .selectAll()
        .where((eb) => eb.and(toColumns(key)))
        .executeTakeFirst();
      return row && parseRecord({ ...row, leaseUntil: row.lease_until, expiresAt: row.expires_at });
    },
    async renew(lease, leaseUntil) {
      const { numUpdatedRows } = await db
        .updateTable("idempotency_records")
        .set({ lease_until: leaseUntil })
        .where((eb) => eb.and(heldBy(lease)))
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    complete,
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
