/** Stores the last look-up of each ticket: the only sign here that a flow has handled the ticket's link. */
import { sql, type Kysely, type Transaction } from "kysely";
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

/** The later of two look-ups is kept; none of a ticket that was erased. */
export async function rememberLookUp(
  db: Kysely<Database>,
  account: string,
  { ticketId, caseId, typedNumber, lookedAt }: SeenLookUp,
): Promise<void> {
  const caseNumber = typedNumber === undefined ? null : storableText(typedNumber);
  await sql`
    insert into case_lookups as known (account_id, ticket_id, case_id, case_number, looked_at)
    select ${account}, ${ticketId}, ${caseId}, ${caseNumber}, ${lookedAt}
    where not exists (
      select from qa_deletions where account_id = ${account} and ticket_id = ${ticketId} and state = 'erased'
    )
    on conflict (account_id, ticket_id) do update set
      case_id = excluded.case_id, case_number = excluded.case_number, looked_at = excluded.looked_at
    where known.looked_at <= excluded.looked_at
  `.execute(db);
}

/** Of a ticket that is erased. */
export async function forgetLookUp(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<void> {
  await trx
    .deleteFrom("case_lookups")
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
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
