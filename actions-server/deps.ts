/** Puts the server together: the platform, the remote systems, the subjects, and what the HTTP server needs of them. */
import type { Kysely } from "kysely";
import type { AppDeps } from "./app.ts";
import type { Config } from "./config/config.ts";
import { preflight } from "./config/preflight.ts";
import { createModules } from "./modules.ts";
import { openPlatform, type Overrides } from "./open-platform.ts";
import { createRemotes } from "./remotes.ts";
import { upkeepWorkers } from "./upkeep.ts";
import { OPERATIONS } from "#contract/actions/operations";
import { ROUTES } from "#contract/routes";
import { within } from "#platform/deadline";
import type { Database } from "#platform/db/schema";
import { createIdentify } from "#platform/http/auth";
import type { Jobs } from "#platform/jobs/queue";
import { createLog } from "#platform/log";
import { mergeHandlers } from "#platform/module";
import type { Redis } from "#platform/redis/connection";
import type { ActionLog } from "#subjects/activity-log/action-log";
import type { FlowWatch } from "#subjects/flow-watch/flow-watch";

export interface Deps extends AppDeps {
  readonly actionLog: ActionLog;
  readonly flowWatch: FlowWatch;
  readonly db: Kysely<Database>;
  readonly jobs: Jobs;
  /** Throws a PreflightError when a platform refuses what the server needs. */
  readonly preflight: () => Promise<void>;
}

/** Time beyond the grace for jobs: for one part to close, and for all of them. */
const PART_MS = 2_000;
const CLOSE_MS = 10_000;

/**
 * Opens everything that the server needs, migrated and with its jobs running. `close` stops it in reverse order, within ten
 * seconds more than the grace for jobs, and may be called twice; stop the HTTP server first.
 */
export async function createDeps(
  config: Config,
  overrides: Overrides = {},
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
    const platform = await openPlatform(config, overrides, log, closers);
    const remotes = createRemotes({ config, ...platform });
    const modules = createModules(config, platform, remotes);
    const { jobs, store, now, metrics } = platform;
    metrics.watchQueues(jobs.depths);
    metrics.watchOwedTickets(modules.sweeps.owed);
    const workers = modules.all.flatMap((one) => one.workers ?? []);
    await jobs.start([...workers, ...upkeepWorkers(store, modules.all, now)]);
    for (const { close: closeModule } of modules.all) if (closeModule) closers.push(closeModule);
    const { redis, pingDatabase } = platform;
    const { callers, rateLimitPerMinute, monitoringPort, trustedProxies } = config;
    const deps: Deps = {
      ...platform,
      administration: {
        sessionPage: modules.access.sessionPage,
        routes: mergeHandlers("routes", modules.all, ROUTES),
      },
      actionLog: modules.activityLog.actionLog,
      flowWatch: modules.flowWatch.flowWatch,
      preflight: () => preflight({ signIns: Object.values(remotes.signIn), log }),
      identify: createIdentify(callers.credentials, callers.apiKeyHeader),
      apiKeyHeader: callers.apiKeyHeader,
      rateLimitPerMinute,
      isMonitoredApart: monitoringPort !== undefined,
      trustedProxies,
      pingDatabase,
      probes: [
        { name: "jobs", isNeeded: true, ping: () => jobs.openCount() },
        ...(redis ? [{ name: "redis", isNeeded: false, ping: () => pingRedis(redis) }] : []),
      ],
      observers: modules.all.flatMap((one) => one.observers ?? []),
      actions: mergeHandlers("actions", modules.all, OPERATIONS),
    };
    return { deps, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function pingRedis(redis: Redis): Promise<void> {
  if ((await redis.attempt((commands) => commands.ping())) === undefined) {
    throw new Error("Redis does not answer");
  }
}
