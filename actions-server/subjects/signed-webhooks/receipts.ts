/** Remembers in Postgres which webhook deliveries were accepted, so that none is accepted twice. */
import { sql, type Kysely } from "kysely";
import type { Database } from "#platform/db/schema";

export interface Delivery {
  readonly account: string;
  readonly signature: string;
  readonly invocation: string;
}

type Taken =
  /** This request must handle it, then `markHandled` or `forget`. */
  | "taken"
  /** Another request handles it now. */
  | "in-progress"
  /** It was handled. */
  | "replayed";

export interface WebhookReceipts {
  take(delivery: Delivery): Promise<Taken>;
  /** Records that it was handled; this is final. */
  markHandled(delivery: Delivery): Promise<void>;
  /** Records that it was not handled, so that the sender's next attempt is accepted. */
  forget(delivery: Delivery): Promise<void>;
  /** Removes what expired. Returns how many rows. */
  purge(): Promise<number>;
}

export interface WebhookReceiptsOptions {
  readonly db: Kysely<Database>;
  readonly now: () => Date;
}

/** Longer than Zendesk waits for an answer (12 s), so whoever holds a receipt this long has died. */
const ABANDONED_MS = 15_000;
/** Signatures count for five minutes; an invocation may be sent again later under a new one. */
const KEPT_MS = 24 * 3600 * 1000;

/**
 * A delivery is recognized by its signature, which nobody can change, and by its invocation id, which stays the same when
 * Zendesk signs it again. Sorted, so that two servers lock the rows in the same order.
 */
function receiptsOf({ account, signature, invocation }: Delivery) {
  return { account, receipts: [`invocation:${invocation}`, `signature:${signature}`] };
}

export function createWebhookReceipts({ db, now }: WebhookReceiptsOptions): WebhookReceipts {
  const inMs = (ms: number) => new Date(now().getTime() + ms);
  const rowsOf = ({ account, receipts }: { account: string; receipts: readonly string[] }) =>
    sql<boolean>`account_id = ${account} and receipt = any(${receipts})`;

  return {
    async take(delivery) {
      const rows = receiptsOf(delivery);
      const { account, receipts } = rows;
      const fresh = { taken_at: now(), settled_at: null, expires_at: inMs(KEPT_MS) };
      return db.transaction().execute(async (trx) => {
        const ours = await trx
          .insertInto("webhook_receipts")
          .values(receipts.map((receipt) => ({ account_id: account, receipt, ...fresh })))
          .onConflict((conflict) =>
            conflict
              .columns(["account_id", "receipt"])
              .doUpdateSet(fresh)
              .where((row) =>
                row.or([
                  row("webhook_receipts.expires_at", "<=", now()),
                  row.and([
                    row("webhook_receipts.settled_at", "is", null),
                    row("webhook_receipts.taken_at", "<=", inMs(-ABANDONED_MS)),
                  ]),
                ]),
              ),
          )
          .returning("receipt")
          .execute();
        if (ours.length === receipts.length) return "taken";
        const known = await trx
          .selectFrom("webhook_receipts")
          .select("settled_at")
          .where(rowsOf(rows))
          .execute();
        const isReplay = known.some(({ settled_at }) => settled_at !== null);
        // Recognized by one of the two; from now on by both, or by neither.
        const half = rowsOf({ account, receipts: ours.map(({ receipt }) => receipt) });
        if (isReplay) {
          await trx
            .updateTable("webhook_receipts")
            .set({ settled_at: now() })
            .where(half)
            .execute();
        } else {
          await trx.deleteFrom("webhook_receipts").where(half).execute();
        }
        return isReplay ? "replayed" : "in-progress";
      });
    },
    async markHandled(delivery) {
      await db
        .updateTable("webhook_receipts")
        .set({ settled_at: now() })
        .where(rowsOf(receiptsOf(delivery)))
        .execute();
    },
    async forget(delivery) {
      await db
        .deleteFrom("webhook_receipts")
        .where(rowsOf(receiptsOf(delivery)))
        .where("settled_at", "is", null)
        .execute();
    },
    async purge() {
      const { numDeletedRows } = await db
        .deleteFrom("webhook_receipts")
        .where("expires_at", "<=", now())
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}
