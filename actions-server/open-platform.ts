/** Opens what every subject needs: database, jobs, idempotency records, outgoing calls, metrics and traces. */
import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Logger } from "pino";
import type { Pool } from "pg";
import { migrateAt } from "#platform/db/migrate";
import { openDatabase } from "#platform/db/open";
import type { Database } from "#platform/db/schema";
import { nearestFirst } from "#platform/idempotency/hot-answers";
import { createMemoryAnswers } from "#platform/idempotency/memory-answers";
import { createPostgresStore } from "#platform/idempotency/postgres-store";
import { createRedisAnswers } from "#platform/idempotency/redis-answers";
import { createRunOnce, type RunOnce } from "#platform/idempotency/run-once";
import type { IdempotencyStore } from "#platform/idempotency/store";
import { createWakeUps } from "#platform/idempotency/wake-ups";
import { createJobs, type Jobs } from "#platform/jobs/queue";
import { countLostLeases, measureWaits } from "#platform/metrics/count-idempotency";
import { createMetrics, type Metrics } from "#platform/metrics/metrics";
import { watchClockSkew, type ClockSkew } from "#platform/outbound/clock-skew";
import { createOutbound, type Outbound } from "#platform/outbound/send";
import { createRedis, type Redis } from "#platform/redis/connection";
import { traceOutbound } from "#platform/tracing/trace-outbound";
import { traceStore } from "#platform/tracing/trace-store";
import { createTracing, type Tracing } from "#platform/tracing/tracing";
import type { Closing } from "./closing.ts";
import type { Config } from "./config/config.ts";

/** What a test or the demo replaces. */
export interface Overrides {
  readonly log?: Logger;
  readonly wrapStore?: (store: IdempotencyStore) => IdempotencyStore;
  /** How long a claim lasts after its holder died. */
  readonly leaseMs?: number;
  readonly now?: () => Date;
  readonly wrapOutbound?: (outbound: Outbound) => Outbound;
  /** How long a statement may take. */
  readonly databaseAnswerMs?: number;
  /** The same, for the queues of jobs. */
  readonly jobAnswerMs?: number;
  /** How often jobs of dead servers are looked for. */
  readonly superviseSeconds?: number;
}

export interface Platform {
  readonly now: () => Date;
  readonly random: () => number;
  readonly newId: () => string;
  readonly log: Logger;
  readonly db: Kysely<Database>;
  readonly pool: Pool;
  /** Resolves when the database answers. */
  readonly pingDatabase: () => Promise<void>;
  readonly redis: Redis | undefined;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
  readonly outbound: Outbound;
  /** Zendesk's clock against ours. */
  readonly zendeskClock: Pick<ClockSkew, "aheadSeconds">;
  readonly store: IdempotencyStore;
  readonly runOnce: RunOnce;
  /** Not started yet: the subjects supply the workers. */
  readonly jobs: Jobs;
}

/** Migrates the database. `closing` gets what has to be closed, in the order in which it was opened. */
export async function openPlatform(
  config: Config,
  overrides: Overrides,
  log: Logger,
  closing: Closing,
): Promise<Platform> {
  const clocks = {
    now: overrides.now ?? (() => new Date()),
    // oxlint-disable-next-line no-restricted-properties -- the one place that hands randomness out
    random: Math.random,
    newId: randomUUID,
  };
  const database = await openDatabase({
    databaseUrl: config.databaseUrl?.reveal(),
    dataDir: config.dataDir,
    answerMs: overrides.databaseAnswerMs,
    log,
  });
  closing.add(database.close);
  const applied = await migrateAt(database.url, log);
  if (applied.length > 0) log.info({ applied }, "the database was migrated");

  const metrics = createMetrics();
  const redis =
    config.redisUrl &&
    createRedis({
      url: config.redisUrl,
      random: clocks.random,
      log,
      onMiss: () => metrics.countRedisMiss(),
    });
  if (redis) closing.add(() => redis.close());
  const tracing =
    config.traceEndpoint === undefined
      ? undefined
      : createTracing({ endpoint: config.traceEndpoint });
  if (tracing) closing.add(() => tracing.close());

  const zendeskClock = watchClockSkew({
    outbound: openOutbound(overrides, tracing),
    origin: config.zendesk.url,
    now: clocks.now,
  });
  closing.add(() => zendeskClock.outbound.close());
  const store = wrapStore(createPostgresStore(database.db), { overrides, metrics, tracing });
  const jobs = createJobs({
    databaseUrl: database.url,
    log,
    tracing,
    answerMs: overrides.jobAnswerMs,
    superviseSeconds: overrides.superviseSeconds,
  });
  closing.add(() => jobs.stop(config.shutdownGraceMs));
  const { leaseMs } = overrides;
  return {
    ...clocks,
    log,
    db: database.db,
    pool: database.pool,
    pingDatabase: database.ping,
    redis,
    metrics,
    tracing,
    outbound: zendeskClock.outbound,
    zendeskClock,
    store,
    runOnce: createRunOnce({
      store,
      ...clocks,
      log,
      ...(leaseMs !== undefined && { leaseMs }),
      hotAnswers: nearestFirst(
        createMemoryAnswers(),
        redis && createRedisAnswers(redis, clocks.now),
      ),
      wakeUps: measureWaits(createWakeUps(redis), metrics),
    }),
    jobs,
  };
}

function openOutbound({ wrapOutbound }: Overrides, tracing: Tracing | undefined): Outbound {
  const bare = createOutbound();
  const outbound = wrapOutbound?.(bare) ?? bare;
  return tracing ? traceOutbound(outbound, tracing) : outbound;
}

function wrapStore(
  bare: IdempotencyStore,
  {
    overrides,
    metrics,
    tracing,
  }: {
    readonly overrides: Overrides;
    readonly metrics: Metrics;
    readonly tracing: Tracing | undefined;
  },
): IdempotencyStore {
  const counted = countLostLeases(overrides.wrapStore?.(bare) ?? bare, metrics);
  return tracing ? traceStore(counted, tracing) : counted;
}
