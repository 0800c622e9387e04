/** Work that is done later: queues in Postgres (pg-boss), filled inside the transaction that needs the work done. */
import type { Transaction } from "kysely";
import { fromKysely, PgBoss } from "pg-boss";
import type { Database } from "../db/schema.ts";
import type { Log } from "../handlers.ts";

export interface JobDefinition<Payload extends object> {
  /** May run more than once for one job. A throw is a failure: tried again, with growing pauses. */
  readonly handle: (payload: Payload) => Promise<void>;
  /** A run that takes longer counts as failed. */
  readonly timeoutSeconds: number;
  /** Failures after which the job is tried again; then it goes to the dead letters. */
  readonly retries: number;
  /** Runs at once in this process. */
  readonly concurrency: number;
  /** Five cron fields in UTC: a job with an empty payload each time, one for all processes. */
  readonly cron?: string;
}

/** What each queue carries, by its name: JSON objects. */
type JobDefinitions<Payloads extends Record<keyof Payloads, object>> = {
  readonly [Name in keyof Payloads]: JobDefinition<Payloads[Name]>;
};

export interface Jobs<Payloads extends Record<keyof Payloads, object>> {
  /** The job exists when, and only when, the transaction commits. */
  enqueue<Name extends keyof Payloads & string>(
    trx: Transaction<Database>,
    name: Name,
    payload: Payloads[Name],
  ): Promise<void>;
  /** Jobs that are waiting, running or to be tried again. */
  openCount(): Promise<number>;
  /** Makes the queues and begins to work; call once. */
  start(): Promise<void>;
  /** Waits up to `graceMs` for running jobs; what is cut off counts as failed and is tried again. */
  stop(graceMs: number): Promise<void>;
}

export interface JobsOptions<Payloads extends Record<keyof Payloads, object>> {
  readonly databaseUrl: string;
  readonly definitions: JobDefinitions<Payloads>;
  readonly log: Log;
}

/** Beside the queues' tables of their own schema `pgboss`. */
const POOL_SIZE = 4;
/** A new job wakes the workers at once; one that is to be tried again, or whose notification got lost, is polled for. */
const POLLING_SECONDS = 2;
const FIRST_RETRY_SECONDS = 2;
const LONGEST_RETRY_SECONDS = 600;
const DEAD_LETTER_SECONDS = 90 * 24 * 3600;

function deadLetterQueueOf(name: string): string {
  return `${name}.dead`;
}

export function createJobs<Payloads extends Record<keyof Payloads, object>>({
  databaseUrl,
  definitions,
  log,
}: JobsOptions<Payloads>): Jobs<Payloads> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: "caseqa jobs",
    max: POOL_SIZE,
    useListenNotify: true,
  });
  boss.on("error", (error) => log.error({ err: error }, "the job queue has a fault"));
  boss.on("warning", (warning) => log.warn({ warning }, "the job queue warns"));

  async function open(name: keyof Payloads & string): Promise<void> {
    const definition = definitions[name];
    const deadLetter = deadLetterQueueOf(name);
    await boss.createQueue(deadLetter, { retentionSeconds: DEAD_LETTER_SECONDS });
    const queue = {
      deadLetter,
      notify: true,
      expireInSeconds: definition.timeoutSeconds,
      retryLimit: definition.retries,
      retryDelay: FIRST_RETRY_SECONDS,
      retryDelayMax: LONGEST_RETRY_SECONDS,
      retryBackoff: true,
    };
    await boss.createQueue(name, queue);
    // A queue that is there already keeps the settings it was made with.
    await boss.updateQueue(name, queue);
    const options = {
      localConcurrency: definition.concurrency,
      pollingIntervalSeconds: POLLING_SECONDS,
      notifyPollingIntervalSeconds: POLLING_SECONDS,
    };
    await boss.work<Payloads[keyof Payloads & string]>(name, options, async (jobs) => {
      for (const job of jobs) await runLogged(name, job.id, () => definition.handle(job.data));
    });
    if (definition.cron !== undefined) await boss.schedule(name, definition.cron, {});
  }

  async function runLogged(queue: string, job: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      // The queue keeps the error with the job but tells nobody.
      log.warn({ err: error, queue, job }, "a job failed");
      throw error;
    }
  }

  return {
    async enqueue(trx, name, payload) {
      const id = await boss.send(name, payload, { db: fromKysely(trx) });
      if (id === null) throw new Error(`the queue ${name} took no job`);
    },
    async openCount() {
      const { rows } = await boss
        .getDb()
        .executeSql(
          "select count(*)::int as open from pgboss.job where name = any($1) and state < 'completed'",
          [Object.keys(definitions)],
        );
      return (rows as { open: number }[])[0]?.open ?? 0;
    },
    async start() {
      await boss.start();
      for (const name in definitions) await open(name);
    },
    async stop(graceMs) {
      await boss.stop({ graceful: graceMs > 0, timeout: graceMs });
    },
  };
}
