/** Reads whether an account's flows reach the server, and keeps whether they are expected to. */
import { sql, type Kysely } from "kysely";
import type { FlowContact } from "#contract/routes/flow-watch";
import type { Database } from "#platform/db/schema";
import { lastTestEvent } from "./test-events.ts";

export interface WatchedFlows extends FlowContact {
  /** The last call for any event; null: none yet. */
  readonly lastCallAt: Date | null;
  /** Since when calls are expected; null: they are not, because nothing is installed or everything is disabled. */
  readonly expectedSince: Date | null;
  readonly alertedAt: Date | null;
}

/** How many are shown to people. */
const MOST_REFUSED = 20;

export async function readFlows(db: Kysely<Database>, account: string): Promise<WatchedFlows> {
  const contact = await db
    .selectFrom("flow_contacts")
    .selectAll()
    .where("account_id", "=", account)
    .executeTakeFirst();
  const webhooks = await db
    .selectFrom("inbound_webhooks")
    .select((eb) => eb.fn.min("updated_at").as("at"))
    .where("account_id", "=", account)
    .executeTakeFirst();
  const refused = await db
    .selectFrom("refused_credentials")
    .selectAll()
    .where("account_id", "in", [account, ""])
    // Strangers may try any number of credentials, so this account's own come first.
    .orderBy(sql`account_id = ''`)
    .orderBy("last_at", "desc")
    .limit(MOST_REFUSED)
    .execute();
  refused.sort((one, other) => other.last_at.getTime() - one.last_at.getTime());
  const installedAt = webhooks?.at ?? null;
  const paused = contact?.paused_at != null;
  return {
    last_event_at: contact?.last_event_at?.toISOString() ?? null,
    last_test_event: await lastTestEvent(db, account),
    refused: refused.map(({ account_id, kind, fingerprint, calls, first_at, last_at }) => ({
      kind,
      fingerprint,
      was_ours: account_id === account,
      calls: Number(calls),
      first_at: first_at.toISOString(),
      last_at: last_at.toISOString(),
    })),
    paused,
    lastCallAt: contact?.last_call_at ?? null,
    expectedSince:
      paused || installedAt === null ? null : later(installedAt, contact?.expected_since ?? null),
    alertedAt: contact?.alerted_at ?? null,
  };
}

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

/** `disable` and `enable`: an administrator says whether silence is expected. */
export async function expectFlows(
  db: Kysely<Database>,
  account: string,
  expected: boolean,
  now: Date,
): Promise<void> {
  if (expected) {
    await db
      .updateTable("flow_contacts")
      .set({ paused_at: null, expected_since: now })
      .where("account_id", "=", account)
      .where("paused_at", "is not", null)
      .execute();
    return;
  }
  const change = { paused_at: now, alerted_at: null };
  await db
    .insertInto("flow_contacts")
    .values({ account_id: account, ...change })
    .onConflict((conflict) => conflict.column("account_id").doUpdateSet(change))
    .execute();
}

export async function setAlerted(
  db: Kysely<Database>,
  account: string,
  alertedAt: Date | null,
): Promise<void> {
  await db
    .insertInto("flow_contacts")
    .values({ account_id: account, alerted_at: alertedAt })
    .onConflict((conflict) => conflict.column("account_id").doUpdateSet({ alerted_at: alertedAt }))
    .execute();
}

/** Accounts that have an installation, so that flows should call. */
export async function watchedAccounts(db: Kysely<Database>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("inbound_webhooks")
    .select("account_id")
    .distinct()
    .orderBy("account_id")
    .execute();
  return rows.map(({ account_id: account }) => account);
}
