/** Puts the server together: the platform, the remote systems, the subjects, and what the HTTP server needs of them. */
import type { Kysely } from "kysely";
import type { AppDeps } from "./app.ts";
import type { Config } from "./config/config.ts";
import { preflight } from "./config/preflight.ts";
import { createClosing } from "./closing.ts";
import { createModules } from "./modules.ts";
import { openPlatform, type Overrides } from "./open-platform.ts";
import { createRemotes } from "./remotes.ts";
import { upkeepWorkers } from "./upkeep.ts";
import { OPERATIONS } from "#contract/actions/operations";
import { ROUTES } from "#contract/routes";
import type { Database } from "#platform/db/schema";
import { createIdentify } from "#platform/http/auth";
import type { Jobs } from "#platform/jobs/queue";
import { createLog } from "#platform/log";
import { mergeHandlers } from "#platform/module";
import type { Redis } from "#platform/redis/connection";
import type { ActionLog } from "#subjects/action-log/write-log";
import type { FlowWatch } from "#subjects/flow-watch/flow-watch";

export interface Deps extends AppDeps {
  /** Throws a PreflightError when a platform refuses what the server needs. */
  readonly preflight: () => Promise<void>;
  /** These four are for tests and the demo, which look at what the server did. */
  readonly actionLog: ActionLog;
  readonly flowWatch: FlowWatch;
  readonly db: Kysely<Database>;
  readonly jobs: Jobs;
}

/**
 * Opens everything that the server needs, migrated and with its jobs running. `close` stops it in reverse order, within ten
 * seconds more than the grace for jobs, and may be called twice; stop the HTTP server first.
 */
export async function assembleServer(
  config: Config,
  overrides: Overrides = {},
): Promise<{ readonly deps: Deps; readonly close: () => Promise<void> }> {
  const log = overrides.log ?? createLog(config.logLevel);
  const closing = createClosing(config.shutdownGraceMs, log);
  try {
    const platform = await openPlatform(config, overrides, log, closing);
    const remotes = createRemotes({ config, ...platform });
    const modules = createModules(config, platform, remotes);
    const { all } = modules;
    // Before any job runs: an operation or a route that nobody answers ends the start.
    const actions = mergeHandlers("actions", all, OPERATIONS);
    const routes = mergeHandlers("routes", all, ROUTES);
    const { jobs, store, now, metrics, redis } = platform;
    metrics.watchQueues(jobs.depths);
    metrics.watchOwedTickets(modules.sweeps.owed);
    for (const { close } of all) if (close) closing.add(close);
    const workers = all.flatMap((one) => one.workers ?? []);
    await jobs.start([...workers, ...upkeepWorkers(all, { store, now, log })]);
    const { callers, rateLimitPerMinute, monitoringPort, trustedProxies } = config;
    const deps: Deps = {
      ...platform,
      actions,
      administration: { sessionPage: modules.access.sessionPage, routes },
      actionLog: modules.actionLog.actionLog,
      flowWatch: modules.flowWatch.flowWatch,
      preflight: () => preflight({ signIns: Object.values(remotes.signIn), log }),
      identify: createIdentify(callers.credentials, callers.apiKeyHeader),
      apiKeyHeader: callers.apiKeyHeader,
      rateLimitPerMinute,
      isMonitoredApart: monitoringPort !== undefined,
      trustedProxies,
      probes: [
        { name: "jobs", isNeeded: true, ping: () => jobs.openCount() },
        ...(redis ? [{ name: "redis", isNeeded: false, ping: () => pingRedis(redis) }] : []),
      ],
      observers: all.flatMap((one) => one.observers ?? []),
    };
    return { deps, close: closing.close };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function pingRedis(redis: Redis): Promise<void> {
  if ((await redis.attempt((commands) => commands.ping())) === undefined) {
    throw new Error("Redis does not answer");
  }
}
