/** Plans, begins and stops a first load, and says how far it is. */
import type { Kysely, Transaction } from "kysely";
import type { SyncPlan, SyncStatus } from "#contract/routes/sync";
import type { Settings } from "#contract/settings/settings";
import type { Database } from "#platform/db/schema";
import { BACKFILL_PART } from "#platform/outbound/budget";
import { ACCOUNT_LIMIT } from "#platform/outbound/limit-headers";
import type { LimitMemory } from "#platform/outbound/limit-memory";
import type { RemoteCall } from "#platform/outbound/send";
import { createReadChanged } from "#remotes/zendesk/changed-tickets";
import type { ZendeskClient } from "#remotes/zendesk/client";
import { createZendeskCounts } from "#remotes/zendesk/counts";
import type { HeaderStore } from "./load-page.ts";
import { readLoadStatus, type WantedMessages } from "./load-status.ts";
import { hasLoadToGoOn, startLoad, stopLoad } from "./load-store.ts";
import { planLoad, planWindows, type PlanDeps } from "./plan-load.ts";
import { ZENDESK_BEGAN } from "./windows.ts";

export interface FirstLoadOptions {
  readonly db: Kysely<Database>;
  readonly client: ZendeskClient;
  /** Undefined: none were taken over. */
  readonly settingsOf: (account: string) => Promise<Settings | undefined>;
  /** What Zendesk said of its limits, and the part of them that we may use. */
  readonly limits: Omit<LimitMemory, "outbound"> & { readonly share: number };
  readonly conversations: HeaderStore & {
    readonly countWanted: (account: string) => Promise<WantedMessages>;
  };
  readonly now: () => Date;
  readonly newId: () => string;
}

export interface FirstLoad {
  /** Durable when it resolves. `since`: undefined: all. Throws ZENDESK_ errors. */
  readonly start: (account: string, since: Date | undefined, call: RemoteCall) => Promise<void>;
  /** Begins nothing. Throws ZENDESK_ errors. */
  readonly plan: (account: string, since: Date | undefined, call: RemoteCall) => Promise<SyncPlan>;
  readonly stop: (account: string) => Promise<void>;
  readonly status: (account: string) => Promise<SyncStatus>;
}

/** The limit of the export, as the header names it, and the least that plans have (API reference, "Rate limits"). */
const EXPORT_LIMIT = "incremental-exports";
const LEAST_EXPORT_LIMIT = 10;
const LEAST_ACCOUNT_LIMIT = 200;

export function createFirstLoad(
  { db, client, settingsOf, limits, conversations, now, newId }: FirstLoadOptions,
  enqueueSweep: (trx: Transaction<Database>, account: string) => Promise<void>,
): FirstLoad {
  const planning: PlanDeps = {
    counts: createZendeskCounts(client),
    readChanged: createReadChanged(client),
    settings: settingsOf,
    limits: () => {
      const account = limits.limitOf(ACCOUNT_LIMIT) ?? LEAST_ACCOUNT_LIMIT;
      const exports = limits.limitOf(EXPORT_LIMIT) ?? LEAST_EXPORT_LIMIT;
      const ours = {
        account: account * limits.share * BACKFILL_PART,
        exports: exports * limits.share,
      };
      return { whole: { account, exports }, ours };
    },
  };

  const spanOf = (since: Date | undefined) => ({
    from: new Date(Math.max(since?.getTime() ?? 0, ZENDESK_BEGAN.getTime())),
    before: now(),
  });

  async function start(account: string, since: Date | undefined, call: RemoteCall): Promise<void> {
    const windows = (await hasLoadToGoOn(db, account, since))
      ? []
      : await planWindows(planning, spanOf(since), call);
    await db.transaction().execute(async (trx) => {
      await startLoad(trx, { account, now: now(), newId, since, windows });
      // Of one that runs too: its job may have been given up.
      await enqueueSweep(trx, account);
    });
  }

  async function status(account: string) {
    const wanted = await conversations.countWanted(account);
    const calls = limits.callsInLastMinute();
    return readLoadStatus(db, account, { wanted, calls, limits: planning.limits().ours });
  }

  return {
    start,
    plan: (account, since, call) => planLoad(planning, account, spanOf(since), call),
    stop: (account) => stopLoad(db, account, { now: now() }),
    status,
  };
}
