/** The operator's view of the queues: how many jobs wait, which were given up, and how to retry those. */
import { PgBoss } from "pg-boss";
import { toPoolConfig } from "../db/connection.ts";
import { DEAD_LETTER_SUFFIX } from "./queue-names.ts";

export interface QueueState {
  readonly queue: string;
  /** Ready, or to be tried again later. */
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
  /** Age of the oldest job that waits or runs; null: there is none. */
  readonly oldestSeconds: number | null;
}

export interface DeadLetter {
  readonly id: string;
  /** The queue that gave it up. */
  readonly queue: string;
  /** Ids only: no job carries a message's text. */
  readonly payload: object;
  readonly createdAt: Date;
  readonly givenUpAt: Date;
  readonly tries: number;
  /** What the last try failed with. */
  readonly error: string;
}

export interface DeadLetters {
  queues(): Promise<readonly QueueState[]>;
  /** Oldest first; at most `limit`. */
  list(limit: number): Promise<readonly DeadLetter[]>;
  /** Puts them back into their queues, with all their tries again. Returns how many there were. */
  requeue(which: readonly string[] | "all"): Promise<number>;
  close(): Promise<void>;
}

const REQUEUE_BATCH = 1_000;
/** Longer than usual: an operator waits, and tables may be large. */
const ANSWER_MS = 120_000;

interface QueueRow {
  readonly name: string;
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
  readonly oldest: number | null;
}

interface DeadRow {
  readonly id: string;
  readonly source_name: string | null;
  readonly name: string;
  readonly data: object | null;
  readonly source_created_on: Date | null;
  readonly created_on: Date;
  readonly source_retry_count: number | null;
  readonly source_output: { readonly message?: unknown } | null;
}

const QUEUES = `
  select queue.name,
    count(job.id) filter (where job.name = queue.name and job.state in ('created', 'retry'))::int as waiting,
    count(job.id) filter (where job.name = queue.name and job.state = 'active')::int as running,
    count(job.id) filter (where job.name <> queue.name and job.state in ('created', 'retry'))::int as dead,
    extract(epoch from now() - min(job.created_on) filter (
      where job.name = queue.name and job.state < 'completed'))::float8 as oldest
  from pgboss.queue
  left join pgboss.job on job.name in (queue.name, queue.name || $1)
  where queue.name not like '\\_\\_pgboss%' and queue.name not like '%' || $1
  group by queue.name
  order by queue.name`;

const DEAD = `
  select id, name, source_name, data, source_created_on, created_on, source_retry_count, source_output
  from pgboss.job
  where name like '%' || $1 and state in ('created', 'retry')
  order by created_on, id
  limit $2`;

function toDeadLetter(row: DeadRow): DeadLetter {
  const message = row.source_output?.message;
  return {
    id: row.id,
    queue: row.source_name ?? row.name.slice(0, -DEAD_LETTER_SUFFIX.length),
    payload: row.data ?? {},
    createdAt: row.source_created_on ?? row.created_on,
    givenUpAt: row.created_on,
    tries: (row.source_retry_count ?? 0) + 1,
    error: typeof message === "string" ? message : "unknown",
  };
}

/** Beside servers that work on the queues, or without any. Rejects when no server has made the queues yet. */
export async function openDeadLetters(databaseUrl: string): Promise<DeadLetters> {
  const pool = toPoolConfig({
    url: databaseUrl,
    applicationName: "caseqa dead letters",
    max: 1,
    answerMs: ANSWER_MS,
  });
  const boss = new PgBoss({
    ...pool,
    supervise: false,
    schedule: false,
    migrate: false,
    createSchema: false,
  });
  // Every call reports its own failure.
  boss.on("error", () => {});
  try {
    await boss.start();
  } catch (error) {
    // Its connections would keep the process for ten seconds.
    await boss.stop({ graceful: false });
    throw toPlainError(error);
  }
  const query = async <Row>(text: string, values: readonly unknown[]) => {
    const { rows } = await boss.getDb().executeSql(text, [...values]);
    return rows as Row[];
  };

  /** Loops, because one call moves a batch. */
  async function requeueFrom(queue: string, ids: readonly string[] | undefined): Promise<number> {
    let moved = 0;
    for (;;) {
      const batch = await boss.redrive(`${queue}${DEAD_LETTER_SUFFIX}`, {
        limit: REQUEUE_BATCH,
        ...(ids && { ids: [...ids] }),
      });
      moved += batch;
      if (batch < REQUEUE_BATCH) return moved;
    }
  }

  async function queues(): Promise<QueueState[]> {
    const rows = await query<QueueRow>(QUEUES, [DEAD_LETTER_SUFFIX]);
    return rows.map(({ name, waiting, running, dead, oldest }) => ({
      queue: name,
      waiting,
      running,
      dead,
      oldestSeconds: oldest,
    }));
  }

  return {
    queues,
    async list(limit) {
      return (await query<DeadRow>(DEAD, [DEAD_LETTER_SUFFIX, limit])).map(toDeadLetter);
    },
    async requeue(which) {
      let moved = 0;
      for (const { queue } of await queues()) {
        moved += await requeueFrom(queue, which === "all" ? undefined : which);
      }
      return moved;
    },
    close: () => boss.stop({ graceful: false }),
  };
}

/** pg-boss's error names only itself; an operator needs to know what to do. */
function toPlainError(error: unknown): unknown {
  if (!(error instanceof Error) || error.message !== "pg-boss is not installed") return error;
  return new Error("the database has no queues yet: start a server on it once", { cause: error });
}
