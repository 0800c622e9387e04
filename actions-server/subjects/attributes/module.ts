/** Attributes: fields of tickets, users and agents as typed values. */
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import { RETRIES_OF_A_DAY, worker, type Jobs, type Queue } from "#platform/jobs/queue";
import type { Log } from "#platform/log";
import type { Module } from "#platform/module";
import { createReadActive } from "./active-definitions.ts";
import { createAttributeValues, type AttributeValues } from "./attribute-values.ts";
import type { AttributeRef } from "./definition-store.ts";
import type { EnqueueRerun } from "./rerun-store.ts";
import { runRerun } from "./rerun.ts";
import { createAttributeRoutes } from "./routes.ts";

const RERUN_ATTRIBUTE: Queue<AttributeRef> = {
  name: "rerun-attribute",
  timeoutSeconds: 600,
  retries: RETRIES_OF_A_DAY,
  concurrency: 1,
};

export interface AttributesModule extends Module {
  readonly values: AttributeValues;
}

export interface AttributesOptions {
  readonly db: Kysely<Database>;
  readonly jobs: Pick<Jobs, "enqueue">;
  readonly now: () => Date;
  readonly log: Log;
}

export function createAttributes({ db, jobs, now, log }: AttributesOptions): AttributesModule {
  const readActive = createReadActive(log);
  const enqueue: EnqueueRerun = (trx, attribute) => jobs.enqueue(trx, RERUN_ATTRIBUTE, attribute);

  async function run({ account, id }: AttributeRef): Promise<void> {
    const goesOn = await runRerun({ db, readActive, now }, { account, id });
    if (goesOn) await db.transaction().execute((trx) => enqueue(trx, { account, id }));
  }

  return {
    values: createAttributeValues(readActive),
    routes: createAttributeRoutes({ db, readActive, enqueue, now }),
    workers: [worker(RERUN_ATTRIBUTE, run)],
  };
}
