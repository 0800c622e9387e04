/** Computes an attribute's values anew from the raw ones: page by page, each with its place in one transaction. */
import type { Kysely, Transaction } from "kysely";
import type { Database } from "#platform/db/schema";
import { isDatabaseUnavailable } from "#platform/db/database-errors";
import type { ReadActive } from "./active-definitions.ts";
import { storeValues } from "./attribute-values.ts";
import { readVersion, type AttributeRef } from "./definition-store.ts";
import { shareValues } from "./locks.ts";
import { readRerun, saveProgress, saveTotal, takeRerun } from "./rerun-store.ts";
import { countRows, readRowsAfter } from "./source-rows.ts";

export interface RerunDeps {
  readonly db: Kysely<Database>;
  readonly readActive: ReadActive;
  readonly now: () => Date;
}

const ROWS_OF_A_PAGE = 200;
/** Values are computed inside the transaction, which must not rest for long: a page ends early where they are costly. */
const PAGE_MS = 2_000;
/** A run ends after this time and another goes on: a job that takes longer would count as dead. */
const RUN_MS = 3 * 60_000;

/**
 * Whether another run has to go on. Two at once do the work of one: each page is taken under a lock, and a page that a crash
 * undid is done again.
 */
export async function runRerun(deps: RerunDeps, attribute: AttributeRef): Promise<boolean> {
  const endMs = deps.now().getTime() + RUN_MS;
  await noteTotal(deps, attribute);
  for (;;) {
    const isDone = await deps.db.transaction().execute((trx) => doPage(deps, trx, attribute));
    if (isDone) return false;
    if (deps.now().getTime() > endMs) return true;
  }
}

async function doPage(
  { readActive, now }: RerunDeps,
  trx: Transaction<Database>,
  attribute: AttributeRef,
): Promise<boolean> {
  const { account, id } = attribute;
  const cursor = await takeRerun(trx, attribute);
  if (cursor === undefined) return true;
  // An attribute's subject never changes, so its first version tells which rows to lock.
  const { subject } = (await readVersion(trx, attribute, 1)).definition;
  const page = { after: cursor, count: ROWS_OF_A_PAGE };
  const rows = await readRowsAfter(trx, account, subject, page);
  await shareValues(trx, account);
  const definitions = await readActive(trx, account, { id });
  const endMs = now().getTime() + PAGE_MS;
  const isOver = () => now().getTime() > endMs;
  const done = await storeValues(trx, { account, subject, definitions, rows, isOver });
  const isLast = done.rows === rows.length && rows.length < ROWS_OF_A_PAGE;
  await saveProgress(trx, attribute, {
    cursor: rows[done.rows - 1]?.id ?? cursor,
    ...done,
    finishedAt: isLast ? now() : undefined,
  });
  return isLast;
}

/** A store too large to be counted in time goes without. */
async function noteTotal({ db }: RerunDeps, attribute: AttributeRef): Promise<void> {
  const open = await readRerun(db, attribute);
  if (open?.state !== "running" || open.rows_total !== null) return;
  const { subject } = (await readVersion(db, attribute, 1)).definition;
  try {
    await saveTotal(db, attribute, await countRows(db, attribute.account, subject));
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
  }
}
