/** Makes an agent of everybody who is seen with the role of one in Zendesk, and has his or her conversations found. */
import type { Kysely, Transaction } from "kysely";
import { prepare } from "#platform/db/prepared";
import type { Database } from "#platform/db/schema";
import { associate } from "./associate.ts";
import type { Locks } from "./recompute.ts";

export interface SeenPerson {
  readonly id: string;
  readonly role?: string | null | undefined;
}

interface NoteDeps {
  readonly newId: () => string;
  readonly now: () => Date;
  /** Makes the job exist when, and only when, the transaction commits. */
  readonly enqueueFind: (trx: Transaction<Database>, job: FindJob) => Promise<void>;
}

/** What `findConversations` needs: an agent whom the directory did not know before. JSON. */
export interface FindJob {
  readonly account: string;
  readonly userId: string;
}

const AGENT_ROLES = ["agent", "admin"];

/** Answers those that were not there. Two transactions that insert one id wait for each other, so ids are in order. */
const insertNew = prepare<{ external_id: string }>(
  "agents_note_seen",
  `with seen as (
    select external_id, agent_id from unnest($2::text[], $3::text[]) as seen (external_id, agent_id)
    where not exists (
      select from agent_ids as known
      where known.account_id = $1 and known.system = 'zendesk' and known.external_id = seen.external_id
    )
  ),
  fresh as (
    insert into agent_ids (account_id, system, external_id, agent_id, joined_at)
    select $1, 'zendesk', external_id, agent_id, $4 from seen order by external_id
    on conflict do nothing returning external_id, agent_id
  ),
  made as (
    insert into agents (account_id, agent_id, available, made_at)
    select $1, agent_id, true, $4 from fresh
  )
  select external_id from fresh`,
);

/**
 * Whoever was an agent once stays in the directory, so what is found does not depend on the order in which roles are seen. To
 * be called after the people were stored, and before the conversation's agents are computed. Messages that a new agent wrote
 * before he or she was known as one are in other conversations too: a job finds them.
 */
export async function noteAgents(
  { newId, now, enqueueFind }: NoteDeps,
  trx: Transaction<Database>,
  account: string,
  people: readonly SeenPerson[],
): Promise<void> {
  const ids = people.flatMap(({ id, role }) => (role && AGENT_ROLES.includes(role) ? [id] : []));
  if (ids.length === 0) return;
  const fresh = await insertNew(trx, [account, ids, ids.map(() => newId()), now()]);
  for (const { external_id: userId } of fresh) await enqueueFind(trx, { account, userId });
}

const PAGE = 200;

/** The job: may run twice, and beside anything else. */
export async function findConversations(
  { db, locks }: { readonly db: Kysely<Database>; readonly locks: Locks },
  { account, userId }: FindJob,
): Promise<void> {
  const rows = await db
    .selectFrom("qa_messages")
    .select("ticket_id")
    .distinct()
    .where("account_id", "=", account)
    .where("author_id", "=", userId)
    .orderBy("ticket_id")
    .execute();
  for (let from = 0; from < rows.length; from += PAGE) {
    const tickets = rows
      .slice(from, from + PAGE)
      .map(({ ticket_id: ticketId }) => ({ account, ticketId }));
    await db.transaction().execute(async (trx) => {
      await locks.tickets(trx, tickets);
      await associate(trx, tickets);
    });
  }
}
