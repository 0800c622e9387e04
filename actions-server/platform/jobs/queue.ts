/** Work that is done later: queues in Postgres (pg-boss), filled inside the transaction that needs the work done. */
import type { Transaction } from "kysely";
import { fromKysely, PgBoss } from "pg-boss";
import { toPoolConfig } from "../db/connection.ts";
import type { Database } from "../db/schema.ts";
import type { Log } from "../log.ts";
import type { Tracing } from "../tracing/tracing.ts";
import { DEAD_LETTER_SUFFIX } from "./queue-names.ts";

/** A queue, by its name in the database; the payloads are JSON objects. */
export interface Queue<Payload extends object> {
  readonly name: string;
  /** A run that takes longer counts as failed. */
  readonly timeoutSeconds: number;
  /** Failures after which the job is tried again; then it goes to the dead letters. */
  readonly retries: number;
  /** Runs at once in this process. */
  readonly concurrency: number;
  /** Five cron fields in UTC: a job with an empty payload each time, one for all processes. */
  readonly cron?: string;
  /** Jobs of one key that still wait are one job, the first; while that runs, the next one waits beside it. */
  sharedBy?(payload: Payload): string;
  /** Never set: it only keeps the types of queues with different payloads apart. */
  readonly payload?: Payload;
}

/** Who does the jobs of a queue. */
export interface Worker {
  readonly queue: Queue<object>;
  readonly handle: (payload: object) => Promise<void>;
}

/** `handle` may run more than once for one job. A throw is a failure: tried again, with growing pauses. */
export function worker<Payload extends object>(
  queue: Queue<Payload>,
  handle: (payload: Payload) => Promise<void>,
): Worker {
  // The queue's payloads are of its own type: `enqueue` takes no other.
  return { queue, handle: handle as Worker["handle"] };
}

/** Pauses between attempts grow to ten minutes: this many last about a day. */
export const RETRIES_OF_A_DAY = 150;

export interface QueueDepth {
  readonly queue: string;
  /** Waiting, running or to be tried again. */
  readonly open: number;
  /** Given up, until an operator puts them back. */
  readonly dead: number;
  /** How long the oldest open job has been due; 0: none is. One that is put off on purpose is not due yet. */
  readonly oldestSeconds: number;
}

export interface Jobs {
  /** The job exists when, and only when, the transaction commits. Runs after `afterSeconds` (default 0). */
  enqueue<Payload extends object>(
    trx: Transaction<Database>,
    queue: Queue<Payload>,
    payload: Payload,
    afterSeconds?: number,
  ): Promise<void>;
  /** Jobs that are waiting, running or to be tried again. */
  openCount(): Promise<number>;
  /** Every queue, whether there is something in it or not. */
  depths(): Promise<readonly QueueDepth[]>;
  /** Makes the workers' queues and begins to work; call once. */
  start(workers: readonly Worker[]): Promise<void>;
  /** Waits up to `graceMs` for running jobs; what is cut off counts as failed and is tried again. */
  stop(graceMs: number): Promise<void>;
}

export interface JobsOptions {
  readonly databaseUrl: string;
  readonly log: Log;
  /** How often jobs that ran too long, or whose server died, are looked for. Default: 10. */
  readonly superviseSeconds?: number | undefined;
  /** How long a statement of the queues may take. Default: 15 s. */
  readonly answerMs?: number | undefined;
  /** Lets a job go on with the trace of the request that it was made by. */
  readonly tracing?: Tracing | undefined;
}

/** Beside the queues' tables of their own schema `pgboss`. */
const POOL_SIZE = 4;
/** Nobody waits for it, and its upkeep reads whole tables. */
const ANSWER_MS = 15_000;
/** A new job wakes the workers at once; one that is to be tried again, or whose notification got lost, is polled for. */
const POLLING = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 };
const LONGEST_WAKE_SECONDS = 10;
/** The transaction of the job may still be on its way. */
const WAKE_MARGIN_MS = 50;
const FIRST_RETRY_SECONDS = 2;
const LONGEST_RETRY_SECONDS = 600;
/** A job whose server was silent for so long is taken over by another server. */
const HEARTBEAT_SECONDS = 20;
const SUPERVISE_SECONDS = 10;
const DEAD_LETTER_SECONDS = 90 * 24 * 3600;

/** Beside what the queue's own jobs carry. */
const TRACE_MEMBER = "traceparent";

const DEPTHS = `
  select queue.name as queue,
    count(job.id) filter (where job.name = queue.name)::int as open,
    count(job.id) filter (where job.name <> queue.name)::int as dead,
    greatest(coalesce(extract(epoch from now() - min(
      case when job.state = 'created' then greatest(job.created_on, job.start_after) else job.created_on end
    ) filter (where job.name = queue.name)), 0), 0)::float8 as "oldestSeconds"
  from unnest($1::text[]) as queue (name)
  left join pgboss.job on job.name in (queue.name, queue.name || $2) and job.state < 'completed'
  group by queue.name`;

export function createJobs({
  databaseUrl,
  log,
  superviseSeconds = SUPERVISE_SECONDS,
  answerMs = ANSWER_MS,
  tracing,
}: JobsOptions): Jobs {
  let names: readonly string[] = [];
  const workersOf = new Map<string, string[]>();
  const pool = toPoolConfig({
    url: databaseUrl,
    applicationName: "caseqa jobs",
    max: POOL_SIZE,
    answerMs,
  });
  const boss = new PgBoss({
    ...pool,
    useListenNotify: true,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
  });
  boss.on("error", (error) => log.error({ err: error }, "the job queue has a fault"));
  boss.on("warning", (warning) => log.warn({ warning }, "the job queue warns"));

  async function open({ queue, handle }: Worker): Promise<void> {
    const { name, timeoutSeconds, retries, concurrency, cron, sharedBy } = queue;
    const deadLetter = `${name}${DEAD_LETTER_SUFFIX}`;
    await boss.createQueue(deadLetter, { retentionSeconds: DEAD_LETTER_SECONDS });
    const settings = {
      deadLetter,
      notify: true,
      expireInSeconds: timeoutSeconds,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      retryLimit: retries,
      retryDelay: FIRST_RETRY_SECONDS,
      retryDelayMax: LONGEST_RETRY_SECONDS,
      retryBackoff: true,
    };
    await boss.createQueue(name, { ...settings, ...(sharedBy && { policy: "short" as const }) });
    // A queue that is there already keeps the settings it was made with.
    await boss.updateQueue(name, settings);
    for (let count = 0; count < concurrency; count += 1) await work(name, handle);
    if (cron !== undefined) await boss.schedule(name, cron, {});
  }

  async function work(name: string, handle: Worker["handle"]): Promise<void> {
    let id: string | undefined;
    id = await boss.work<object>(name, POLLING, async (jobs) => {
      // Where there was one job there may be more: a worker rests only when it finds none, else a backlog would go by
      // one job a poll.
      if (id !== undefined) boss.notifyWorker(id);
      for (const job of jobs) {
        await runLogged(name, job.id, () => runTraced(name, job.data, handle));
      }
    });
    workersOf.set(name, [...(workersOf.get(name) ?? []), id]);
  }

  async function runTraced(
    queue: string,
    payload: object,
    handle: Worker["handle"],
  ): Promise<void> {
    if (!tracing) return handle(payload);
    const { [TRACE_MEMBER]: traceparent } = payload as { [TRACE_MEMBER]?: string };
    const span = tracing.open({ name: `job ${queue}`, role: "consumer" }, traceparent);
    let hasFailed = true;
    try {
      await span.run(() => handle(payload));
      hasFailed = false;
    } finally {
      span.end({ "messaging.destination.name": queue }, hasFailed);
    }
  }

  async function runLogged(queue: string, job: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      // The queue keeps the error with the job but does not log it.
      log.warn({ err: error, queue, job }, "a job failed");
      throw error;
    }
  }

  /** A job that was put off for a moment would else wait for the next poll. */
  function wakeIn(seconds: number, name: string): void {
    const wake = () => workersOf.get(name)?.forEach((id) => boss.notifyWorker(id));
    if (seconds > 0 && seconds <= LONGEST_WAKE_SECONDS) {
      setTimeout(wake, seconds * 1_000 + WAKE_MARGIN_MS).unref();
    }
  }

  return {
    async enqueue(trx, queue, payload, afterSeconds = 0) {
      const { name } = queue;
      const traceparent = tracing?.traceparent();
      const data =
        traceparent === undefined ? payload : { ...payload, [TRACE_MEMBER]: traceparent };
      const id = await boss.send(name, data, {
        db: fromKysely(trx),
        ...(afterSeconds > 0 && { startAfter: afterSeconds }),
        ...(queue.sharedBy && { singletonKey: queue.sharedBy(payload) }),
      });
      wakeIn(afterSeconds, name);
      if (id === null && !queue.sharedBy) throw new Error(`the queue ${name} took no job`);
    },
    async openCount() {
      const { rows } = await boss
        .getDb()
        .executeSql(
          "select count(*)::int as open from pgboss.job where name = any($1) and state < 'completed'",
          [names],
        );
      return (rows as { open: number }[])[0]?.open ?? 0;
    },
    async depths() {
      const { rows } = await boss.getDb().executeSql(DEPTHS, [names, DEAD_LETTER_SUFFIX]);
      return rows as QueueDepth[];
    },
    async start(workers) {
      names = workers.map(({ queue }) => queue.name);
      await boss.start();
      for (const one of workers) await open(one);
    },
    async stop(graceMs) {
      await boss.stop({ graceful: graceMs > 0, timeout: graceMs });
    },
  };
}
