/** How far an attribute's values are computed anew. */
import type { Kysely, Selectable, Transaction } from "kysely";
import type { RerunReport } from "#contract/routes/attributes";
import type { Database } from "#platform/db/schema";
import type { AttributeRef } from "./definition-store.ts";

/** In the transaction; the job does all that is left of the attribute, whoever asked for it. */
export type EnqueueRerun = (trx: Transaction<Database>, attribute: AttributeRef) => Promise<void>;

type RerunRow = Selectable<Database["attribute_reruns"]>;

/** From the first row on, also where one was under way. */
export async function beginRerun(
  trx: Transaction<Database>,
  enqueue: EnqueueRerun,
  { account, id, version }: AttributeRef & { readonly version: number },
  now: Date,
): Promise<RerunReport> {
  const begun = {
    version,
    state: "running" as const,
    cursor: "",
    rows_done: 0,
    rows_total: null,
    problems: 0,
    requested_at: now,
    finished_at: null,
  };
  const row = await trx
    .insertInto("attribute_reruns")
    .values({ account_id: account, attribute_id: id, ...begun })
    .onConflict((conflict) => conflict.columns(["account_id", "attribute_id"]).doUpdateSet(begun))
    .returningAll()
    .executeTakeFirstOrThrow();
  await enqueue(trx, { account, id });
  return toReport(row);
}

export async function readRerun(
  db: Kysely<Database>,
  { account, id }: AttributeRef,
): Promise<RerunReport | undefined> {
  const row = await db
    .selectFrom("attribute_reruns")
    .selectAll()
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .executeTakeFirst();
  return row && toReport(row);
}

/** After which row it goes on, held until the transaction ends; undefined: nothing is left. */
export async function takeRerun(
  trx: Transaction<Database>,
  { account, id }: AttributeRef,
): Promise<string | undefined> {
  const row = await trx
    .selectFrom("attribute_reruns")
    .select("cursor")
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .where("state", "=", "running")
    .forUpdate()
    .executeTakeFirst();
  return row?.cursor;
}

interface Progress {
  readonly cursor: string;
  readonly rows: number;
  readonly problems: number;
  /** Undefined: there is more to do. */
  readonly finishedAt: Date | undefined;
}

export async function saveProgress(
  trx: Transaction<Database>,
  { account, id }: AttributeRef,
  { cursor, rows, problems, finishedAt }: Progress,
): Promise<void> {
  await trx
    .updateTable("attribute_reruns")
    .set((row) => ({
      cursor,
      rows_done: row("rows_done", "+", rows),
      problems: row("problems", "+", problems),
      ...(finishedAt && { state: "finished" as const, finished_at: finishedAt }),
    }))
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .execute();
}

/** For the time that is left; it need not be exact. */
export async function saveTotal(
  db: Kysely<Database>,
  { account, id }: AttributeRef,
  total: number,
): Promise<void> {
  await db
    .updateTable("attribute_reruns")
    .set({ rows_total: total })
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .execute();
}

export async function stopRerun(
  trx: Transaction<Database>,
  { account, id }: AttributeRef,
  now: Date,
): Promise<void> {
  await trx
    .updateTable("attribute_reruns")
    .set({ state: "stopped", finished_at: now })
    .where("account_id", "=", account)
    .where("attribute_id", "=", id)
    .where("state", "=", "running")
    .execute();
}

export function toReport(row: RerunRow): RerunReport {
  return {
    version: row.version,
    state: row.state,
    requested_at: row.requested_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    rows_done: row.rows_done,
    rows_total: row.rows_total,
    problems: row.problems,
  };
}
