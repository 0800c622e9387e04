/** Stores the last look-up of each ticket: the only sign here that a flow has handled the ticket's link. */
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import { storableText } from "#platform/db/storable";
import type { Log } from "#platform/log";
import type { ResolveCase, ResolvedCase } from "./resolve-case.ts";

export interface SeenLookUp {
  readonly ticketId: string;
  /** Null: there was no single case. */
  readonly caseId: string | null;
  /** The text of the ticket's case number field; undefined: it is empty, or there is no such field. */
  readonly typedNumber: string | undefined;
  /** Taken before the look-up, so that a change during it counts as later. */
  readonly lookedAt: Date;
}

/** The later of two look-ups is kept. */
export async function rememberLookUp(
  db: Kysely<Database>,
  account: string,
  { ticketId, caseId, typedNumber, lookedAt }: SeenLookUp,
): Promise<void> {
  await db
    .insertInto("case_lookups")
    .values({
      account_id: account,
      ticket_id: ticketId,
      case_id: caseId,
      case_number: typedNumber === undefined ? null : storableText(typedNumber),
      looked_at: lookedAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["account_id", "ticket_id"])
        .doUpdateSet((row) => ({
          case_id: row.ref("excluded.case_id"),
          case_number: row.ref("excluded.case_number"),
          looked_at: row.ref("excluded.looked_at"),
        }))
        .whereRef("case_lookups.looked_at", "<=", "excluded.looked_at"),
    )
    .execute();
}

interface RememberDeps {
  readonly db: Kysely<Database>;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Stores the look-up without delaying the answer. If storing it fails, a sweep asks for the link
 * once more, which changes nothing.
 */
export function rememberingResolve(
  { db, now, log }: RememberDeps,
  resolve: ResolveCase<ResolvedCase>,
): ResolveCase {
  return async (request, context) => {
    const lookedAt = now();
    const { reply, typedNumber } = await resolve(request, context);
    const { ticket_id: ticketId, case_id: caseId, outcome } = reply;
    if (outcome !== "ticket_not_found") {
      const lookUp = { ticketId, caseId, typedNumber, lookedAt };
      rememberLookUp(db, context.account, lookUp).catch((error: unknown) =>
        log.warn({ err: error, ticketId }, "a look-up was not stored"),
      );
    }
    return reply;
  };
}
