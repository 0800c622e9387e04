/** Makes a stored conversation follow its ticket's merges to the last survivor. */
import { sql, type Transaction } from "kysely";
import type {
  MergeConversationReply,
  MergeConversationRequest,
} from "#contract/actions/merge-conversation";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { WriteContext } from "#platform/http/handlers";
import type { Work } from "#platform/idempotency/work";
import { changedRow } from "./changed-row.ts";
import type { ConversationAgents } from "./conversation-agents.ts";
import { readDeletion } from "./deletions.ts";
import { lockMerges } from "./ticket-lock.ts";

/**
 * Takes effect with the record of its answer, which names the last survivor. Merges may come in any order and before the
 * conversations that they are about; of a ticket that is erased none is recorded. Throws BAD_REQUEST when the ticket would end up merged into itself.
 */
export async function mergeConversation(
  {
    now,
    associate,
  }: { readonly now: () => Date; readonly associate: ConversationAgents["associate"] },
  request: MergeConversationRequest,
  { account }: Pick<WriteContext, "account">,
): Promise<Work<MergeConversationReply>> {
  const ticketId = String(request.ticket_id);
  const targetId = String(request.target_ticket_id);
  return {
    answer: { outcome: "recorded", ticket_id: ticketId, target_ticket_id: targetId },
    commit: async (trx) => {
      await lockMerges(trx, account);
      const chain = [targetId, ...(await findChain(trx, account, targetId))];
      if (chain.includes(ticketId)) {
        const why = targetId === ticketId ? "that is itself" : `${targetId} was merged into it`;
        throw new AppError(
          "BAD_REQUEST",
          `ticket ${ticketId} cannot be merged into ${targetId}: ${why}`,
        );
      }
      // Its survivor is still the answer: links follow it.
      if ((await readDeletion(trx, account, ticketId))?.state === "erased") {
        return {
          outcome: "recorded",
          ticket_id: ticketId,
          target_ticket_id: chain.at(-1) ?? targetId,
        };
      }
      await recordMerge(trx, { account, ticketId, targetId, recordedAt: now() });
      const followers = await findFollowers(trx, account, ticketId);
      const merged = [ticketId, ...followers];
      await followMerges(trx, account, merged);
      await associate(
        trx,
        merged.map((one) => ({ account, ticketId: one })),
      );
      return {
        outcome: (await isStored(trx, account, ticketId)) ? "merged" : "recorded",
        ticket_id: ticketId,
        target_ticket_id: chain.at(-1) ?? targetId,
      };
    },
  };
}

/** Gives stored conversations their survivor; those of tickets that were not merged stay as they are. */
export async function followMerges(
  trx: Transaction<Database>,
  account: string,
  ticketIds: readonly string[],
): Promise<void> {
  for (const ticketId of ticketIds) {
    const survivorId = (await findChain(trx, account, ticketId)).at(-1);
    if (survivorId === undefined) continue;
    await trx
      .updateTable("qa_conversations")
      .set({ merged_into: survivorId, ...changedRow })
      .where("account_id", "=", account)
      .where("ticket_id", "=", ticketId)
      .where("merged_into", "is distinct from", survivorId)
      .execute();
  }
}

interface Merge {
  readonly account: string;
  readonly ticketId: string;
  readonly targetId: string;
  readonly recordedAt: Date;
}

/** A ticket is merged once, so another target corrects the first one. */
async function recordMerge(
  trx: Transaction<Database>,
  { account, ticketId, targetId, recordedAt }: Merge,
): Promise<void> {
  const target = { target_ticket_id: targetId, recorded_at: recordedAt };
  await trx
    .insertInto("qa_merges")
    .values({ account_id: account, ticket_id: ticketId, ...target })
    .onConflict((conflict) => conflict.columns(["account_id", "ticket_id"]).doUpdateSet(target))
    .execute();
}

/**
 * Forgets where an erased ticket went. Whoever was merged into it is from now on merged into its survivor directly, so
 * that no chain breaks. The account's merges must be locked.
 */
export async function eraseMerges(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<void> {
  const { rows } = await sql<{ target: string }>`
    delete from qa_merges where account_id = ${account} and ticket_id = ${ticketId}
    returning target_ticket_id as target`.execute(trx);
  if (rows[0] === undefined) return;
  await trx
    .updateTable("qa_merges")
    .set({ target_ticket_id: rows[0].target })
    .where("account_id", "=", account)
    .where("target_ticket_id", "=", ticketId)
    .execute();
}

/** The chain of merges from this ticket to its last survivor. A chain has no cycle. */
async function findChain(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive chain (id, step) as (
      select target_ticket_id, 1 from qa_merges
      where account_id = ${account} and ticket_id = ${ticketId}
      union all
      select target_ticket_id, step + 1 from chain
      join qa_merges on account_id = ${account} and ticket_id = chain.id
    )
    select id from chain order by step
  `.execute(trx);
  return rows.map(({ id }) => id);
}

/** Every ticket whose chain passes through this one. */
async function findFollowers(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive followers (id) as (
      select ticket_id from qa_merges
      where account_id = ${account} and target_ticket_id = ${ticketId}
      union all
      select ticket_id from followers
      join qa_merges on account_id = ${account} and target_ticket_id = followers.id
    )
    select id from followers
  `.execute(trx);
  return rows.map(({ id }) => id);
}

async function isStored(
  trx: Transaction<Database>,
  account: string,
  ticketId: string,
): Promise<boolean> {
  const row = await trx
    .selectFrom("qa_conversations")
    .select("ticket_id")
    .where("account_id", "=", account)
    .where("ticket_id", "=", ticketId)
    .executeTakeFirst();
  return row !== undefined;
}
