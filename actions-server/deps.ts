/** Chooses and wires every part of the server: the only file that knows the adapters. */
import { randomUUID } from "node:crypto";
import { sql, type Kysely } from "kysely";
import type { Logger } from "pino";
import type { AppDeps } from "./app.ts";
import type { Config } from "./config.ts";
import { migrate } from "./db/migrate.ts";
import { openDatabase, type OpenDatabase } from "./db/open.ts";
import type { Database } from "./db/schema.ts";
import { createAuthenticate } from "./http/auth.ts";
import { createMetrics } from "./http/metrics.ts";
import { createPostgresStore } from "./idempotency/postgres-store.ts";
import { createRunOnce } from "./idempotency/run-once.ts";
import type { IdempotencyStore } from "./idempotency/store.ts";
import { createJobs, type Jobs } from "./jobs/queue.ts";
import { createLog } from "./log.ts";
import { createOutbound, type Outbound } from "./outbound/send.ts";
import { prepareCapture, type CaptureJob } from "./qa/capture-conversation.ts";
import { finishCapture } from "./qa/finish-capture.ts";
import { createCaseFinder } from "./salesforce/case-finder.ts";
import { createSalesforceConnection } from "./salesforce/connection.ts";
import { resolveCase } from "./salesforce/resolve-case.ts";
import { createZendeskClient } from "./zendesk/client.ts";
import { apiTokenCredentials, oauthCredentials } from "./zendesk/credentials.ts";
import { createZendeskReader, type ZendeskReader } from "./zendesk/reader.ts";

/** Every queue and what its jobs carry. */
interface JobPayloads {
  "finish-capture": CaptureJob;
  "purge-idempotency-records": object;
}

export interface Deps extends AppDeps {
  readonly db: Kysely<Database>;
  readonly jobs: Jobs<JobPayloads>;
}

/** What a test or a demonstration puts in the place of the real thing. */
export interface DepsOverrides {
  readonly log?: Logger;
  readonly wrapStore?: (store: IdempotencyStore) => IdempotencyStore;
  /** How long a claim outlives its holder. */
  readonly leaseMs?: number;
}

const PURGE_ROUNDS = 1_000;

interface Clocks {
  readonly now: () => Date;
  readonly random: () => number;
  readonly newId: () => string;
}

function createZendesk(
  { url, auth }: Config["zendesk"],
  outbound: Outbound,
  { now, random }: Clocks,
): ZendeskReader {
  const credentials =
    auth.kind === "oauth"
      ? oauthCredentials({
          origin: url,
          clientId: auth.clientId,
          clientSecret: auth.clientSecret,
          outbound,
          now,
          random,
        })
      : apiTokenCredentials(auth.email, auth.apiToken);
  return createZendeskReader(createZendeskClient({ origin: url, credentials, outbound, random }));
}

function createAppJobs(
  { db, url }: OpenDatabase,
  store: IdempotencyStore,
  zendesk: ZendeskReader,
  { now }: Clocks,
  log: Logger,
): Jobs<JobPayloads> {
  return createJobs<JobPayloads>({
    databaseUrl: url,
    log,
    definitions: {
      "finish-capture": {
        handle: (job) => finishCapture({ db, zendesk, now, log }, job),
        timeoutSeconds: 120,
        retries: 20,
        concurrency: 4,
      },
      "purge-idempotency-records": {
        handle: async () => purgeAll(store, now),
        timeoutSeconds: 600,
        retries: 2,
        concurrency: 1,
        cron: "17 * * * *",
      },
    },
  });
}

/** In batches, so that no transaction grows long. */
async function purgeAll(store: IdempotencyStore, now: () => Date): Promise<void> {
  for (let round = 0; round < PURGE_ROUNDS; round += 1) {
    if ((await store.purge(now())) === 0) return;
  }
}

/**
 * Opens everything that the server needs, migrated and with its jobs running. `close` stops it in reverse order and may
 * be called twice; stop the HTTP server first.
 */
export async function createDeps(
  config: Config,
  overrides: DepsOverrides = {},
): Promise<{ readonly deps: Deps; readonly close: () => Promise<void> }> {
  const log = overrides.log ?? createLog(config.logLevel);
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    for (const close of closers.toReversed()) {
      // One part that cannot be closed must not keep the others open.
      await close().catch((error: unknown) => log.error({ err: error }, "closing failed"));
    }
  };
  const close = () => (closing ??= closeAll());
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
    now: () => new Date(),
    // oxlint-disable-next-line no-restricted-properties -- the one place that hands randomness out
    random: Math.random,
    newId: randomUUID,
  };
  const database = await openDatabase({
    databaseUrl: config.databaseUrl?.reveal(),
    dataDir: config.dataDir,
    log,
  });
  closers.push(database.close);
  const applied = await migrate(database.db);
  if (applied.length > 0) log.info({ applied }, "the database was migrated");

  const outbound = createOutbound();
  closers.push(() => outbound.close());
  const zendesk = createZendesk(config.zendesk, outbound, clocks);
  const cases = createCaseFinder(
    createSalesforceConnection({
      ...config.salesforce,
      outbound,
      random: clocks.random,
    }),
  );
  const bareStore = createPostgresStore(database.db);
  const store = overrides.wrapStore?.(bareStore) ?? bareStore;
  const jobs = createAppJobs(database, store, zendesk, clocks, log);
  closers.push(() => jobs.stop(config.shutdownGraceMs));
  await jobs.start();

  const { leaseMs } = overrides;
  return {
    db: database.db,
    jobs,
    log,
    newId: clocks.newId,
    authenticate: createAuthenticate(config.serverTokens),
    metrics: createMetrics(),
    pingDatabase: async () => void (await sql`select 1`.execute(database.db)),
    runOnce: createRunOnce({ store, ...clocks, log, ...(leaseMs !== undefined && { leaseMs }) }),
    reads: {
      "resolve-case": (request, context) =>
        resolveCase({ zendesk, cases, defaults: config.matching }, request, context),
    },
    writes: {
      "capture-conversation": (request, context) =>
        prepareCapture(
          {
            zendesk,
            now: clocks.now,
            enqueueCapture: (trx, job) => jobs.enqueue(trx, "finish-capture", job),
          },
          request,
          context,
        ),
    },
  };
}
