/** The sweep: repairs tickets whose events were missed. */
import type { Kysely } from "kysely";
import type { Health } from "#contract/routes/health";
import type { SWEEP_ROUTES, SweepReport, SweepRequest } from "#contract/routes/sweep";
import type { SYNC_ROUTES } from "#contract/routes/sync";
import type { Database } from "#platform/db/schema";
import { AppError } from "#platform/errors";
import type { RouteHandlers } from "#platform/http/json-routes";
import { isFarAhead } from "#contract/instant";
import { RETRIES_OF_A_DAY, worker, type Jobs, type Queue } from "#platform/jobs/queue";
import type { Module } from "#platform/module";
import type { ZendeskReader } from "#remotes/zendesk/reader";
import type { Settings } from "#contract/settings/settings";
import { createReadChanged } from "#remotes/zendesk/changed-tickets";
import { createFirstLoad, type FirstLoadOptions } from "./first-load.ts";
import { FIRST_LOAD } from "./load-store.ts";
import { createReadRestorable } from "#remotes/zendesk/deleted-tickets";
import { countOwed, purgeOwed } from "./owed-tickets.ts";
import { runSweeps } from "./run-sweeps.ts";
import { createSweepActions, type SweepActionOptions } from "./sweep-actions.ts";
import { readSweeps } from "./sweep-reports.ts";
import { createSweepRoutes } from "./routes.ts";
import { purgeSweeps, takeSweep } from "./sweep-store.ts";
import { createSyncRoutes } from "./sync-routes.ts";

export interface SweepJob {
  readonly account: string;
}

export const SWEEP: Queue<SweepJob> = {
  name: "sweep",
  timeoutSeconds: 1_200,
  retries: RETRIES_OF_A_DAY,
  concurrency: 2,
};

const SCHEDULE_SWEEPS: Queue<object> = {
  name: "schedule-sweeps",
  timeoutSeconds: 60,
  retries: 2,
  concurrency: 1,
  cron: "7 * * * *",
};

export interface SweepModule extends Module {
  readonly routes: RouteHandlers<typeof SWEEP_ROUTES & typeof SYNC_ROUTES>;
  /** The job of each hour: a sweep for every account that has settings; one that got stuck goes on. */
  readonly runHourly: () => Promise<void>;
  readonly last: (account: string) => Promise<Health["last_sweep"]>;
  /** How many tickets the next sweep asks for again, of one account or of all. */
  readonly owed: (account?: string) => Promise<number>;
}

export interface SweepOptions extends SweepActionOptions, FirstLoadOptions {
  readonly db: Kysely<Database>;
  readonly zendesk: Pick<ZendeskReader, "ticket">;
  /** Undefined: none were taken over. */
  readonly settingsOf: (account: string) => Promise<Settings | undefined>;
  readonly jobs: Pick<Jobs, "enqueue">;
}

export function createSweeps(options: SweepOptions): SweepModule {
  const { db, client, zendesk, settingsOf, jobs, conversations, now, newId, log } = options;

  const enqueueSweep = (account: string, afterSeconds: number) =>
    db.transaction().execute((trx) => jobs.enqueue(trx, SWEEP, { account }, afterSeconds));

  async function request(account: string, wanted: SweepRequest) {
    if (wanted.since !== undefined && isFarAhead(new Date(wanted.since), now())) {
      throw new AppError("BAD_REQUEST", "body.since is more than a day in the future");
    }
    const id = await db.transaction().execute(async (trx) => {
      const taken = await takeSweep(trx, { account, id: newId(), now: now(), request: wanted });
      // Of one that waits or runs too: its job may have been given up.
      await jobs.enqueue(trx, SWEEP, { account });
      return taken;
    });
    const [report] = await readSweeps(db, account, { id });
    if (!report) throw new Error("a sweep that was asked for is not stored");
    return report;
  }

  async function run({ account }: SweepJob): Promise<void> {
    const goOnMs = await runSweeps(deps, account);
    if (goOnMs !== undefined) await enqueueSweep(account, Math.ceil(goOnMs / 1000));
  }

  async function runHourly(): Promise<void> {
    await purgeSweeps(db, now());
    await purgeOwed(db, now());
    const rows = await db.selectFrom("settings_history").select("account_id").distinct().execute();
    for (const { account_id: account } of rows) {
      await request(account, { reason: "hourly" });
      const { left } = await conversations.countWanted(account);
      if (left === 0) continue;
      await db.transaction().execute((trx) => conversations.askForMessages(trx, account));
    }
  }

  const deps = {
    db,
    conversations,
    readChanged: createReadChanged(client),
    readRestorable: createReadRestorable(client),
    readTicket: zendesk.ticket,
    settings: settingsOf,
    actionsOf: (account: string) => createSweepActions(options, account),
    now,
    log,
  };
  return {
    routes: {
      ...createSweepRoutes({ db, request }),
      ...createSyncRoutes({
        ...createFirstLoad(options, (trx, account) => jobs.enqueue(trx, SWEEP, { account })),
        now,
      }),
    },
    workers: [worker(SWEEP, run), worker(SCHEDULE_SWEEPS, runHourly)],
    runHourly,
    owed: (account) => countOwed(db, account),
    async last(account) {
      const [newest] = await db
        .selectFrom("sweeps")
        .select(["id", "state", "finished_at", "waits_until"])
        .where("account_id", "=", account)
        .where("reason", "<>", FIRST_LOAD)
        .orderBy("serial", "desc")
        .limit(1)
        .execute();
      if (!newest) return null;
      const { id, state, finished_at, waits_until } = newest;
      return {
        id,
        state: state as SweepReport["state"],
        finished_at: finished_at?.toISOString() ?? null,
        waits_until: state === "running" ? (waits_until?.toISOString() ?? null) : null,
      };
    },
  };
}
