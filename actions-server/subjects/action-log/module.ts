/** The action log: what was done for which ticket, for the administrators' pages. */
import type { AnsweredAction } from "#platform/http/answered-action";
import type { Module } from "#platform/module";
import type { Kysely } from "kysely";
import type { Database } from "#platform/db/schema";
import type { Health } from "#contract/routes/health";
import { purgeLog, readLag } from "./read-log.ts";
import { createActionLogRoutes } from "./routes.ts";
import { createActionLog, type ActionLog, type ActionLogOptions } from "./write-log.ts";

export interface ActionLogModuleOptions extends ActionLogOptions {
  readonly db: Kysely<Database>;
}

export interface ActionLogModule extends Module {
  readonly actionLog: ActionLog;
  /** How long after their events the actions were done, over the last hour. */
  readonly lag: (account: string) => Promise<Health["lag"]>;
}

export function createActionLogModule(options: ActionLogModuleOptions): ActionLogModule {
  const actionLog = createActionLog(options);
  const observe = ({ account, ...answered }: AnsweredAction) => {
    if (account !== undefined) actionLog.note({ ...answered, account });
  };
  const { db, now } = options;
  return {
    actionLog,
    routes: createActionLogRoutes(db),
    lag: (account) => readLag(db, account, now()),
    observers: [observe],
    purge: () => purgeLog(db, now()),
    close: () => actionLog.close(),
  };
}
