/** The activity log: what was done for which ticket, for the administrators' pages. */
import type { AnsweredAction } from "#platform/http/answered-action";
import type { Module } from "#platform/module";
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import type { Health } from "#contract/routes/health";
import { purgeLog, readLag } from "./log-store.ts";
import { createActivityLogRoutes } from "./routes.ts";
import { createActionLog, type ActionLog, type ActionLogOptions } from "./action-log.ts";

export interface ActivityLogOptions extends ActionLogOptions {
  readonly db: Kysely<Database>;
}

export interface ActivityLogModule extends Module {
  readonly actionLog: ActionLog;
  /** How long after their events actions were done, over the last hour. */
  readonly lag: (account: string) => Promise<Health["lag"]>;
}

export function createActivityLog(options: ActivityLogOptions): ActivityLogModule {
  const actionLog = createActionLog(options);
  const observe = ({ account, ...answered }: AnsweredAction) => {
    if (account !== undefined) actionLog.note({ ...answered, account });
  };
  const { db, now } = options;
  return {
    actionLog,
    routes: createActivityLogRoutes(db),
    lag: (account) => readLag(db, account, now()),
    observers: [observe],
    purge: () => purgeLog(db, now()),
    close: () => actionLog.close(),
  };
}
