/** Chooses and wires every part of the server: the only file that knows the adapters. */
import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Logger } from "pino";
import { createActionLog, type ActionLog } from "#subjects/activity-log/action-log";
import { createAdministration, createWebhooks, type Administration } from "./administration.ts";
import { annotateTicket } from "#subjects/cases/annotate-ticket";
import type { AppDeps } from "./app.ts";
import { createAppJobs, type JobPayloads } from "./app-jobs.ts";
import type { Config } from "./config/config.ts";
import { within } from "#platform/deadline";
import type { OperationName } from "#contract/actions/operations";
import { DEFAULT_SETTINGS } from "#contract/settings/settings";
import { migrateAt } from "#platform/db/migrate";
import { openDatabase } from "#platform/db/open";
import type { Database } from "#platform/db/schema";
import { createIdentify } from "#platform/http/auth";
import { createMetrics } from "#platform/metrics/metrics";
import { countLostLeases, measureWaits } from "#platform/metrics/count-idempotency";
import { nearestFirst } from "#platform/idempotency/hot-answers";
import { createMemoryAnswers } from "#platform/idempotency/memory-answers";
import { createPostgresStore } from "#platform/idempotency/postgres-store";
import { createRedisAnswers } from "#platform/idempotency/redis-answers";
import { createRunOnce } from "#platform/idempotency/run-once";
import type { IdempotencyStore } from "#platform/idempotency/store";
import { createWakeUps } from "#platform/idempotency/wake-ups";
import type { Jobs } from "#platform/jobs/queue";
import { requestLink } from "#subjects/cases/request-link";
import type { TellAgentsDeps } from "#subjects/cases/tell-agents";
import { readInstant } from "#contract/instant";
import { createLog } from "#platform/log";
import { watchClockSkew } from "#platform/outbound/clock-skew";
import { createOutbound, type Outbound } from "#platform/outbound/send";
import { recordAssignment } from "#subjects/conversations/assignments";
import { prepareCapture } from "#subjects/conversations/capture-conversation";
import { createNoteReading } from "#subjects/conversations/note-reading";
import { mergeConversation } from "#subjects/conversations/merge";
import { createRedis, type Redis } from "#platform/redis/connection";
import { preflight } from "./config/preflight.ts";
import { createRemotes } from "./remotes.ts";
import { createCaseFinder } from "#remotes/salesforce/case-finder";
import {
  resolveCase,
  type ResolveCase,
  type ResolveCaseDeps,
  type ResolvedCase,
} from "#subjects/cases/resolve-case";
import { applySettings } from "#subjects/settings/apply-settings";
import { createCurrentSettings } from "#subjects/settings/current";
import { readSettingsInForce } from "#subjects/settings/history";
import { rememberingResolve } from "#subjects/cases/case-lookups";
import { createSync, type Sync } from "#subjects/sweep/create-sweeps";
import { traceOutbound } from "#platform/tracing/trace-outbound";
import { traceStore } from "#platform/tracing/trace-store";
import { createTracing } from "#platform/tracing/tracing";
import { createFlowWatch, type FlowWatch } from "#subjects/flow-watch/flow-watch";
import { createNotify } from "#subjects/flow-watch/notify";
import { createFindNote } from "#remotes/zendesk/comment-search";
import { createZendeskReader } from "#remotes/zendesk/reader";
import { createZendeskWriter } from "#remotes/zendesk/writer";

export interface Deps extends AppDeps {
  readonly administration: Administration;
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
  const administration = createAdministration({
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
    sweeps: sync,
  });

  return {
    db: database.db,
    jobs,
    administration,
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
