/** Chooses and wires every part of the server: the only file that knows the adapters. */
import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Logger } from "pino";
import { createActionLog, type ActionLog } from "./admin/action-log.ts";
import type { Admin } from "./admin/create-admin.ts";
import { createAdministration, createWebhooks } from "./administration.ts";
import { annotateTicket } from "./annotate/annotate-ticket.ts";
import type { AppDeps } from "./app.ts";
import { createAppJobs, type JobPayloads } from "./app-jobs.ts";
import type { Config } from "./config.ts";
import { within } from "./deadline.ts";
import type { OperationName } from "./contract/operations.ts";
import { DEFAULT_SETTINGS } from "./contract/settings.ts";
import { migrateAt } from "./db/migrate.ts";
import { openDatabase } from "./db/open.ts";
import type { Database } from "./db/schema.ts";
import { createIdentify } from "./http/auth.ts";
import { createMetrics } from "./http/metrics.ts";
import { countLostLeases, measureWaits } from "./metrics/count-idempotency.ts";
import { nearestFirst } from "./idempotency/hot-answers.ts";
import { createMemoryAnswers } from "./idempotency/memory-answers.ts";
import { createPostgresStore } from "./idempotency/postgres-store.ts";
import { createRedisAnswers } from "./idempotency/redis-answers.ts";
import { createRunOnce } from "./idempotency/run-once.ts";
import type { IdempotencyStore } from "./idempotency/store.ts";
import { createWakeUps } from "./idempotency/wake-ups.ts";
import type { Jobs } from "./jobs/queue.ts";
import { requestLink } from "./links/request-link.ts";
import type { TellAgentsDeps } from "./links/tell-agents.ts";
import { readInstant } from "./contract/instant.ts";
import { createLog } from "./log.ts";
import { watchClockSkew } from "./outbound/clock-skew.ts";
import { createOutbound, type Outbound } from "./outbound/send.ts";
import { recordAssignment } from "./qa/assignments.ts";
import { prepareCapture } from "./qa/capture-conversation.ts";
import { createNoteReading } from "./qa/note-reading.ts";
import { mergeConversation } from "./qa/merge.ts";
import { createRedis, type Redis } from "./redis/connection.ts";
import { preflight } from "./preflight.ts";
import { createRemotes } from "./remotes.ts";
import { createCaseFinder } from "./salesforce/case-finder.ts";
import {
  resolveCase,
  type ResolveCase,
  type ResolveCaseDeps,
  type ResolvedCase,
} from "./salesforce/resolve-case.ts";
import { applySettings } from "./settings/apply-settings.ts";
import { createCurrentSettings } from "./settings/current.ts";
import { readSettingsInForce } from "./settings/history.ts";
import { rememberingResolve } from "./sync/case-lookups.ts";
import { createSync, type Sync } from "./sync/create-sync.ts";
import { traceOutbound } from "./tracing/trace-outbound.ts";
import { traceStore } from "./tracing/trace-store.ts";
import { createTracing } from "./tracing/tracing.ts";
import { createFlowWatch, type FlowWatch } from "./watch/flow-watch.ts";
import { createNotify } from "./watch/notify.ts";
import { createFindNote } from "./zendesk/comment-search.ts";
import { createZendeskReader } from "./zendesk/reader.ts";
import { createZendeskWriter } from "./zendesk/writer.ts";

export interface Deps extends AppDeps {
  readonly admin: Admin;
  readonly actionLog: ActionLog;
  readonly flowWatch: FlowWatch;
  readonly db: Kysely<Database>;
  readonly jobs: Jobs<JobPayloads>;
  /** Throws a PreflightError when a platform refuses what the server needs. */
  readonly preflight: () => Promise<void>;
}

/** What a test or a demonstration puts in the place of the real thing. */
export interface DepsOverrides {
  readonly log?: Logger;
  readonly wrapStore?: (store: IdempotencyStore) => IdempotencyStore;
  /** How long a claim outlives its holder. */
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

/** Beyond the grace for jobs: until a part that does not close is left behind, and until all are. */
const PART_MS = 2_000;
const CLOSE_MS = 10_000;

interface Clocks {
  readonly now: () => Date;
  readonly random: () => number;
  readonly newId: () => string;
}

/**
 * Opens everything that the server needs, migrated and with its jobs running. `close` stops it in reverse order, within ten
 * seconds more than the grace for jobs, and may be called twice; stop the HTTP server first.
 */
export async function createDeps(
  config: Config,
  overrides: DepsOverrides = {},
): Promise<{ readonly deps: Deps; readonly close: () => Promise<void> }> {
  const log = overrides.log ?? createLog(config.logLevel);
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const attempt = (limitMs: number, task: Promise<void>) =>
    within(limitMs, task, () => new Error(`not done within ${limitMs} ms`)).catch(
      (error: unknown) => log.error({ err: error }, "closing failed"),
    );
  const closeAll = async () => {
    // One part that cannot be closed must not keep the others open.
    for (const close of closers.toReversed())
      await attempt(config.shutdownGraceMs + PART_MS, close());
  };
  const close = () => (closing ??= attempt(config.shutdownGraceMs + CLOSE_MS, closeAll()));
  try {
    return { deps: await openAll(config, overrides, log, closers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openAll(
  config: Config,
  overrides: DepsOverrides,
  log: Logger,
  closers: (() => Promise<void>)[],
): Promise<Deps> {
  const clocks: Clocks = {
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
  closers.push(database.close);
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
  if (redis) closers.push(() => redis.close());

  const tracing =
    config.traceEndpoint === undefined
      ? undefined
      : createTracing({ endpoint: config.traceEndpoint });
  if (tracing) closers.push(() => tracing.close());
  const bareOutbound = createOutbound();
  const replacedOutbound = overrides.wrapOutbound?.(bareOutbound) ?? bareOutbound;
  const clock = watchClockSkew({
    outbound: tracing ? traceOutbound(replacedOutbound, tracing) : replacedOutbound,
    origin: config.zendesk.url,
    now: clocks.now,
  });
  const { outbound } = clock;
  closers.push(() => outbound.close());
  const { pool } = database;
  const remotes = createRemotes({ config, outbound, pool, redis, metrics, ...clocks, log });
  const zendeskClient = remotes.zendesk;
  const zendesk = createZendeskReader(zendeskClient);
  const cases = createCaseFinder(remotes.salesforce);
  const noteReading = createNoteReading(metrics);
  const bareStore = createPostgresStore(database.db);
  const replacedStore = overrides.wrapStore?.(bareStore) ?? bareStore;
  const countedStore = countLostLeases(replacedStore, metrics);
  const store = tracing ? traceStore(countedStore, tracing) : countedStore;
  const { now } = clocks;
  const { db } = database;
  const settings = createCurrentSettings({
    read: (account) => readSettingsInForce(db, account),
    now,
  });
  const resolve = rememberingResolve(
    { db, now, log },
    createResolve(config, { zendesk, cases, settings }),
  );
  const annotate: TellAgentsDeps["annotate"] = (request, context) =>
    annotateTicket(
      {
        reader: zendesk,
        writer: createZendeskWriter(zendeskClient),
        findNote: createFindNote(zendeskClient),
        now,
      },
      request,
      context,
    );
  const webhooks = createWebhooks(config, db, clocks, remotes.zendeskOutbound);
  const { superviseSeconds, leaseMs, jobAnswerMs } = overrides;
  const runOnce = createRunOnce({
    store,
    ...clocks,
    log,
    ...(leaseMs !== undefined && { leaseMs }),
    hotAnswers: nearestFirst(createMemoryAnswers(), redis && createRedisAnswers(redis, now)),
    wakeUps: measureWaits(createWakeUps(redis), metrics),
  });
  const sync: Sync = createSync({
    db,
    client: zendeskClient,
    zendesk,
    cases,
    webhooks,
    runOnce,
    noteReading,
    enqueue: {
      sweep: (trx, job, afterSeconds) => jobs.enqueue(trx, "sweep", job, afterSeconds),
      link: (trx, job) => jobs.enqueue(trx, "resolve-and-link", job),
      capture: (trx, job, afterSeconds) => jobs.enqueue(trx, "finish-capture", job, afterSeconds),
    },
    ...clocks,
    log,
  });
  const jobs: Jobs<JobPayloads> = createAppJobs({
    database,
    store,
    zendesk,
    resolve,
    webhooks,
    sync: () => sync,
    settings,
    noteReading,
    annotate,
    alerts: {
      notify: createNotify({ ...config.alerts, outbound, random: clocks.random, log }),
      afterMs: config.alerts.afterMs,
      startedAt: now(),
    },
    now,
    log,
    superviseSeconds,
    answerMs: jobAnswerMs,
    tracing,
  });
  metrics.watchQueues(() => jobs.depths());
  metrics.watchOwedTickets(() => sync.owed());
  closers.push(() => jobs.stop(config.shutdownGraceMs));
  await jobs.start();

  const observeLag = (
    operation: OperationName,
    { occurred_at: occurredAt }: { readonly occurred_at?: string | null },
  ) => {
    const happenedAt = readInstant(occurredAt ?? "");
    if (!happenedAt) return;
    metrics.observeLag(operation, (now().getTime() - happenedAt.getTime()) / 1000);
  };
  const actionLog = createActionLog({ pool, now, log, onDropped: metrics.countLogDropped });
  closers.push(() => actionLog.close());
  const { credentials } = config.callers;
  const flowWatch = createFlowWatch({ db, now, log, credentials });
  closers.push(() => flowWatch.close());
  const admin = createAdministration({
    config,
    db: database.db,
    clocks,
    remotes,
    cases,
    webhooks,
    clock,
    queues: () => jobs.depths(),
    budget: () => metrics.budgetLeft(),
    redis,
    pingDatabase: database.ping,
    lastSweep: sync.last,
    owedTickets: sync.owed,
  });

  return {
    db: database.db,
    jobs,
    admin,
    sweeps: sync.routes,
    actionLog,
    flowWatch,
    preflight: () => preflight({ signIns: Object.values(remotes.signIn), log }),
    log,
    newId: clocks.newId,
    identify: createIdentify(credentials, config.callers.apiKeyHeader),
    apiKeyHeader: config.callers.apiKeyHeader,
    rateLimitPerMinute: config.rateLimitPerMinute,
    isMonitoredApart: config.monitoringPort !== undefined,
    trustedProxies: config.trustedProxies,
    redis,
    metrics,
    tracing,
    pingDatabase: database.ping,
    probes: [
      { name: "jobs", isNeeded: true, ping: () => jobs.openCount() },
      ...(redis ? [{ name: "redis", isNeeded: false, ping: () => pingRedis(redis) }] : []),
    ],
    runOnce,
    // An agent looks at the ticket meanwhile.
    reads: {
      "resolve-case": (request, context) => resolve(request, { ...context, priority: "agent" }),
    },
    writes: {
      "capture-conversation": (request, context) => {
        observeLag("capture-conversation", request);
        return prepareCapture(
          {
            zendesk,
            noteReading,
            now,
            enqueueCapture: (trx, job, afterSeconds) =>
              jobs.enqueue(trx, "finish-capture", job, afterSeconds),
          },
          request,
          context,
        );
      },
      "annotate-ticket": (request, context) => {
        observeLag("annotate-ticket", request);
        return annotate(request, context);
      },
      "record-assignment": (request, context) => {
        observeLag("record-assignment", request);
        return recordAssignment({ now }, request, context);
      },
      "merge-conversation": (request, context) => mergeConversation({ now }, request, context),
      "apply-settings": (request, context) => applySettings({ now }, request, context),
      "request-link": async (request, context) =>
        requestLink(
          {
            canAskForLinks: (await webhooks.caseLink(context.account)) !== undefined,
            enqueueLink: (trx, job) => jobs.enqueue(trx, "resolve-and-link", job),
            now,
          },
          request,
          context,
        ),
    },
  };
}

async function pingRedis(redis: Redis): Promise<void> {
  if ((await redis.attempt((commands) => commands.ping())) === undefined) {
    throw new Error("Redis does not answer");
  }
}

function createResolve(
  config: Config,
  found: Pick<ResolveCaseDeps, "zendesk" | "cases" | "settings">,
): ResolveCase<ResolvedCase> {
  const defaults = { ...config.matching, matchOrder: DEFAULT_SETTINGS.match_order };
  return (request, context) => resolveCase({ ...found, defaults }, request, context);
}
