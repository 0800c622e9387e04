/** Whether flows still reach the server: records who calls, reports it in the health, and alerts people when flows fall silent. */
import type { Kysely } from "kysely";
import type { AnsweredAction } from "#platform/http/answered-action";
import { readShown } from "#platform/http/auth";
import { hashSecret, type Credential } from "#platform/http/callers";
import type { Database } from "#platform/db/schema";
import type { Check } from "#platform/health/check";
import { worker, type Queue } from "#platform/jobs/queue";
import type { Log } from "#platform/log";
import type { Module } from "#platform/module";
import type { RemoteCall } from "#platform/outbound/send";
import { alertOfSilence } from "./alert-of-silence.ts";
import { createFlowWatch, type FlowWatch } from "./flow-watch.ts";
import { judgeFlows, judgeRefused, judgeTestEvent } from "./judge-flows.ts";
import { createFlowWatchRoutes } from "./routes.ts";
import type { Notify } from "./notify.ts";
import { askTestEvent, purgeTestEvents, type TestEventWebhook } from "./test-events.ts";
import { readFlows, type WatchedFlows } from "./watch-store.ts";

export interface FlowWatchOptions {
  readonly db: Kysely<Database>;
  /** Of SERVER_TOKENS. */
  readonly credentials: readonly Credential[];
  /** In lower case. */
  readonly apiKeyHeader: string;
  readonly notify: Notify;
  /** Undefined: the account has not stored a webhook. */
  readonly settingsSync: (account: string) => Promise<TestEventWebhook | undefined>;
  /** How long flows may be silent before that counts as a fault. */
  readonly silenceMs: number;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly log: Log;
}

export interface FlowWatchModule extends Module {
  readonly flowWatch: FlowWatch;
  /**
   * Starts settings_sync, and watches for it to come back. The same id is the same event; without a webhook nothing is
   * done. Throws ZENDESK_ errors.
   */
  readonly askTestEvent: (
    event: { readonly account: string; readonly id: string },
    call: RemoteCall,
  ) => Promise<void>;
  readonly flows: (account: string) => Promise<WatchedFlows>;
}

const WATCH_FLOWS: Queue<object> = {
  name: "watch-flows",
  timeoutSeconds: 120,
  retries: 2,
  concurrency: 1,
  cron: "*/5 * * * *",
};

/** A stranger over the limit gets 429 before its credential is recorded. */
const REFUSED = new Set([401, 429]);

export function createFlowWatchModule(options: FlowWatchOptions): FlowWatchModule {
  const { db, credentials, notify, silenceMs: afterMs, now, log } = options;
  const flowWatch = createFlowWatch({ db, now, log, credentials });
  const startedAt = now();
  return {
    flowWatch,
    observers: [(answered) => observe(flowWatch, options.apiKeyHeader, answered)],
    workers: [
      worker(WATCH_FLOWS, () => alertOfSilence({ db, notify, afterMs, startedAt, now, log })),
    ],
    healthChecks: flowChecks(options),
    routes: createFlowWatchRoutes(options),
    async askTestEvent(event, call) {
      const webhook = await options.settingsSync(event.account);
      if (webhook) await askTestEvent({ db, now, webhook }, event, call);
    },
    flows: (account) => readFlows(db, account),
    purge: () => purgeTestEvents(db, now()),
    close: () => flowWatch.close(),
  };
}

function observe(flowWatch: FlowWatch, apiKeyHeader: string, answered: AnsweredAction): void {
  const { account, operation, eventKey, result, headers } = answered;
  if (account !== undefined) {
    flowWatch.heard({ account, operation, eventKey, result });
    return;
  }
  if (result.kind !== "failed" || !REFUSED.has(result.error.status)) return;
  const shown = readShown(headers, apiKeyHeader);
  flowWatch.refused({ kind: shown?.kind ?? "none", sha256: shown && hashSecret(shown.secret) });
}

/** Whether what is installed in Zendesk reaches this server. */
function flowChecks({ db, silenceMs, now }: FlowWatchOptions): Check[] {
  const flows = sharedReading((account) => readFlows(db, account));
  return [
    {
      name: "flows",
      run: async (_deadline, account) => judgeFlows(await flows(account), now(), silenceMs),
    },
    {
      name: "refused_flows",
      run: async (_deadline, account) => judgeRefused(await flows(account), now()),
    },
    {
      name: "test_event",
      async run(_deadline, account) {
        const { last_test_event: event, paused } = await flows(account);
        return judgeTestEvent(event, paused, now());
      },
    },
  ];
}

/** Checks run at the same time: those that ask while an account is being read get the result of that read. */
function sharedReading<T>(read: (account: string) => Promise<T>): (account: string) => Promise<T> {
  const reads = new Map<string, Promise<T>>();
  return (account) => {
    const running = reads.get(account);
    if (running) return running;
    const started = read(account).finally(() => reads.delete(account));
    reads.set(account, started);
    return started;
  };
}
