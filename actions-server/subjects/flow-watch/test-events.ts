/**
 * Events that the server sends itself, to see whether they come back. Like every event, each run of settings_sync goes from
 * the inbound webhook through job spec, flow, Config and connection to the server; it changes nothing.
 */
import { sql, type Kysely } from "kysely";
import type { TestEvent } from "#contract/routes/flow-watch";
import type { Database } from "#platform/db/schema";
import { storableText } from "#platform/db/storable";
import { AppError } from "#platform/errors";
import type { RemoteCall } from "#platform/outbound/send";
import { shorten } from "#platform/shorten";

export interface Arrival {
  readonly account: string;
  readonly id: string;
  readonly at: Date;
  readonly outcome: string;
  readonly failed: boolean;
}

/** Has the flow settings_sync run for an event of this id. */
export interface TestEventWebhook {
  post(event: { readonly event_id: string }, call: RemoteCall): Promise<void>;
}

interface AskDeps {
  readonly db: Kysely<Database>;
  readonly now: () => Date;
  readonly webhook: TestEventWebhook;
}

const KEPT_MS = 14 * 24 * 3_600_000;
const LONGEST_PROBLEM = 500;

/**
 * Posts the event and records that it was sent. The same id is the same event. Throws ZENDESK_ errors, after recording
 * them.
 */
export async function askTestEvent(
  { db, now, webhook }: AskDeps,
  { account, id }: { readonly account: string; readonly id: string },
  call: RemoteCall,
): Promise<void> {
  await db
    .insertInto("test_events")
    .values({ account_id: account, id, asked_at: now() })
    .onConflict((conflict) => conflict.columns(["account_id", "id"]).doNothing())
    .execute();
  const setProblem = (problem: string | null) =>
    db
      .updateTable("test_events")
      .set({ problem })
      .where("account_id", "=", account)
      .where("id", "=", id)
      .execute();
  try {
    await webhook.post({ event_id: id }, call);
    await setProblem(null);
  } catch (error) {
    const message =
      error instanceof AppError ? error.message : "a fault of the server; see its log";
    await setProblem(storableText(shorten(message, LONGEST_PROBLEM))).catch(() => undefined);
    throw error;
  }
}

/** Events that nobody waits for are not recorded, because others may start the flow too. */
export async function noteArrivals(
  db: Kysely<Database>,
  arrivals: readonly Arrival[],
): Promise<void> {
  if (arrivals.length === 0) return;
  await sql`
    update test_events set arrived_at = noted.at, outcome = noted.outcome, failed = noted.failed
    from unnest(${arrivals.map((one) => one.account)}::text[], ${arrivals.map((one) => one.id)}::text[],
      ${arrivals.map((one) => one.at)}::timestamptz[], ${arrivals.map((one) => one.outcome)}::text[],
      ${arrivals.map((one) => one.failed)}::boolean[]) as noted (account, id, at, outcome, failed)
    where test_events.account_id = noted.account and test_events.id = noted.id
      and (test_events.arrived_at is null or test_events.failed)`.execute(db);
}

/** The newest test event; null: none has been sent. */
export async function lastTestEvent(
  db: Kysely<Database>,
  account: string,
): Promise<TestEvent | null> {
  const row = await db
    .selectFrom("test_events")
    .selectAll()
    .where("account_id", "=", account)
    .orderBy("asked_at", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  const { id, asked_at, problem, arrived_at, outcome, failed } = row;
  return {
    id,
    asked_at: asked_at.toISOString(),
    problem,
    arrived_at: arrived_at?.toISOString() ?? null,
    outcome,
    failed,
  };
}

export async function purgeTestEvents(db: Kysely<Database>, now: Date): Promise<void> {
  const oldest = new Date(now.getTime() - KEPT_MS);
  await db.deleteFrom("test_events").where("asked_at", "<", oldest).execute();
  await db.deleteFrom("refused_credentials").where("last_at", "<", oldest).execute();
}
