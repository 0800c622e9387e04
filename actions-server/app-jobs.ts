/** Every queue of the server: what its jobs carry, who does them, how often they are tried. */
import type { Logger } from "pino";
import type { InboundWebhooks } from "#subjects/zis-webhooks/inbound-webhooks";
import { purgeLog } from "#subjects/activity-log/log-store";
import { purgeSessions } from "#subjects/access/sessions";
import { syncAllSettings } from "#subjects/settings/sync-settings";
import type { OpenDatabase } from "#platform/db/open";
import type { IdempotencyStore } from "#platform/idempotency/store";
import { createJobs, type Jobs } from "#platform/jobs/queue";
import type { LinkJob } from "#subjects/cases/request-link";
import { resolveAndLink, type ResolveAndLinkDeps } from "#subjects/cases/resolve-and-link";
import { tellAgents, type TellAgentsDeps } from "#subjects/cases/tell-agents";
import type { CaptureJob } from "#subjects/conversations/capture-conversation";
import { finishCapture } from "#subjects/conversations/finish-capture";
import type { NoteReading } from "#subjects/conversations/note-reading";
import type { ResolveCase } from "#subjects/cases/resolve-case";
import type { CurrentSettings } from "#subjects/settings/current";
import type { SweepJob, Sync } from "#subjects/sweep/create-sweeps";
import type { Tracing } from "#platform/tracing/tracing";
import { createWebhookReceipts } from "#subjects/signed-webhooks/receipts";
import { alertOfSilence } from "#subjects/flow-watch/alert-of-silence";
import type { Notify } from "#subjects/flow-watch/notify";
import { purgeTestEvents } from "#subjects/flow-watch/test-events";
import type { ZendeskReader } from "#remotes/zendesk/reader";

/** By queue. */
export interface JobPayloads {
  "finish-capture": CaptureJob;
  "resolve-and-link": LinkJob;
  "purge-idempotency-records": object;
  "purge-webhook-receipts": object;
  "purge-administration": object;
  sweep: SweepJob;
  "schedule-sweeps": object;
  "sync-settings": object;
  "watch-flows": object;
}

const PURGE_ROUNDS = 1_000;
/** Pauses grow to ten minutes (jobs/queue.ts): this many last about a day. */
const RETRIES_OF_A_DAY = 150;

interface JobParts {
  readonly database: OpenDatabase;
  readonly store: IdempotencyStore;
  readonly zendesk: ZendeskReader;
  readonly resolve: ResolveCase;
  readonly webhooks: InboundWebhooks;
  /** Called when a job runs: it makes jobs itself. */
  readonly sync: () => Sync;
  readonly settings: CurrentSettings;
  readonly noteReading: NoteReading;
  readonly annotate: TellAgentsDeps["annotate"];
  readonly alerts: {
    readonly notify: Notify;
    readonly afterMs: number;
    readonly startedAt: Date;
  };
  readonly now: () => Date;
  readonly log: Logger;
  readonly superviseSeconds: number | undefined;
  readonly answerMs: number | undefined;
  readonly tracing: Tracing | undefined;
}

export function createAppJobs(parts: JobParts): Jobs<JobPayloads> {
  const { store, zendesk, resolve, webhooks, sync, settings, annotate, now, log } = parts;
  const { alerts, superviseSeconds, answerMs, tracing, noteReading } = parts;
  const { db, url } = parts.database;
  return createJobs<JobPayloads>({
    databaseUrl: url,
    log,
    tracing,
    answerMs,
    ...(superviseSeconds !== undefined && { superviseSeconds }),
    definitions: {
      "finish-capture": {
        handle: (job) => finishCapture({ db, zendesk, noteReading, now, log }, job),
        timeoutSeconds: 120,
        retries: 20,
        concurrency: 4,
      },
      "resolve-and-link": {
        handle: async (job) => {
          const webhook = await webhooks.caseLink(job.account);
          const tell: ResolveAndLinkDeps["tellAgents"] = (...found) =>
            tellAgents({ settings, annotate, log }, ...found);
          await resolveAndLink({ resolve, webhook, tellAgents: tell, now, log }, job);
        },
        timeoutSeconds: 120,
        retries: RETRIES_OF_A_DAY,
        concurrency: 4,
      },
      "purge-idempotency-records": {
        handle: async () => purgeAll(store, now),
        timeoutSeconds: 600,
        retries: 2,
        concurrency: 1,
        cron: "17 * * * *",
      },
      "purge-webhook-receipts": {
        handle: async () => void (await createWebhookReceipts({ db, now }).purge()),
        timeoutSeconds: 600,
        retries: 2,
        concurrency: 1,
        cron: "27 * * * *",
      },
      "purge-administration": {
        handle: async () => {
          await purgeSessions(db, now());
          await purgeLog(db, now());
          await purgeTestEvents(db, now());
        },
        timeoutSeconds: 600,
        retries: 2,
        concurrency: 1,
        cron: "37 * * * *",
      },
      sweep: {
        handle: (job) => sync().run(job),
        timeoutSeconds: 1_200,
        retries: RETRIES_OF_A_DAY,
        concurrency: 2,
      },
      "schedule-sweeps": {
        handle: () => sync().runHourly(),
        timeoutSeconds: 60,
        retries: 2,
        concurrency: 1,
        cron: "7 * * * *",
      },
      "sync-settings": {
        handle: () => syncAllSettings({ db, webhooks, now, log }),
        timeoutSeconds: 1_200,
        retries: 5,
        concurrency: 1,
        cron: "2 * * * *",
      },
      "watch-flows": {
        handle: () => alertOfSilence({ db, now, log, ...alerts }),
        timeoutSeconds: 120,
        retries: 2,
        concurrency: 1,
        cron: "*/5 * * * *",
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
