/** Computes the associations of all stored conversations anew when the rules change: page by page, in a job. */
import type { Kysely, Transaction } from "kysely";
import type { AgentRule } from "#contract/agents/rules";
import type { Database } from "#platform/db/schema";
import { associate } from "./associate.ts";
import type { TicketRef } from "./read-facts.ts";

export interface Locks {
  /** What is stored of these tickets changes in this transaction only, and `account` waits. */
  readonly tickets: (trx: Transaction<Database>, tickets: readonly TicketRef[]) => Promise<void>;
  /** Nothing that is stored of any ticket of the account changes meanwhile. */
  readonly account: (trx: Transaction<Database>, account: string) => Promise<void>;
}

export interface RulesChange {
  readonly account: string;
  readonly rules: readonly AgentRule[];
  readonly now: Date;
}

/**
 * Puts rules in force. True: the associations have to be computed anew, or are on their way to be. Whoever associates holds
 * the lock of the account, so every transaction does it wholly by the rules before or wholly by those after.
 */
export async function changeRules(
  trx: Transaction<Database>,
  locks: Locks,
  { account, rules, now }: RulesChange,
): Promise<boolean> {
  const before = await readRules(trx, account);
  if (before && sameRules(before.rules, rules)) return before.state === "running";
  await locks.account(trx, account);
  // Another change may have come first.
  const known = await readRules(trx, account);
  const begun = {
    rules: [...rules],
    version: (known?.version ?? 0) + 1,
    state: "running" as const,
    cursor: "",
    tickets_done: 0,
    changed_at: now,
    finished_at: null,
  };
  await trx
    .insertInto("agent_rules")
    .values({ account_id: account, ...begun, computed_at: null })
    .onConflict((conflict) => conflict.column("account_id").doUpdateSet(begun))
    .execute();
  return true;
}

const sameRules = (left: readonly AgentRule[], right: readonly AgentRule[]) =>
  left.toSorted().join() === right.toSorted().join();

/** Undefined: the account has none of its own; the default rules hold. */
export async function readRules(db: Kysely<Database>, account: string) {
  return db
    .selectFrom("agent_rules")
    .selectAll()
    .where("account_id", "=", account)
    .executeTakeFirst();
}

const PAGE = 200;

interface RecomputeDeps {
  readonly db: Kysely<Database>;
  readonly locks: Locks;
  readonly now: () => Date;
}

/**
 * One page, in one transaction with its place. May run twice, at once, or while rules and conversations change: a page that another
 * run has done meanwhile is computed again, with the same result. Returns false when nothing is left to do.
 */
export async function recomputePage(
  { db, locks, now }: RecomputeDeps,
  account: string,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const seen = await readRules(trx, account);
    if (seen?.state !== "running") return false;
    const page = await trx
      .selectFrom("qa_conversations")
      .select("ticket_id")
      .where("account_id", "=", account)
      .where("ticket_id", ">", seen.cursor)
      .orderBy("ticket_id")
      .limit(PAGE)
      .execute();
    const tickets = page.map(({ ticket_id: ticketId }) => ({ account, ticketId }));
    await locks.tickets(trx, tickets);
    await associate(trx, tickets);
    const last = page.at(-1)?.ticket_id;
    const place =
      last === undefined
        ? { state: "finished" as const, finished_at: now(), computed_at: now() }
        : { cursor: last };
    await trx
      .updateTable("agent_rules")
      .set((row) => ({ ...place, tickets_done: row("tickets_done", "+", page.length) }))
      .where("account_id", "=", account)
      .where("version", "=", seen.version)
      .where("cursor", "=", seen.cursor)
      .execute();
    return true;
  });
}
